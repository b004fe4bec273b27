module "prod-ledger" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+prod-ledger@acme.example"
    AccountName               = "prod-ledger"
    ManagedOrganizationalUnit = "Production"
    SSOUserEmail              = "platform@acme.example"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }

  account_tags = {
    "environment" = "prod"
    "owner"       = "payments"
    "domain"      = "payments"
    "tier"        = "data"
    "pci"         = "cde"
  }

  change_management_parameters = {
    change_requested_by = "platform"
    change_reason       = "new account prod-ledger"
  }

  custom_fields = {
    "account_name" = "prod-ledger"
    "environment"  = "prod"
    "region"       = "us-east-1"
    "vpc_cidr"     = "10.12.208.0/20"
  }

  account_customizations_name = ""
}
