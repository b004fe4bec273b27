module "staging-ml" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+staging-ml@acme.example"
    AccountName               = "staging-ml"
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail              = "platform@acme.example"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }

  account_tags = {
    "environment" = "staging"
    "owner"       = "ml-platform"
    "domain"      = "ml"
    "tier"        = "app"
  }

  change_management_parameters = {
    change_requested_by = "platform"
    change_reason       = "new account staging-ml"
  }

  custom_fields = {
    "account_name" = "staging-ml"
    "environment"  = "staging"
    "region"       = "us-east-1"
    "vpc_cidr"     = "10.16.48.0/20"
  }

  account_customizations_name = ""
}
