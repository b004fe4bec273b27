locals {
  port = 6379
  # valkey7, valkey8, redis7
  family = "${var.engine}${split(".", var.engine_version)[0]}"
  # ElastiCache numbers the nodes itself, from 001.
  node_ids = [for number in range(1, var.nodes + 1) : format("%s-%03d", var.name, number)]
}

resource "aws_elasticache_parameter_group" "this" {
  # The family in the name: an upgrade needs the old group and the new one at the same time.
  name        = "${var.name}-${local.family}"
  description = "The cache ${var.name}"
  family      = local.family

  parameter {
    name  = "maxmemory-policy"
    value = var.maxmemory_policy
  }

  tags = {
    Name = var.name
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = var.name
  description          = "The cache ${var.name}"
  engine               = var.engine
  engine_version       = var.engine_version
  node_type            = var.node_type
  parameter_group_name = aws_elasticache_parameter_group.this.name

  num_cache_clusters         = var.nodes
  multi_az_enabled           = var.multi_az
  automatic_failover_enabled = var.multi_az

  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.this.arn
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  user_group_ids             = [aws_elasticache_user_group.this.user_group_id]

  subnet_group_name  = aws_elasticache_subnet_group.this.name
  security_group_ids = [aws_security_group.cache.id]
  port               = local.port

  snapshot_retention_limit = var.snapshot_retention_days
  snapshot_window          = var.snapshot_window
  snapshot_name            = var.snapshot_name
  # The key's id tells this cache from an earlier one of the same name, whose last snapshot is still there.
  final_snapshot_identifier = var.final_snapshot ? "${var.name}-final-${substr(aws_kms_key.this.key_id, 0, 8)}" : null

  maintenance_window         = var.maintenance_window
  auto_minor_version_upgrade = true
  apply_immediately          = var.apply_immediately

  dynamic "log_delivery_configuration" {
    for_each = aws_cloudwatch_log_group.this

    content {
      destination      = log_delivery_configuration.value.name
      destination_type = "cloudwatch-logs"
      log_format       = "json"
      log_type         = log_delivery_configuration.key
    }
  }

  tags = {
    Name = var.name
  }

  lifecycle {
    # Says what a new cache is filled from: a change of it alone must not replace the one that is there.
    ignore_changes = [snapshot_name]
  }
}
