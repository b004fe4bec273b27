module "elasticache" {
  source = "../../../../modules/elasticache/1.0.0"

  name   = "sessions"
  vpc_id = local.account.network.vpc_id

  engine         = "valkey"
  engine_version = "8.0"

  # Sessions and other keys with an expiry. For a cache that may forget anything: allkeys-lru.
  maxmemory_policy = "volatile-lru"

  node_type = "cache.m7g.large"
  nodes     = 2
  multi_az  = true

  snapshot_retention_days = 7
  final_snapshot          = true

  critical_topic_arn = "arn:aws:sns:us-east-1:333333333333:acme-critical"
  notice_topic_arn   = "arn:aws:sns:us-east-1:333333333333:acme-notice"
}
