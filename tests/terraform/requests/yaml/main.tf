locals {
  sandboxes = yamldecode(file("${path.module}/accounts.yaml"))["sandboxes"]
}

module "sandbox" {
  source   = "./modules/aft-account-request"
  for_each = { for index, sandbox in local.sandboxes : index => sandbox }

  control_tower_parameters = {
    AccountEmail              = "aws+${each.value.name}@example.com"
    AccountName               = each.value.name
    ManagedOrganizationalUnit = "Sandbox"
    SSOUserEmail              = each.value.owner
    SSOUserFirstName          = title(trimsuffix(each.value.owner, "@example.com"))
    SSOUserLastName           = "Sandbox"
  }

  account_tags = {
    "TV2:Owner"      = each.value.owner
    "TV2:CostCenter" = format("%s", each.value.cost_center)
    "TV2:Index"      = tostring(each.key)
  }

  change_management_parameters = {
    change_requested_by = each.value.owner
    change_reason       = lookup(each.value, "purpose", "sandbox")
  }
}
