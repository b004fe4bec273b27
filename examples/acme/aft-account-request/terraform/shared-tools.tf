module "shared-tools" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+shared-tools@acme.example"
    AccountName               = "shared-tools"
    ManagedOrganizationalUnit = "Infrastructure"
    SSOUserEmail              = "platform@acme.example"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }

  account_tags = {
    "environment" = "shared"
    "owner"       = "platform"
    "domain"      = "platform"
    "tier"        = "shared"
    "pci"         = "out"
  }

  change_management_parameters = {
    change_requested_by = "platform"
    change_reason       = "new account shared-tools"
  }

  custom_fields = {
    "account_name" = "shared-tools"
    "environment"  = "shared"
    "region"       = "us-east-1"
    "vpc_cidr"     = "10.22.0.0/20"
  }

  account_customizations_name = ""
}
