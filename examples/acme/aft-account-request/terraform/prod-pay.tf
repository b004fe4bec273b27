module "prod-pay" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+prod-pay@acme.example"
    AccountName               = "prod-pay"
    ManagedOrganizationalUnit = "Production"
    SSOUserEmail              = "platform@acme.example"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }

  account_tags = {
    "environment" = "prod"
    "owner"       = "payments"
    "domain"      = "payments"
    "tier"        = "app"
    "pci"         = "connected"
  }

  change_management_parameters = {
    change_requested_by = "platform"
    change_reason       = "new account prod-pay"
  }

  custom_fields = {
    "account_name" = "prod-pay"
    "environment"  = "prod"
    "region"       = "us-east-1"
    "vpc_cidr"     = "10.8.64.0/20"
  }

  account_customizations_name = ""
}
