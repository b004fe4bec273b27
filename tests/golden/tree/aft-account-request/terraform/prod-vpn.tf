module "prod-vpn" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+prod-vpn@acme.com"
    AccountName               = "prod-vpn"
    ManagedOrganizationalUnit = "Production"
    SSOUserEmail              = "platform@acme.com"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }

  account_tags = {
    "environment" = "prod"
    "owner"       = "platform"
    "tier"        = "vpn"
  }

  change_management_parameters = {
    change_requested_by = "platform"
    change_reason       = "new account prod-vpn"
  }

  custom_fields = {
    "account_name" = "prod-vpn"
    "environment"  = "prod"
    "region"       = "us-east-1"
    "vpc_cidr"     = "10.6.80.0/20"
  }

  account_customizations_name = ""
}
