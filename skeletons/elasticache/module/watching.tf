locals {
  log_groups = { for log in ["slow-log", "engine-log"] : log => "/aws/elasticache/${var.name}/${log}" }
  # Built here rather than read from the groups: the key's policy names them, and they need the key.
  log_group_arns = {
    for log, group in local.log_groups : log => "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${group}"
  }

  # Critical is what stops the application before the next working day. What slows it down can be read in the morning.
  alarms = {
    memory = {
      metric      = "DatabaseMemoryUsagePercentage"
      statistic   = "Maximum"
      threshold   = 90
      minutes     = 5
      topic       = var.critical_topic_arn
      description = "Critical: more than 90 % of the memory is taken; once it is full, keys are evicted that the application still needs, or writes are refused. Look for keys without an expiry, then for a larger node_type."
    }
    evictions = {
      metric      = "Evictions"
      statistic   = "Sum"
      threshold   = 100
      minutes     = 15
      topic       = var.notice_topic_arn
      description = "Notice: more than 100 keys a minute are evicted for 15 minutes, so the application misses more and more. A larger node_type, or shorter expiries."
    }
    cpu = {
      metric      = "EngineCPUUtilization"
      statistic   = "Average"
      threshold   = 90
      minutes     = 15
      topic       = var.notice_topic_arn
      description = "Notice: the engine's one thread is above 90 % for 15 minutes; commands wait but are answered. The slow log names those that take long."
    }
  }

  # A policy that evicts any key keeps the memory full on purpose.
  alarms_in_use = { for name, alarm in local.alarms : name => alarm if name != "memory" || !startswith(var.maxmemory_policy, "allkeys-") }
  node_alarms = {
    for pair in setproduct(local.node_ids, keys(local.alarms_in_use)) :
    "${pair[0]}/${pair[1]}" => merge(local.alarms_in_use[pair[1]], { node = pair[0], name = pair[1] })
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = local.log_groups

  name              = each.value
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.this.arn

  tags = {
    Name = "elasticache-${var.name}-${each.key}"
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.node_alarms

  alarm_name          = "elasticache-${each.value.node}-${each.value.name}"
  alarm_description   = each.value.description
  namespace           = "AWS/ElastiCache"
  metric_name         = each.value.metric
  dimensions          = { CacheClusterId = each.value.node }
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = 60
  evaluation_periods  = each.value.minutes
  alarm_actions       = [each.value.topic]
  ok_actions          = [each.value.topic]

  tags = {
    Name = "elasticache-${each.value.node}-${each.value.name}"
  }

  depends_on = [aws_elasticache_replication_group.this]
}
