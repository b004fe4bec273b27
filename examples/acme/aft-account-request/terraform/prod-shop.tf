module "prod-shop" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+prod-shop@acme.example"
    AccountName               = "prod-shop"
    ManagedOrganizationalUnit = "Production"
    SSOUserEmail              = "platform@acme.example"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }

  account_tags = {
    "environment" = "prod"
    "owner"       = "web"
    "domain"      = "storefront"
    "tier"        = "app"
  }

  change_management_parameters = {
    change_requested_by = "platform"
    change_reason       = "new account prod-shop"
  }

  custom_fields = {
    "account_name"       = "prod-shop"
    "environment"        = "prod"
    "region"             = "us-east-1"
    "vpc_cidr"           = "10.7.16.0/20"
    "networks/eu-west-1" = "10.41.80.0/20"
  }

  account_customizations_name = ""
}
