# What the module decides, with mocked AWS: production against others, each switch, and a network that is not there.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }

  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }

  mock_data "aws_subnets" {
    defaults = { ids = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"] }
  }
}

variables {
  name                    = "sessions"
  vpc_id                  = "vpc-0aaaaaaaaaaaaaaaa"
  engine                  = "valkey"
  engine_version          = "8.0"
  node_type               = "cache.m7g.large"
  nodes                   = 2
  multi_az                = true
  snapshot_retention_days = 7
  final_snapshot          = true
  critical_topic_arn      = "arn:aws:sns:us-east-1:333333333333:acme-critical"
  notice_topic_arn        = "arn:aws:sns:us-east-1:333333333333:acme-notice"
}

run "production_survives_a_zone" {
  command = plan

  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == 2 && aws_elasticache_replication_group.this.multi_az_enabled && aws_elasticache_replication_group.this.automatic_failover_enabled
    error_message = "two nodes, and a failover"
  }

  assert {
    condition     = aws_elasticache_replication_group.this.snapshot_retention_limit == 7
    error_message = "a week of snapshots"
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) == 6
    error_message = "three alarms for each node"
  }

  assert {
    condition     = toset([for alarm in aws_cloudwatch_metric_alarm.this : one(alarm.alarm_actions)]) == toset([var.critical_topic_arn, var.notice_topic_arn])
    error_message = "alarms go to both topics"
  }
}

run "elsewhere_is_cheaper" {
  command = plan

  variables {
    node_type               = "cache.t4g.small"
    nodes                   = 1
    multi_az                = false
    snapshot_retention_days = 1
    final_snapshot          = false
    critical_topic_arn      = "arn:aws:sns:us-east-1:333333333333:acme-notice"
  }

  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == 1 && !aws_elasticache_replication_group.this.multi_az_enabled && !aws_elasticache_replication_group.this.automatic_failover_enabled
    error_message = "one node"
  }

  assert {
    condition     = aws_elasticache_replication_group.this.snapshot_retention_limit == 1 && aws_elasticache_replication_group.this.final_snapshot_identifier == null
    error_message = "a snapshot of last night"
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : one(alarm.alarm_actions) == var.notice_topic_arn])
    error_message = "nobody is woken"
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) == 3
    error_message = "three alarms for the node"
  }
}

run "what_every_cache_has" {
  command = plan

  assert {
    condition     = tobool(aws_elasticache_replication_group.this.at_rest_encryption_enabled) && aws_elasticache_replication_group.this.transit_encryption_enabled && aws_elasticache_replication_group.this.transit_encryption_mode == "required"
    error_message = "encrypted at rest and in transit"
  }

  assert {
    condition     = aws_elasticache_replication_group.this.auth_token == null
    error_message = "no token"
  }

  assert {
    condition     = toset([for log in aws_elasticache_replication_group.this.log_delivery_configuration : log.log_type]) == toset(["engine-log", "slow-log"])
    error_message = "both logs"
  }

  assert {
    condition     = one(aws_elasticache_user.application.authentication_mode).type == "iam" && aws_elasticache_user.application.user_id == aws_elasticache_user.application.user_name
    error_message = "the application signs in with IAM"
  }

  assert {
    condition     = startswith(aws_elasticache_user.default.access_string, "off ") && aws_elasticache_user.default.user_name == "default"
    error_message = "the default user is off"
  }

  assert {
    condition     = aws_elasticache_user_group.this.user_ids == toset(["sessions", "sessions-default"])
    error_message = "nobody else is in the group"
  }

  assert {
    condition     = aws_kms_key.this.enable_key_rotation
    error_message = "the key rotates"
  }

  assert {
    condition     = !aws_elasticache_replication_group.this.apply_immediately
    error_message = "nothing interrupts by itself"
  }
}

run "redis_by_input" {
  command = plan

  variables {
    engine         = "redis"
    engine_version = "7.1"
  }

  assert {
    condition     = aws_elasticache_replication_group.this.engine == "redis" && aws_elasticache_replication_group.this.engine_version == "7.1" && aws_elasticache_parameter_group.this.family == "redis7"
    error_message = "engine, version and family"
  }
}

run "an_older_valkey" {
  command = plan

  variables {
    engine_version = "7.2"
  }

  assert {
    condition     = aws_elasticache_parameter_group.this.family == "valkey7"
    error_message = "version and family"
  }
}

run "replicas_without_failover" {
  command = plan

  variables {
    nodes    = 3
    multi_az = false
  }

  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == 3 && !aws_elasticache_replication_group.this.automatic_failover_enabled
    error_message = "nodes and failover are apart"
  }
}

run "a_policy_that_evicts_any_key_has_no_alarm_for_memory" {
  command = plan

  variables {
    maxmemory_policy = "allkeys-lru"
  }

  assert {
    condition     = toset([for alarm in aws_cloudwatch_metric_alarm.this : alarm.metric_name]) == toset(["Evictions", "EngineCPUUtilization"])
    error_message = "full on purpose"
  }

  assert {
    condition     = tomap({ for p in aws_elasticache_parameter_group.this.parameter : p.name => p.value }) == tomap({ "maxmemory-policy" = "allkeys-lru" })
    error_message = "the policy"
  }
}

run "a_policy_that_refuses_writes_has_one" {
  command = plan

  variables {
    maxmemory_policy = "noeviction"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["sessions-001/memory"].metric_name == "DatabaseMemoryUsagePercentage"
    error_message = "refused writes wake somebody"
  }

  assert {
    condition     = one(aws_cloudwatch_metric_alarm.this["sessions-001/memory"].alarm_actions) == var.critical_topic_arn
    error_message = "critical"
  }
}

run "a_snapshot_to_start_from" {
  command = plan

  variables {
    snapshot_name = "sessions-restore"
  }

  assert {
    condition     = aws_elasticache_replication_group.this.snapshot_name == "sessions-restore"
    error_message = "the snapshot"
  }
}

run "a_change_in_an_incident" {
  command = plan

  variables {
    apply_immediately = true
  }

  assert {
    condition     = aws_elasticache_replication_group.this.apply_immediately
    error_message = "the switch"
  }
}

run "windows_and_retention" {
  command = plan

  variables {
    snapshot_window    = "01:00-02:00"
    maintenance_window = "sat:02:00-sat:03:00"
    log_retention_days = 90
  }

  assert {
    condition     = aws_elasticache_replication_group.this.snapshot_window == "01:00-02:00" && aws_elasticache_replication_group.this.maintenance_window == "sat:02:00-sat:03:00"
    error_message = "the windows"
  }

  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.this : group.retention_in_days == 90])
    error_message = "the logs"
  }
}

run "a_vpc_with_one_data_subnet" {
  command = plan

  override_data {
    target = data.aws_subnets.data
    values = { ids = ["subnet-0aaaaaaaaaaaaaaaa"] }
  }

  expect_failures = [data.aws_subnets.data]
}
