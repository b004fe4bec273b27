locals {
  files    = fileset(path.module, "accounts/**/*.{yaml,yml}")
  accounts = { for file in local.files : trimsuffix(trimsuffix(basename(file), ".yaml"), ".yml") => yamldecode(file("${path.module}/${file}")) }
}

module "accounts" {
  source   = "./modules/aft-account-request"
  for_each = local.accounts

  control_tower_parameters     = each.value.control_tower_parameters
  account_tags                 = try(each.value.account_tags, {})
  change_management_parameters = each.value.change_management_parameters
  custom_fields                = { for name, value in try(each.value.custom_fields, {}) : name => value if value != null }
  account_customizations_name  = lookup(each.value, "account_customizations_name", "")
}
