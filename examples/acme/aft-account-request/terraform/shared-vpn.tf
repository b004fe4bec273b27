module "shared-vpn" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+shared-vpn@acme.example"
    AccountName               = "shared-vpn"
    ManagedOrganizationalUnit = "Infrastructure"
    SSOUserEmail              = "platform@acme.example"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }

  account_tags = {
    "environment" = "shared"
    "owner"       = "platform"
    "domain"      = "platform"
    "tier"        = "vpn"
  }

  change_management_parameters = {
    change_requested_by = "platform"
    change_reason       = "new account shared-vpn"
  }

  custom_fields = {
    "account_name" = "shared-vpn"
    "environment"  = "shared"
    "region"       = "us-east-1"
    "vpc_cidr"     = "10.20.192.0/20"
  }

  account_customizations_name = ""
}
