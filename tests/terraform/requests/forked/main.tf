module "analytics" {
  source = "./modules/account-with-repository"

  repository_name     = "analytics"
  repository_template = var.template
  workspace           = { name = "analytics", terraform_version = "1.6.1" }

  control_tower_parameters = {
    SSOUserLastName           = "Team"
    SSOUserFirstName          = "Data"
    SSOUserEmail              = "data@example.com"
    ManagedOrganizationalUnit = "Workloads"
    AccountName               = "analytics"
    AccountEmail              = "aws+analytics@example.com"
  }

  account_tags = {
    Owner = "data"
  }

  change_management_parameters = {
    change_requested_by = "data"
    change_reason       = <<-EOT
      analytics,
        and its repository
    EOT
  }

  custom_fields = {
    repository = "analytics"
  }

  account_customizations_name = "analytics"
  depends_on                  = [module.reporting]
}

module "reporting" {
  source                       = "./modules/account-with-repository"
  repository_name              = "reporting"
  control_tower_parameters     = local.reporting
  change_management_parameters = { change_requested_by = "data", change_reason = "reporting" }
}

locals {
  reporting = {
    AccountEmail = "aws+reporting@example.com", AccountName = "reporting", ManagedOrganizationalUnit = "Workloads",
    SSOUserEmail = "data@example.com", SSOUserFirstName = "Data", SSOUserLastName = "Team"
  }
}
