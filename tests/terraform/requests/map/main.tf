locals {
  defaults = {
    ou       = "Workloads"
    sso      = { first = "Platform", last = "Team", email = "platform@example.com" }
    features = ["logging", "backup"]
  }

  accounts = {
    network = {
      ou   = "Infrastructure (ou-ab12-infra345)"
      cidr = "10.0.0.0/20"
      tags = { Owner = "network", Environment = "prod" }
    }
    "shop-dev" = {
      cidr = "10.0.16.0/20"
      tags = { Owner = "shop", Environment = "dev" }
      features = []
    }
    "shop-prod" = {
      tags     = { Owner = "shop", Environment = "prod" }
      contacts = { billing = "billing@example.com", "security" = "sec@example.com" }
    }
  }
}

module "account" {
  for_each = local.accounts
  source   = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = join("", ["aws+", each.key, "@example.com"])
    AccountName               = each.key
    ManagedOrganizationalUnit = lookup(each.value, "ou", local.defaults.ou)
    SSOUserEmail              = local.defaults.sso.email
    SSOUserFirstName          = local.defaults.sso["first"]
    SSOUserLastName           = local.defaults.sso.last
  }

  account_tags = merge(each.value.tags, {
    for name in try(each.value.features, local.defaults.features) : "feature:${name}" => "on"
  })

  change_management_parameters = {
    change_requested_by = coalesce(try(each.value.requested_by, null), "platform")
    change_reason       = "account ${each.key}"
  }

  custom_fields = merge(
    { account_name = each.key, region = "eu-central-1" },
    can(each.value.cidr) ? { vpc_cidr = each.value.cidr } : {},
    { contacts = jsonencode(try(each.value.contacts, {})) },
  )

  account_customizations_name = contains(keys(each.value), "cidr") ? "network" : ""
}
