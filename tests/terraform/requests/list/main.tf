module "aft_accounts" {
  source   = "./modules/aft-account-request"
  for_each = { for account in local.accounts : replace(lower(account.name), " ", "-") => account }

  control_tower_parameters = {
    AccountEmail              = "aws+${each.value.email}@example.com"
    AccountName               = each.value.name
    ManagedOrganizationalUnit = each.value.ou
    SSOUserEmail              = "aws+${each.value.email}@example.com"
    SSOUserFirstName          = split(" ", each.value.name)[0]
    SSOUserLastName           = "Admin"
  }
  account_tags = merge({ ManagedBy = "AFT", Name = each.key }, each.value.tags)
  change_management_parameters = {
    change_requested_by = "Cloud Team"
    change_reason       = format("%s: account %02d", title(each.key), length(local.accounts))
  }
  custom_fields               = { group = length(each.value.tags) > 0 ? "workloads" : "sandbox" }
  account_customizations_name = each.value.ou == "Sandbox" ? "sandbox" : ""
}
