data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.id

  account_root = "arn:${local.partition}:iam::${local.account}:root"
  # Built here rather than read from the topics, so that a plan shows who may publish.
  topic_arns = { for level, name in var.names : level => "arn:${local.partition}:sns:${local.region}:${local.account}:${name}" }
}

# One key for both topics. AWS' own key for SNS cannot be used: its policy does not admit CloudWatch, and whatever an alarm
# publishes is lost without a word (AWS, "Configuring Amazon SNS notifications: encrypted topics").
resource "aws_kms_key" "this" {
  description             = "The alarms of the organization, on their way through SNS"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AccountAdministers"
        Effect    = "Allow"
        Principal = { AWS = local.account_root }
        Action = [
          "kms:CancelKeyDeletion",
          "kms:Create*",
          "kms:Delete*",
          "kms:Describe*",
          "kms:Disable*",
          "kms:Enable*",
          "kms:Get*",
          "kms:List*",
          "kms:Put*",
          "kms:RevokeGrant",
          "kms:RotateKeyOnDemand",
          "kms:ScheduleKeyDeletion",
          "kms:TagResource",
          "kms:UntagResource",
          "kms:Update*",
        ]
        Resource = "*"
      },
      {
        Sid       = "AccountPublishesThroughSns"
        Effect    = "Allow"
        Principal = { AWS = local.account_root }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = {
          StringEquals = {
            "kms:ViaService" = "sns.${local.region}.${data.aws_partition.current.dns_suffix}"
          }
        }
      },
      {
        # Of every account, since an alarm asks for the key in its own name. Whose alarms get as far as that, the topics'
        # policies decide; a condition here that AWS ever leaves unfilled would silence them all.
        Sid       = "CloudWatchAlarmsPublish"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
      },
    ]
  })

  tags = {
    Name = trimprefix(var.key_alias, "alias/")
  }
}

resource "aws_kms_alias" "this" {
  name          = var.key_alias
  target_key_id = aws_kms_key.this.key_id
}

resource "aws_sns_topic" "this" {
  for_each = var.names

  name              = each.value
  kms_master_key_id = aws_kms_key.this.arn

  tags = {
    Name = each.value
  }
}

# An alarm publishes as the service cloudwatch.amazonaws.com, on behalf of the account that it is in, so aws:PrincipalOrgID is
# never filled and aws:SourceOrgID is (AWS, "Global condition context keys: aws:SourceOrgID", and "Example cases for Amazon SNS
# access control: CloudWatch alarms in a different account"). The account of the alarm needs no policy for it.
resource "aws_sns_topic_policy" "this" {
  for_each = aws_sns_topic.this

  arn = each.value.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AlarmsOfTheOrganizationPublish"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = local.topic_arns[each.key]
        Condition = { StringEquals = { "aws:SourceOrgID" = var.organization_id } }
      },
      {
        Sid       = "OnlyEncryptedConnections"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = local.topic_arns[each.key]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}
