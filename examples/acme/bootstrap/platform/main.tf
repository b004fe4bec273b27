provider "aws" {
  region              = local.organization.state.region
  allowed_account_ids = [local.account]

  default_tags {
    tags = local.tags
  }
}

locals {
  account   = local.organization.accounts.platform
  partition = local.organization.partition
  roles     = local.organization.roles

  # Built here rather than read from what has them, so that a plan shows every policy.
  bucket_arn     = "arn:${local.partition}:s3:::${local.organization.state.bucket}"
  role_arns      = { for use in ["atlantis_server", "ci"] : use => "arn:${local.partition}:iam::${local.account}:role/${local.roles[use]}" }
  lock_table_arn = "arn:${local.partition}:dynamodb:${local.organization.state.region}:${local.account}:table/${coalesce(local.organization.state.lock_table, "none")}"

  tags = { managed-by = "scaffold" }
}

# Topics and roles name the organization by its id: with a wrong one every alarm would be refused, and Atlantis assume nothing.
data "aws_organizations_organization" "this" {
  lifecycle {
    postcondition {
      condition     = self.id == local.organization.id
      error_message = "This account is in the organization ${self.id}, and scaffold.yaml says ${local.organization.id}; correct organization.id there, and run \"scaffold sync\"."
    }
  }
}

data "aws_partition" "current" {}
