# Copyright (c) HashiCorp, Inc.

module "sandbox" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail = "aws+learn-aft@example.com"
    AccountName  = "sandbox-aft"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "Learn AFT"
    # Syntax for nested OU
    # ManagedOrganizationalUnit = "Sandbox (ou-xfe5-a8hb8ml8)"
    SSOUserEmail     = "aws+learn-aft@example.com"
    SSOUserFirstName = "Sandbox"
    SSOUserLastName  = "AFT"
  }

  account_tags = {
    "Learn Tutorial" = "AFT"
  }

  change_management_parameters = {
    change_requested_by = "HashiCorp Learn"
    change_reason       = "Learn AWS Control Tower Account Factory for Terraform"
  }

  custom_fields = {
    group = "non-prod"
  }

  account_customizations_name = "sandbox"
}

# module "sandbox_2" {
#   source = "./modules/aft-account-request"
# }
