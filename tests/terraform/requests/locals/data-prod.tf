module "data-prod" {
  source                   = "./modules/aft-account-request"
  control_tower_parameters = merge(local.sso, {
    AccountEmail              = "aws+data-prod@${local.suffix}"
    AccountName               = "data-prod"
    ManagedOrganizationalUnit = local.ous.prod
  })
  account_tags                 = local.common_tags
  change_management_parameters = local.change
}

locals {
  sso = {
    SSOUserEmail     = local.teams.data.mail
    SSOUserFirstName = "Data"
    SSOUserLastName  = "Team"
  }
  change = {
    change_requested_by = local.teams.data.owner
    change_reason       = upper("new")
  }
}
