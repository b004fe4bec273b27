locals {
  scaffold_account_arn  = "arn:${local.scaffold.partition}:iam::${data.aws_caller_identity.scaffold.account_id}"
  scaffold_platform_arn = "arn:${local.scaffold.partition}:iam::${local.scaffold.accounts.platform}"

  # bootstrap/ makes the roles of these two, should their requests ever come to AFT.
  scaffold_others = [local.scaffold.accounts.platform, local.scaffold.accounts.management]
  scaffold_roles  = local.scaffold.roles.create && !contains(local.scaffold_others, data.aws_caller_identity.scaffold.account_id)

  # Whoever is Atlantis in AFT's own account could change what AFT runs, and AFT is administrator of every account.
  scaffold_atlantis = local.scaffold_roles && data.aws_caller_identity.scaffold.account_id != local.scaffold.accounts.aft_management
}

# Atlantis runs as a role of the platform account, and assumes this one to plan and apply the stacks of this account.
#
# Not AdministratorAccess: with it, one merged pull request could give this role other masters, take the account out of the
# organization or act as AFT. PowerUserAccess has no IAM, no Organizations and no account settings. Of IAM, what stacks make is added:
# roles, policies, instance profiles and identity providers, but no users and no keys, which would outlive every review. Denied are
# changes of the roles that hold the account, and every further AssumeRole, so that it reaches no account but this one.
# A role that a stack makes is not held by these denials. What it must not do either, the service control policy of bootstrap/management denies.
resource "aws_iam_role" "scaffold_atlantis" {
  count = local.scaffold_atlantis ? 1 : 0

  name        = local.scaffold.roles.atlantis
  description = "Atlantis plans and applies the stacks of this account. Made by AFT's global customizations."

  # The account, held to one role by the condition: a role named as principal is lost, in every account, once somebody makes it anew.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "${local.scaffold_platform_arn}:root" }
        Condition = {
          StringEquals = merge(
            { "aws:PrincipalArn" = "${local.scaffold_platform_arn}:role/${local.scaffold.roles.atlantis_server}" },
            { for id in [local.scaffold.roles.external_id] : "sts:ExternalId" => id if id != null },
          )
        }
      },
    ]
  })

  tags = local.scaffold_tags
}

resource "aws_iam_role_policy_attachment" "scaffold_atlantis" {
  count = local.scaffold_atlantis ? 1 : 0

  role       = aws_iam_role.scaffold_atlantis[0].name
  policy_arn = "arn:${local.scaffold.partition}:iam::aws:policy/PowerUserAccess"
}

resource "aws_iam_role_policy" "scaffold_atlantis" {
  count = local.scaffold_atlantis ? 1 : 0

  name = "scaffold"
  role = aws_iam_role.scaffold_atlantis[0].id

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
        Resource = [
          "${local.scaffold_account_arn}:instance-profile/*",
          "${local.scaffold_account_arn}:oidc-provider/*",
          "${local.scaffold_account_arn}:policy/*",
          "${local.scaffold_account_arn}:role/*",
          "${local.scaffold_account_arn}:saml-provider/*",
        ]
      },
      {
        Sid       = "RolesThatHoldTheAccount"
        Effect    = "Deny"
        NotAction = ["iam:Get*", "iam:List*"]
        Resource = [
          "${local.scaffold_account_arn}:role/${local.scaffold.roles.atlantis}",
          "${local.scaffold_account_arn}:role/${local.scaffold.roles.reader}",
          "${local.scaffold_account_arn}:role/AWSAFT*",
          "${local.scaffold_account_arn}:role/AWSCloudFormationStackSetExecutionRole",
          "${local.scaffold_account_arn}:role/AWSControlTower*",
          "${local.scaffold_account_arn}:role/OrganizationAccountAccessRole",
          "${local.scaffold_account_arn}:role/aws-controltower-*",
          "${local.scaffold_account_arn}:role/aws-reserved/*",
          "${local.scaffold_account_arn}:role/stacksets-exec-*",
        ]
      },
      {
        Sid      = "NoOtherRole"
        Effect   = "Deny"
        Action   = "sts:AssumeRole"
        Resource = "*"
      },
    ]
  })
}

# "scaffold pull" and the audit look at networks and their connections. Nothing here changes anything, or reads what an application stores.
resource "aws_iam_role" "scaffold_reader" {
  count = local.scaffold_roles ? 1 : 0

  name        = local.scaffold.roles.reader
  description = "scaffold reads the networks of this account. Made by AFT's global customizations."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "${local.scaffold_platform_arn}:root" }
        Condition = {
          StringEquals = { "aws:PrincipalArn" = "${local.scaffold_platform_arn}:role/${local.scaffold.roles.ci}" }
        }
      },
    ]
  })

  tags = local.scaffold_tags
}

resource "aws_iam_role_policy" "scaffold_reader" {
  count = local.scaffold_roles ? 1 : 0

  name = "scaffold"
  role = aws_iam_role.scaffold_reader[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "ReadNetworks"
        Effect = "Allow"
        Action = [
          "ec2:DescribeRegions",
          "ec2:DescribeRouteTables",
          "ec2:DescribeSubnets",
          "ec2:DescribeTransitGatewayAttachments",
          "ec2:DescribeVpcAttribute",
          "ec2:DescribeVpcEndpointServiceConfigurations",
          "ec2:DescribeVpcPeeringConnections",
          "ec2:DescribeVpcs",
          "ec2:GetManagedPrefixListEntries",
          "servicequotas:GetAWSDefaultServiceQuota",
          "servicequotas:GetServiceQuota",
        ]
        Resource = "*"
      },
    ]
  })
}
