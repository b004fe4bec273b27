module "dev-ml" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+dev-ml@acme.example"
    AccountName               = "dev-ml"
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail              = "platform@acme.example"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }

  account_tags = {
    "environment" = "dev"
    "owner"       = "ml-platform"
    "domain"      = "ml"
    "tier"        = "app"
  }

  change_management_parameters = {
    change_requested_by = "platform"
    change_reason       = "new account dev-ml"
  }

  custom_fields = {
    "account_name" = "dev-ml"
    "environment"  = "dev"
    "region"       = "eu-west-1"
    "vpc_cidr"     = "10.48.0.0/20"
  }

  account_customizations_name = ""
}
