locals {
  iam_arn = "arn:${local.partition}:iam::${local.account}"

  held_roles = [
    local.roles.atlantis,
    local.roles.atlantis_server,
    local.roles.ci,
    local.roles.reader,
    "AWSAFT*",
    "AWSCloudFormationStackSetExecutionRole",
    "AWSControlTower*",
    "OrganizationAccountAccessRole",
    "aws-controltower-*",
    "aws-reserved/*",
    "stacksets-exec-*",
  ]
}

# The role that stacks of this account are planned and applied with. Elsewhere AFT's global customizations make it, and say why it is no
# administrator (scaffold-roles.tf). Here it has to keep off more: whoever merges a pull request for this account would else be Atlantis'
# server, CI, and master of every state.
resource "aws_iam_role" "atlantis" {
  count = var.account_roles ? 1 : 0

  name        = local.roles.atlantis
  description = "Atlantis, in this account."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { AWS = local.role_arns.atlantis_server }
        Action    = "sts:AssumeRole"
      },
    ]
  })

  # IAM trusts no role that is not there.
  depends_on = [aws_iam_role.atlantis_server]
}

resource "aws_iam_role_policy_attachment" "atlantis" {
  count = var.account_roles ? 1 : 0

  role       = aws_iam_role.atlantis[0].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/PowerUserAccess"
}

resource "aws_iam_role_policy" "atlantis" {
  count = var.account_roles ? 1 : 0

  name = "scaffold"
  role = aws_iam_role.atlantis[0].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadIdentities"
        Effect   = "Allow"
        Action   = ["iam:Get*", "iam:List*"]
        Resource = "*"
      },
      {
        Sid    = "IdentitiesOfStacks"
        Effect = "Allow"
        Action = [
          "iam:*InstanceProfile*",
          "iam:*OpenIDConnectProvider*",
          "iam:*Policy*",
          "iam:*Role*",
          "iam:*SAMLProvider*",
        ]
        Resource = [for kind in ["instance-profile", "oidc-provider", "policy", "role", "saml-provider"] : "${local.iam_arn}:${kind}/*"]
      },
      {
        Sid       = "RolesThatHoldTheAccount"
        Effect    = "Deny"
        NotAction = ["iam:Get*", "iam:List*"]
        Resource  = [for name in local.held_roles : "${local.iam_arn}:role/${name}"]
      },
      {
        Sid      = "NoOtherRole"
        Effect   = "Deny"
        Action   = "sts:AssumeRole"
        Resource = "*"
      },
      {
        Sid      = "StatesAreTheServers"
        Effect   = "Deny"
        Action   = ["dynamodb:*", "s3:*"]
        Resource = [local.bucket_arn, "${local.bucket_arn}/*", local.lock_table_arn]
      },
    ]
  })
}

# Apart, so that the plan shows the one above: the key has no ARN before it is made.
resource "aws_iam_role_policy" "atlantis_key" {
  count = var.account_roles && local.state.kms_key != null ? 1 : 0

  name = "key-of-states"
  role = aws_iam_role.atlantis[0].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Deny"
        Action   = "kms:*"
        Resource = local.key_arn
      },
    ]
  })
}
