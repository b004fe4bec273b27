module "dev-pay" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+dev-pay@acme.example"
    AccountName               = "dev-pay"
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail              = "platform@acme.example"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }

  account_tags = {
    "environment" = "dev"
    "owner"       = "payments"
    "domain"      = "payments"
    "tier"        = "app"
  }

  change_management_parameters = {
    change_requested_by = "platform"
    change_reason       = "new account dev-pay"
  }

  custom_fields = {
    "account_name" = "dev-pay"
    "environment"  = "dev"
    "region"       = "us-east-1"
    "vpc_cidr"     = "10.30.176.0/20"
  }

  account_customizations_name = ""
}
