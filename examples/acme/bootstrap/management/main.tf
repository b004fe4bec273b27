provider "aws" {
  region              = local.organization.home_region
  allowed_account_ids = [local.organization.accounts.management]

  default_tags {
    tags = { managed-by = "scaffold" }
  }
}

locals {
  partition = local.organization.partition
  roles     = local.organization.roles
}

data "aws_organizations_organization" "this" {
  lifecycle {
    postcondition {
      condition     = self.id == local.organization.id
      error_message = "This account is in the organization ${self.id}, and scaffold.yaml says ${local.organization.id}; correct organization.id there, and run \"scaffold sync\"."
    }

    postcondition {
      condition     = self.master_account_id == local.organization.accounts.management
      error_message = "The management account of this organization is ${self.master_account_id}, and scaffold.yaml says ${local.organization.accounts.management}; correct accounts.management there, and run \"scaffold sync\"."
    }
  }
}

# No StackSet, no AFT and no SCP reaches the management account, so its reader role is made here. There is no resource policy
# of the organization in its place: an organization has one at most, and ours would replace somebody's.
module "reader" {
  source = "../modules/reader"

  name               = local.roles.reader
  trusted_arns       = setunion(["arn:${local.partition}:iam::${local.organization.accounts.platform}:role/${local.roles.ci}"], var.reader_arns)
  reads_organization = true
}
