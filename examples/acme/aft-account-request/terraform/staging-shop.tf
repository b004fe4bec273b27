module "staging-shop" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+staging-shop@acme.example"
    AccountName               = "staging-shop"
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail              = "platform@acme.example"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }

  account_tags = {
    "environment" = "staging"
    "owner"       = "web"
    "domain"      = "storefront"
    "tier"        = "app"
  }

  change_management_parameters = {
    change_requested_by = "platform"
    change_reason       = "new account staging-shop"
  }

  custom_fields = {
    "account_name" = "staging-shop"
    "environment"  = "staging"
    "region"       = "us-east-1"
    "vpc_cidr"     = "10.30.16.0/20"
  }

  account_customizations_name = ""
}
