module "staging-vpn" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+staging-vpn@acme.example"
    AccountName               = "staging-vpn"
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail              = "platform@acme.example"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }

  account_tags = {
    "environment" = "staging"
    "owner"       = "platform"
    "domain"      = "platform"
    "tier"        = "vpn"
  }

  change_management_parameters = {
    change_requested_by = "platform"
    change_reason       = "new account staging-vpn"
  }

  custom_fields = {
    "account_name" = "staging-vpn"
    "environment"  = "staging"
    "region"       = "us-east-1"
    "vpc_cidr"     = "10.25.160.0/20"
  }

  account_customizations_name = ""
}
