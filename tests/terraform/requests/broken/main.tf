module "kept" {
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+kept@example.com"
    AccountName               = "kept"
    ManagedOrganizationalUnit = "Workloads"
    SSOUserEmail              = "platform@example.com"
    SSOUserFirstName          = "Platform"
    SSOUserLastName           = "Team"
  }

  account_tags = {
    Owner  = local.owner
    Domain = local.domain
  }

  change_management_parameters = { change_requested_by = "platform", change_reason = "kept" }
}
