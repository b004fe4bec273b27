locals {
  # ECS says for which account it starts a task, EC2 and EKS do not: only who may pass the role to an instance or a pod can
  # start one with it, and that is somebody of this account (AWS, "Cross-service confused deputy prevention").
  atlantis_trust = {
    ecs = {
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = ["sts:AssumeRole"]
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnLike      = { "aws:SourceArn" = "arn:${local.partition}:ecs:*:${local.account}:*" }
      }
    }
    ec2 = {
      Principal = { Service = "ec2.${data.aws_partition.current.dns_suffix}" }
      Action    = ["sts:AssumeRole"]
    }
    eks = {
      Principal = { Service = "pods.eks.amazonaws.com" }
      Action    = ["sts:AssumeRole", "sts:TagSession"]
    }
  }
}

# What Atlantis' process runs as. By itself it reaches the states and nothing else: a plan works in an account by the role
# that it assumes there.
resource "aws_iam_role" "atlantis_server" {
  name        = local.roles.atlantis_server
  description = "The Atlantis server: states, and the role ${local.roles.atlantis} of every account."

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [merge({ Effect = "Allow" }, local.atlantis_trust[var.atlantis_runs_on])]
  })
}

resource "aws_iam_instance_profile" "atlantis_server" {
  count = var.atlantis_runs_on == "ec2" ? 1 : 0

  name = aws_iam_role.atlantis_server.name
  role = aws_iam_role.atlantis_server.name
}

resource "aws_iam_role_policy" "atlantis_server" {
  name = "plan-and-apply"
  role = aws_iam_role.atlantis_server.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid       = "AssumeAtlantisInTheOrganization"
          Effect    = "Allow"
          Action    = "sts:AssumeRole"
          Resource  = "arn:${local.partition}:iam::*:role/${local.roles.atlantis}"
          Condition = { StringEquals = { "aws:ResourceOrgID" = local.organization.id } }
        },
        {
          Sid      = "FindStates"
          Effect   = "Allow"
          Action   = "s3:ListBucket"
          Resource = local.bucket_arn
        },
        {
          Sid      = "ReadAndWriteStates"
          Effect   = "Allow"
          Action   = ["s3:GetObject", "s3:PutObject"]
          Resource = "${local.bucket_arn}/*"
        },
        {
          Sid      = "Unlock"
          Effect   = "Allow"
          Action   = "s3:DeleteObject"
          Resource = "${local.bucket_arn}/*.tflock"
        },
        {
          # These two roots are applied by hand: no pull request reads or writes what they made.
          Sid      = "BootstrapIsNotAtlantis"
          Effect   = "Deny"
          Action   = "s3:*"
          Resource = "${local.bucket_arn}/bootstrap/*"
        },
      ],
      local.state.lock_table == null ? [] : [
        {
          Sid      = "Lock"
          Effect   = "Allow"
          Action   = ["dynamodb:DeleteItem", "dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:PutItem"]
          Resource = local.lock_table_arn
        },
      ],
    )
  })
}

resource "aws_iam_role_policy" "atlantis_server_key" {
  count = local.state.kms_key == null ? 0 : 1

  name = "encrypt-states"
  role = aws_iam_role.atlantis_server.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = local.key_uses
        Resource = local.key_arn
      },
    ]
  })
}
