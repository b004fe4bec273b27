module "elasticache" {
  source = "../../../../modules/elasticache/1.0.0"

  name   = "sessions"
  vpc_id = local.account.network.vpc_id

  engine         = "valkey"
  engine_version = "8.0"

  # Sessions and other keys with an expiry. For a cache that may forget anything: allkeys-lru.
  maxmemory_policy = "volatile-lru"

  node_type = "cache.t4g.small"
  nodes     = 1
  multi_az  = false

  snapshot_retention_days = 1
  final_snapshot          = false

  # Nobody gets up for this environment: both are the topic for notices.
  critical_topic_arn = "arn:aws:sns:us-east-1:333333333333:acme-notice"
  notice_topic_arn   = "arn:aws:sns:us-east-1:333333333333:acme-notice"
}
