locals {
  mib = 1024 * 1024
  gib = 1024 * local.mib

  # Critical is what stops the application before the next working day. What slows it down can be read in the morning.
  alarms = {
    storage = {
      metric      = "FreeStorageSpace"
      statistic   = "Minimum"
      comparison  = "LessThanThreshold"
      threshold   = var.allocated_storage_gib * local.gib * 0.05
      minutes     = 5
      topic       = var.critical_topic_arn
      description = "Critical: a full disk stops the database, and storage autoscaling, which acts at 10 % free, has not helped. Raise max_allocated_storage_gib, or allocated_storage_gib."
    }
    connections = {
      metric      = "DatabaseConnections"
      statistic   = "Maximum"
      comparison  = "GreaterThanThreshold"
      threshold   = floor(var.max_connections * 0.9)
      minutes     = 5
      topic       = var.critical_topic_arn
      description = "Critical: more than 90 % of max_connections are taken, and what comes after the last one is refused. Look for a client that does not return them (pg_stat_activity)."
    }
    memory = {
      metric      = "FreeableMemory"
      statistic   = "Minimum"
      comparison  = "LessThanThreshold"
      threshold   = var.free_memory_alarm_mib * local.mib
      minutes     = 15
      topic       = var.notice_topic_arn
      description = "Notice: queries get slow, and PostgreSQL restarts by itself if memory runs out. Look for large sorts and for idle connections, then for a larger instance_class."
    }
    cpu = {
      metric      = "CPUUtilization"
      statistic   = "Average"
      comparison  = "GreaterThanThreshold"
      threshold   = 90
      minutes     = 15
      topic       = var.notice_topic_arn
      description = "Notice: above 90 % for 15 minutes queries wait but are answered. Performance Insights names the statement."
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "rds-${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/RDS"
  metric_name         = each.value.metric
  dimensions          = { DBInstanceIdentifier = aws_db_instance.this.identifier }
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = 60
  evaluation_periods  = each.value.minutes
  alarm_actions       = [each.value.topic]
  ok_actions          = [each.value.topic]

  tags = {
    Name = "rds-${var.name}-${each.key}"
  }
}
