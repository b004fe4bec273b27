module "staging-pay" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+staging-pay@acme.example"
    AccountName               = "staging-pay"
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail              = "platform@acme.example"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }

  account_tags = {
    "environment" = "staging"
    "owner"       = "payments"
    "domain"      = "payments"
    "tier"        = "app"
  }

  change_management_parameters = {
    change_requested_by = "platform"
    change_reason       = "new account staging-pay"
  }

  custom_fields = {
    "account_name" = "staging-pay"
    "environment"  = "staging"
    "region"       = "us-east-1"
    "vpc_cidr"     = "10.18.0.0/20"
  }

  account_customizations_name = ""
}
