# What "scaffold pull" and the audit ask of an account, and nothing else: no word of what it stores.
locals {
  network = [
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
  organization = [
    "organizations:ListAccounts",
    "organizations:ListTagsForResource",
  ]
}

resource "aws_iam_role" "this" {
  name        = var.name
  description = "Read by scaffold: networks, peerings and quotas."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { AWS = sort(var.trusted_arns) }
        Action    = "sts:AssumeRole"
      },
    ]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "read"
  role = aws_iam_role.this.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = concat(local.network, var.reads_organization ? local.organization : [])
        Resource = "*"
      },
    ]
  })
}
