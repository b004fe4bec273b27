module "data-dev" {
  source                   = "./modules/aft-account-request"
  control_tower_parameters = merge(local.sso, {
    AccountEmail              = "aws+data-dev@${local.suffix}"
    AccountName               = "data-dev"
    ManagedOrganizationalUnit = local.ous["dev"]
  })
  account_tags = merge(local.common_tags, {
    "${local.org}:owner"       = local.teams.data.owner
    "${local.org}:cost-center" = tostring(local.teams.data.cost + 1)
    "${local.org}:groups"      = join(" ", sort(distinct(concat(["b", "a"], ["b", lower("C")]))))
  })
  change_management_parameters = local.change
  custom_fields                = {
    alternate_contacts = jsonencode({ "billing" = { "email-address" = local.teams.data.mail, "name" = "A & B" } })
  }
}
