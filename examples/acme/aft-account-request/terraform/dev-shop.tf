module "dev-shop" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+dev-shop@acme.example"
    AccountName               = "dev-shop"
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail              = "platform@acme.example"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }

  account_tags = {
    "environment" = "dev"
    "owner"       = "web"
    "domain"      = "storefront"
    "tier"        = "app"
  }

  change_management_parameters = {
    change_requested_by = "platform"
    change_reason       = "new account dev-shop"
  }

  custom_fields = {
    "account_name" = "dev-shop"
    "environment"  = "dev"
    "region"       = "us-east-1"
    "vpc_cidr"     = "10.23.32.0/20"
  }

  account_customizations_name = ""
}
