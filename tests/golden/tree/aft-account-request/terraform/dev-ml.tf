module "dev-ml" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+dev-ml@acme.com"
    AccountName               = "dev-ml"
    ManagedOrganizationalUnit = "Sandbox"
    SSOUserEmail              = "platform@acme.com"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }

  account_tags = {
    "environment" = "dev"
    "owner"       = "ml-platform"
    "tier"        = "app"
  }

  change_management_parameters = {
    change_requested_by = "platform"
    change_reason       = "new account dev-ml"
  }

  custom_fields = {
    "account_name" = "dev-ml"
    "environment"  = "dev"
    "region"       = "us-east-1"
    "vpc_cidr"     = "10.16.0.0/20"
  }

  account_customizations_name = ""
}
