locals {
  github = "token.actions.githubusercontent.com"

  repository = var.repository_ids == null ? local.organization.repository : join("/", [
    "${split("/", local.organization.repository)[0]}@${var.repository_ids.owner}",
    "${split("/", local.organization.repository)[1]}@${var.repository_ids.repository}",
  ])
}

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://${local.github}"
  client_id_list = ["sts.amazonaws.com"]
}

# The scheduled jobs of the branch main: what a pull request runs has another subject.
resource "aws_iam_role" "ci" {
  name        = local.roles.ci
  description = "Scheduled jobs of ${local.organization.repository}: the role ${local.roles.reader} of every account."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Federated = "arn:${local.partition}:iam::${local.account}:oidc-provider/${local.github}" }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = {
          StringEquals = {
            "${local.github}:aud" = "sts.amazonaws.com"
            "${local.github}:sub" = "repo:${local.repository}:ref:refs/heads/main"
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "ci" {
  name = "read-and-report"
  role = aws_iam_role.ci.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AssumeReaderInTheOrganization"
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Resource  = "arn:${local.partition}:iam::*:role/${local.roles.reader}"
        Condition = { StringEquals = { "aws:ResourceOrgID" = local.organization.id } }
      },
      {
        # The audit tells of what is critical (SCAFFOLD_CRITICAL_TOPIC_ARN).
        Sid      = "TellOfCriticalFindings"
        Effect   = "Allow"
        Action   = "sns:Publish"
        Resource = "arn:${local.partition}:sns:*:${local.account}:${local.organization.topics.critical}"
      },
      {
        Sid      = "EncryptCriticalFindings"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource = "arn:${local.partition}:kms:*:${local.account}:key/*"
        Condition = {
          StringLike                 = { "kms:ViaService" = "sns.*.${data.aws_partition.current.dns_suffix}" }
          "ForAnyValue:StringEquals" = { "kms:ResourceAliases" = local.organization.alerts_key }
        }
      },
    ]
  })
}

module "reader" {
  source = "../modules/reader"
  count  = var.account_roles ? 1 : 0

  name         = local.roles.reader
  trusted_arns = setunion([local.role_arns.ci], var.reader_arns)

  # IAM trusts no role that is not there.
  depends_on = [aws_iam_role.ci]
}
