module "dev-vpn" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+dev-vpn@acme.example"
    AccountName               = "dev-vpn"
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail              = "platform@acme.example"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }

  account_tags = {
    "environment" = "dev"
    "owner"       = "platform"
    "domain"      = "platform"
    "tier"        = "vpn"
  }

  change_management_parameters = {
    change_requested_by = "platform"
    change_reason       = "new account dev-vpn"
  }

  custom_fields = {
    "account_name" = "dev-vpn"
    "environment"  = "dev"
    "region"       = "us-east-1"
    "vpc_cidr"     = "10.26.112.0/20"
  }

  account_customizations_name = ""
}
