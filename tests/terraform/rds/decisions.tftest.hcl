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
  name                      = "orders"
  vpc_id                    = "vpc-0aaaaaaaaaaaaaaaa"
  postgres_version          = "17"
  instance_class            = "db.m7g.large"
  allocated_storage_gib     = 100
  max_allocated_storage_gib = 1000
  max_connections           = 500
  multi_az                  = true
  backup_retention_days     = 35
  deletion_protection       = true
  final_snapshot            = true
  critical_topic_arn        = "arn:aws:sns:us-east-1:333333333333:acme-critical"
  notice_topic_arn          = "arn:aws:sns:us-east-1:333333333333:acme-notice"
}

run "production_survives_a_zone_a_mistake_and_a_month" {
  command = plan

  assert {
    condition     = aws_db_instance.this.multi_az
    error_message = "a standby in another zone"
  }

  assert {
    condition     = aws_db_instance.this.deletion_protection && !aws_db_instance.this.skip_final_snapshot && !aws_db_instance.this.delete_automated_backups
    error_message = "nothing of it goes by itself"
  }

  assert {
    condition     = aws_db_instance.this.backup_retention_period == 35
    error_message = "35 days of backups"
  }

  assert {
    condition     = toset([for alarm in aws_cloudwatch_metric_alarm.this : one(alarm.alarm_actions)]) == toset([var.critical_topic_arn, var.notice_topic_arn])
    error_message = "alarms go to both topics"
  }
}

run "elsewhere_is_cheaper" {
  command = plan

  variables {
    instance_class        = "db.t4g.small"
    multi_az              = false
    backup_retention_days = 7
    deletion_protection   = false
    final_snapshot        = false
    critical_topic_arn    = "arn:aws:sns:us-east-1:333333333333:acme-notice"
  }

  assert {
    condition     = !aws_db_instance.this.multi_az
    error_message = "one zone"
  }

  assert {
    condition     = !aws_db_instance.this.deletion_protection && aws_db_instance.this.skip_final_snapshot && aws_db_instance.this.delete_automated_backups
    error_message = "all of it goes"
  }

  assert {
    condition     = aws_db_instance.this.backup_retention_period == 7
    error_message = "a week of backups"
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : one(alarm.alarm_actions) == var.notice_topic_arn])
    error_message = "nobody is woken"
  }
}

run "what_every_database_has" {
  command = plan

  assert {
    condition     = aws_db_instance.this.storage_encrypted && !aws_db_instance.this.publicly_accessible && aws_db_instance.this.copy_tags_to_snapshot && aws_db_instance.this.auto_minor_version_upgrade
    error_message = "encrypted, private, tagged and patched"
  }

  assert {
    condition     = aws_db_instance.this.manage_master_user_password && aws_db_instance.this.iam_database_authentication_enabled && aws_db_instance.this.password == null
    error_message = "no password is known to anybody but RDS"
  }

  assert {
    condition     = aws_db_instance.this.performance_insights_enabled && aws_db_instance.this.monitoring_interval == 60
    error_message = "watched"
  }

  assert {
    condition     = !aws_db_instance.this.allow_major_version_upgrade && !aws_db_instance.this.apply_immediately
    error_message = "nothing interrupts by itself"
  }

  assert {
    condition     = aws_db_instance.this.db_name == "orders" && aws_db_instance.this.identifier == "orders" && aws_db_instance.this.username == "dbadmin"
    error_message = "named after the application"
  }

  assert {
    condition     = aws_kms_key.this.enable_key_rotation
    error_message = "the key rotates"
  }
}

run "a_hyphen_is_an_underscore_in_the_database" {
  command = plan

  variables {
    name = "order-history"
  }

  assert {
    condition     = aws_db_instance.this.db_name == "order_history" && aws_db_instance.this.identifier == "order-history"
    error_message = "PostgreSQL wants no hyphen"
  }

  assert {
    condition     = output.database_name == "order_history"
    error_message = "the output says so"
  }
}

run "deletion_protection_alone" {
  command = plan

  variables {
    final_snapshot = false
  }

  assert {
    condition     = aws_db_instance.this.deletion_protection && aws_db_instance.this.skip_final_snapshot
    error_message = "the two are apart"
  }
}

run "a_major_version_moves_family_and_engine_together" {
  command = plan

  variables {
    postgres_version            = "16"
    allow_major_version_upgrade = true
  }

  assert {
    condition     = aws_db_instance.this.engine_version == "16" && aws_db_parameter_group.this.family == "postgres16"
    error_message = "one version, one family"
  }

  assert {
    condition     = startswith(aws_db_parameter_group.this.name_prefix, "orders-postgres16-")
    error_message = "a group of its own"
  }

  assert {
    condition     = aws_db_instance.this.allow_major_version_upgrade
    error_message = "the switch"
  }
}

run "a_change_in_an_incident" {
  command = plan

  variables {
    apply_immediately = true
  }

  assert {
    condition     = aws_db_instance.this.apply_immediately
    error_message = "the switch"
  }
}

run "parameters_follow_the_arguments" {
  command = plan

  variables {
    slow_query_ms   = -1
    max_connections = 200
  }

  assert {
    condition     = tomap({ for p in aws_db_parameter_group.this.parameter : p.name => p.value }) == tomap({ "rds.force_ssl" = "1", "log_statement" = "ddl", "log_min_duration_statement" = "-1", "max_connections" = "200" })
    error_message = "TLS, DDL in the log, no durations, 200 connections"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["connections"].threshold == 180
    error_message = "nine tenths of them"
  }
}

run "thresholds_follow_the_arguments" {
  command = plan

  variables {
    allocated_storage_gib = 400
    free_memory_alarm_mib = 512
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["storage"].threshold == 20 * 1024 * 1024 * 1024
    error_message = "5 % of 400 GiB"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["memory"].threshold == 512 * 1024 * 1024
    error_message = "512 MiB"
  }
}

run "a_snapshot_to_start_from" {
  command = plan

  variables {
    snapshot_identifier = "orders-restore"
  }

  assert {
    condition     = aws_db_instance.this.snapshot_identifier == "orders-restore"
    error_message = "the snapshot"
  }
}

run "windows_and_retention" {
  command = plan

  variables {
    backup_window      = "01:00-01:30"
    maintenance_window = "sat:02:00-sat:03:00"
    log_retention_days = 90
  }

  assert {
    condition     = aws_db_instance.this.backup_window == "01:00-01:30" && aws_db_instance.this.maintenance_window == "sat:02:00-sat:03:00"
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
