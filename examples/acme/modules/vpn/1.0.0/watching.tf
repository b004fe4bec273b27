locals {
  log_group = "/scaffold/client-vpn/${var.name}"
  # Built here rather than read from the group: the key's policy names the group, and the group needs the key.
  log_group_arn = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${local.log_group}"

  # AWS keeps up to half of the range for the endpoint's own availability.
  client_addresses = pow(2, 32 - tonumber(split("/", var.client_cidr_block)[1])) / 2

  # No metric says that the endpoint is down, so none of these is worth getting up for.
  alarms = {
    certificate = {
      namespace   = "AWS/CertificateManager"
      dimensions  = { CertificateArn = var.server_certificate_arn }
      metric      = "DaysToExpiry"
      statistic   = "Minimum"
      comparison  = "LessThanThreshold"
      threshold   = 30
      hours       = 24
      missing     = "ignore" # Once it has ended, ACM tells nothing any more.
      description = "Notice: the server certificate ends in less than 30 days, and then nobody can connect. ACM renews its own 60 days before: look why it did not, or import a new one under the same ARN."
    }
    sign_ins = {
      namespace   = "AWS/ClientVPN"
      dimensions  = { Endpoint = aws_ec2_client_vpn_endpoint.this.id }
      metric      = "AuthenticationFailures"
      statistic   = "Sum"
      comparison  = "GreaterThanThreshold"
      threshold   = 50
      hours       = 1
      missing     = "notBreaching"
      description = "Notice: more than 50 sign-ins failed within an hour. The identity provider has new metadata that nobody committed, or somebody tries; the connection log says who."
    }
    addresses = {
      namespace   = "AWS/ClientVPN"
      dimensions  = { Endpoint = aws_ec2_client_vpn_endpoint.this.id }
      metric      = "ActiveConnectionsCount"
      statistic   = "Maximum"
      comparison  = "GreaterThanThreshold"
      threshold   = floor(local.client_addresses * 0.8)
      hours       = 1
      missing     = "notBreaching"
      description = "Notice: four fifths of the addresses for clients are taken, and who comes after the last one is refused. The range cannot grow: plan a second endpoint."
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = local.log_group
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.this.arn

  tags = {
    Name = "client-vpn-${var.name}"
  }
}

resource "aws_cloudwatch_log_stream" "this" {
  name           = "connections"
  log_group_name = aws_cloudwatch_log_group.this.name
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "client-vpn-${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = each.value.hours * 3600
  evaluation_periods  = 1
  treat_missing_data  = each.value.missing
  alarm_actions       = [var.notice_topic_arn]
  ok_actions          = [var.notice_topic_arn]

  tags = {
    Name = "client-vpn-${var.name}-${each.key}"
  }
}
