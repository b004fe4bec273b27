module "rds" {
  source = "../../../../modules/rds/1.0.0"

  name   = "orders"
  vpc_id = local.account.network.vpc_id

  postgres_version = "17"

  instance_class            = "db.t4g.small"
  allocated_storage_gib     = 20
  max_allocated_storage_gib = 100
  max_connections           = 150

  multi_az              = false
  backup_retention_days = 7
  deletion_protection   = false
  final_snapshot        = false

  # Nobody gets up for this environment: both are the topic for notices.
  critical_topic_arn = "arn:aws:sns:us-east-1:100000000003:acme-notice"
  notice_topic_arn   = "arn:aws:sns:us-east-1:100000000003:acme-notice"
}
