locals {
  role = "arn:${local.partition}:iam::*:role"

  peering_roles = [for name in concat([local.roles.atlantis], sort(var.peering_roles)) : "${local.role}/${name}"]
  # What makes the roles below in every account: AFT's customizations, Control Tower, and CloudFormation's StackSets.
  makers = [for name in ["AWSAFTExecution", "AWSControlTowerExecution", "stacksets-exec-*"] : "${local.role}/${name}"]
  # Who changes one of these can become it: Atlantis' server becomes Atlantis, CI's role the reader. So with the makers, which have to be
  # kept from being made as well: in an account that Control Tower does not know, anybody could call a role AWSControlTowerExecution.
  protected = distinct(concat(
    local.peering_roles,
    [for name in [local.roles.atlantis_server, local.roles.reader, local.roles.ci] : "${local.role}/${name}"],
    local.makers,
  ))

  peering_scp = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyReviewedPeerings"
        Effect    = "Deny"
        Action    = ["ec2:AcceptVpcPeeringConnection", "ec2:CreateVpcPeeringConnection"]
        Resource  = "*"
        Condition = { ArnNotLike = { "aws:PrincipalArn" = local.peering_roles } }
      },
      {
        Sid    = "NobodyBecomesAtlantis"
        Effect = "Deny"
        Action = [
          "iam:AttachRolePolicy",
          "iam:CreateRole",
          "iam:DeleteRole",
          "iam:DeleteRolePermissionsBoundary",
          "iam:DeleteRolePolicy",
          "iam:DetachRolePolicy",
          "iam:PutRolePermissionsBoundary",
          "iam:PutRolePolicy",
          "iam:TagRole",
          "iam:UntagRole",
          "iam:UpdateAssumeRolePolicy",
          "iam:UpdateRole",
          "iam:UpdateRoleDescription",
        ]
        Resource  = local.protected
        Condition = { ArnNotLike = { "aws:PrincipalArn" = local.makers } }
      },
    ]
  })
}

# The one control that prevents a peering which nobody reviewed: everything else only finds it. It binds every account below
# its targets but the management account, which no SCP binds, and service-linked roles.
resource "aws_organizations_policy" "peering" {
  name        = "${local.organization.name}-peering"
  description = "Peerings are created and accepted by Atlantis only, and nobody becomes Atlantis."
  type        = "SERVICE_CONTROL_POLICY"
  content     = local.peering_scp

  lifecycle {
    # AWS, "Quotas for AWS Organizations": characters of an SCP.
    precondition {
      condition     = length(local.peering_scp) <= 5120
      error_message = "The policy has ${length(local.peering_scp)} characters, and AWS takes 5120; name fewer or shorter peering_roles."
    }
  }
}

resource "aws_organizations_policy_attachment" "peering" {
  for_each = var.scp_targets

  policy_id = aws_organizations_policy.peering.id
  target_id = each.value
}
