locals {
  state = local.organization.state
  # An alias is made here, with its key. An id or an ARN names a key that exists; without any, S3 encrypts with its own.
  is_ours     = can(regex("^alias/", local.state.kms_key)) && !can(regex("^alias/aws/", local.state.kms_key))
  key_alias   = local.is_ours ? local.state.kms_key : null
  foreign_key = local.is_ours ? null : local.state.kms_key
  key_arn     = one(concat(aws_kms_key.state[*].arn, values(data.aws_kms_key.state)[*].arn))

  key_uses = concat(
    ["kms:Decrypt", "kms:GenerateDataKey*"],
    local.state.lock_table == null ? [] : ["kms:DescribeKey", "kms:Encrypt", "kms:ReEncrypt*"],
  )
  key_services = concat(["s3"], local.state.lock_table == null ? [] : ["dynamodb"])
}

resource "aws_kms_key" "state" {
  count = local.key_alias == null ? 0 : 1

  description             = "Terraform's states, in ${local.state.bucket}"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AccountAdministers"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
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
        Sid       = "AccountUsesForStates"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
        Action    = concat(local.key_uses, local.state.lock_table == null ? [] : ["kms:CreateGrant"])
        Resource  = "*"
        Condition = {
          StringEquals = {
            "kms:ViaService" = [for service in local.key_services : "${service}.${local.state.region}.${data.aws_partition.current.dns_suffix}"]
          }
        }
      },
    ]
  })

  tags = {
    Name = "terraform-state"
  }
}

resource "aws_kms_alias" "state" {
  count = local.key_alias == null ? 0 : 1

  name          = local.key_alias
  target_key_id = aws_kms_key.state[0].key_id
}

data "aws_kms_key" "state" {
  for_each = toset(local.foreign_key[*])

  key_id = each.value
}

# AWS deletes no bucket that holds something, so "terraform destroy" cannot take the states with it.
resource "aws_s3_bucket" "state" {
  bucket = local.state.bucket
}

resource "aws_s3_bucket_versioning" "state" {
  bucket = aws_s3_bucket.state.bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "state" {
  bucket = aws_s3_bucket.state.bucket

  rule {
    bucket_key_enabled = local.state.kms_key != null

    apply_server_side_encryption_by_default {
      sse_algorithm     = local.state.kms_key == null ? "AES256" : "aws:kms"
      kms_master_key_id = local.key_arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "state" {
  bucket = aws_s3_bucket.state.bucket

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# A state that broke a while ago is still among the last twenty.
resource "aws_s3_bucket_lifecycle_configuration" "state" {
  bucket = aws_s3_bucket.state.bucket

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days           = 90
      newer_noncurrent_versions = 20
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  # without versions there is nothing that could expire
  depends_on = [aws_s3_bucket_versioning.state]
}

resource "aws_s3_bucket_policy" "state" {
  bucket = aws_s3_bucket.state.bucket

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyEncryptedConnections"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [local.bucket_arn, "${local.bucket_arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.state]
}

resource "aws_dynamodb_table" "lock" {
  for_each = toset(local.state.lock_table[*])

  name                        = each.value
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "LockID"
  deletion_protection_enabled = true

  attribute {
    name = "LockID"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = local.state.kms_key != null
    kms_key_arn = local.key_arn
  }
}
