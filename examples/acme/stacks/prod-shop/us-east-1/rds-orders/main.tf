module "rds" {
  source = "../../../../modules/rds/1.0.0"

  name   = "orders"
  vpc_id = local.account.network.vpc_id

  postgres_version = "17"

  instance_class            = "db.m7g.large"
  allocated_storage_gib     = 100
  max_allocated_storage_gib = 1000
  max_connections           = 500

  multi_az              = true
  backup_retention_days = 35
  deletion_protection   = true
  final_snapshot        = true

  critical_topic_arn = "arn:aws:sns:us-east-1:100000000003:acme-critical"
  notice_topic_arn   = "arn:aws:sns:us-east-1:100000000003:acme-notice"
}
