module "prod-ml" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+prod-ml@acme.example"
    AccountName               = "prod-ml"
    ManagedOrganizationalUnit = "Production"
    SSOUserEmail              = "platform@acme.example"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }

  account_tags = {
    "environment" = "prod"
    "owner"       = "ml-platform"
    "domain"      = "ml"
    "tier"        = "app"
    "pci"         = "out"
  }

  change_management_parameters = {
    change_requested_by = "platform"
    change_reason       = "new account prod-ml"
  }

  custom_fields = {
    "account_name" = "prod-ml"
    "environment"  = "prod"
    "region"       = "us-east-1"
    "vpc_cidr"     = "10.3.160.0/20"
  }

  account_customizations_name = ""
}
