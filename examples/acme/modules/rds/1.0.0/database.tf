locals {
  port          = 5432
  database_name = replace(var.name, "-", "_")
}

# A name of its own for each family: an upgrade needs the old group and the new one at the same time.
resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.name}-postgres${var.postgres_version}-"
  description = "The database ${var.name}"
  family      = "postgres${var.postgres_version}"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  parameter {
    name  = "log_statement"
    value = "ddl"
  }

  parameter {
    name  = "log_min_duration_statement"
    value = tostring(var.slow_query_ms)
  }

  parameter {
    name         = "max_connections"
    value        = tostring(var.max_connections)
    apply_method = "pending-reboot"
  }

  tags = {
    Name = var.name
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "this" {
  identifier     = var.name
  engine         = "postgres"
  engine_version = var.postgres_version
  instance_class = var.instance_class
  multi_az       = var.multi_az

  db_name                             = local.database_name
  username                            = "dbadmin"
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = aws_kms_key.this.arn
  iam_database_authentication_enabled = true

  storage_type          = "gp3"
  allocated_storage     = var.allocated_storage_gib
  max_allocated_storage = var.max_allocated_storage_gib
  storage_encrypted     = true
  kms_key_id            = aws_kms_key.this.arn

  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.database.id]
  port                   = local.port
  publicly_accessible    = false
  parameter_group_name   = aws_db_parameter_group.this.name

  backup_retention_period  = var.backup_retention_days
  backup_window            = var.backup_window
  copy_tags_to_snapshot    = true
  deletion_protection      = var.deletion_protection
  delete_automated_backups = !var.final_snapshot
  skip_final_snapshot      = !var.final_snapshot
  # The key's id tells this database from an earlier one of the same name, whose last snapshot is still there.
  final_snapshot_identifier = "${var.name}-final-${substr(aws_kms_key.this.key_id, 0, 8)}"

  snapshot_identifier = var.snapshot_identifier

  maintenance_window          = var.maintenance_window
  auto_minor_version_upgrade  = true
  allow_major_version_upgrade = var.allow_major_version_upgrade
  apply_immediately           = var.apply_immediately

  performance_insights_enabled          = true
  performance_insights_kms_key_id       = aws_kms_key.this.arn
  performance_insights_retention_period = 7
  monitoring_interval                   = 60
  monitoring_role_arn                   = aws_iam_role.monitoring.arn
  enabled_cloudwatch_logs_exports       = keys(local.log_groups)

  tags = {
    Name = var.name
  }

  lifecycle {
    # Both say what a new database starts with: a change of them alone must not replace the one that is there.
    ignore_changes = [db_name, snapshot_identifier]
  }

  depends_on = [
    aws_cloudwatch_log_group.this,
    aws_iam_role_policy_attachment.monitoring,
  ]
}
