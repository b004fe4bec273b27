locals {
  lab_names = toset(["physics", "chemistry"])
  extra     = false
  never = {
    AccountEmail = "aws+never@example.com", AccountName = "never", ManagedOrganizationalUnit = "Labs"
    SSOUserEmail = "labs@example.com", SSOUserFirstName = "Never", SSOUserLastName = "Ever"
  }
}

module "lab" {
  for_each = local.lab_names
  source   = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+lab-${each.value}@example.com"
    AccountName               = "lab-${each.key}"
    ManagedOrganizationalUnit = "Labs"
    SSOUserEmail              = "labs@example.com"
    SSOUserFirstName          = "Lab"
    SSOUserLastName           = title(each.value)
  }
  change_management_parameters = { change_requested_by = "labs", change_reason = each.key }
}

module "student" {
  count  = 2
  source = "./modules/aft-account-request"

  control_tower_parameters = {
    AccountEmail              = "aws+student-${count.index + 1}@example.com"
    AccountName               = format("student-%02d", count.index + 1)
    ManagedOrganizationalUnit = "Labs"
    SSOUserEmail              = "labs@example.com"
    SSOUserFirstName          = "Student"
    SSOUserLastName           = tostring(count.index + 1)
  }
  account_tags                 = { Owner = count.index == 0 ? "anna" : "bert" }
  change_management_parameters = { change_requested_by = "labs", change_reason = "student" }
}

module "none" {
  count                        = local.extra ? 1 : 0
  source                       = "./modules/aft-account-request"
  control_tower_parameters     = local.never
  change_management_parameters = { change_requested_by = "labs", change_reason = "never" }
}
