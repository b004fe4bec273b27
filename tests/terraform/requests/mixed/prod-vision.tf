module "prod-vision" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+prod-vision@example.com"
    AccountName               = "prod-vision"
    ManagedOrganizationalUnit = "Production (ou-ab12-cdef3456)"
    SSOUserEmail              = "platform@example.com"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }

  account_tags = {
    "environment" = "prod"
    "owner"       = "ml-platform"
  }

  change_management_parameters = {
    change_requested_by = "platform"
    change_reason       = "new account prod-vision"
  }

  custom_fields = {
    "account_name" = "prod-vision"
    "environment"  = "prod"
  }

  account_customizations_name = ""
}
