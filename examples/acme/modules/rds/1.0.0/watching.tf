locals {
  log_groups = { for log in ["postgresql", "upgrade"] : log => "/aws/rds/instance/${var.name}/${log}" }
  # Built here rather than read from the groups: the key's policy names them, and they need the key.
  log_group_arns = {
    for log, group in local.log_groups : log => "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${group}"
  }
  # Role names are global to the account and end at 64 characters.
  monitoring_role = "rds-monitoring-${local.region}-${substr(sha256(var.name), 0, 8)}"
}

# RDS would make them itself, unencrypted and kept for ever.
resource "aws_cloudwatch_log_group" "this" {
  for_each = local.log_groups

  name              = each.value
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.this.arn

  tags = {
    Name = "rds-${var.name}-${each.key}"
  }
}

resource "aws_iam_role" "monitoring" {
  name        = local.monitoring_role
  description = "Enhanced monitoring of the database ${var.name}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "monitoring.rds.amazonaws.com" }
      Action    = "sts:AssumeRole"
      # Without these, RDS could be made to use the role for a database of any account.
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnLike      = { "aws:SourceArn" = "arn:${local.partition}:rds:${local.region}:${local.account}:db:${var.name}" }
      }
    }]
  })

  tags = {
    Name = "rds-${var.name}-monitoring"
  }
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  role       = aws_iam_role.monitoring.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}
