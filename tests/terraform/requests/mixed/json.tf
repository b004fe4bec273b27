module "from_json" {
  source   = "./modules/aft-account-request"
  for_each = jsondecode(file("${path.module}/accounts.json"))

  control_tower_parameters = {
    AccountEmail              = each.value.email
    AccountName               = each.key
    ManagedOrganizationalUnit = "Infrastructure"
    SSOUserEmail              = "network@example.com"
    SSOUserFirstName          = "Network"
    SSOUserLastName           = "Team"
  }
  account_tags                 = each.value.tags
  change_management_parameters = { change_requested_by = "network", change_reason = "from_json" }
}

moved {
  from = module.hub
  to   = module.from_json["hub"]
}
