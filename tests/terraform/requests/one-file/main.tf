# Appended by the portal; do not reorder.
locals {
  domain = "example.com"
}

module "dev-web" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+dev-web@${local.domain}"
    AccountName               = "dev-web"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "dev"
    "Owner"       : "web"
    "CostCenter"  : "01001"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 1"
  }

  custom_fields = {
    group = "non-prod"
  }

  account_customizations_name = ""
}

module "test-web" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+test-web@${local.domain}"
    AccountName               = "test-web"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "test"
    "Owner"       : "web"
    "CostCenter"  : "01002"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 2"
  }

  custom_fields = {
    group = "non-prod"
  }

  account_customizations_name = ""
}

module "staging-web" {
  source = "./modules/aft-account-request"
  control_tower_parameters = { AccountEmail = "aws+staging-web@example.com", AccountName = "staging-web", ManagedOrganizationalUnit = "NonProduction", SSOUserEmail = "admin@example.com", SSOUserFirstName = "Cloud", SSOUserLastName = "Admin" }
  account_tags = { "Environment" = "staging", "Owner" = "web", "CostCenter" = "01003" }
  change_management_parameters = {
    change_requested_by = "Portal" , change_reason = "ticket 3" }
  custom_fields = { group = "non-prod" }
  account_customizations_name = ""
}

module "prod-web" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+prod-web@${local.domain}"
    AccountName               = "prod-web"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "Production (ou-ab12-prod3456)"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "prod"
    "Owner"       : "web"
    "CostCenter"  : "01004"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 4"
  }

  custom_fields = {
    group = "prod"
  }

  account_customizations_name = "baseline"
}

module "dev-data" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+dev-data@${local.domain}"
    AccountName               = "dev-data"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "dev"
    "Owner"       : "data"
    "CostCenter"  : "01005"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 5"
  }

  custom_fields = {
    group = "non-prod"
  }

  account_customizations_name = ""
}

module "test-data" {
  source = "./modules/aft-account-request"
  control_tower_parameters = { AccountEmail = "aws+test-data@example.com", AccountName = "test-data", ManagedOrganizationalUnit = "NonProduction", SSOUserEmail = "admin@example.com", SSOUserFirstName = "Cloud", SSOUserLastName = "Admin" }
  account_tags = { "Environment" = "test", "Owner" = "data", "CostCenter" = "01006" }
  change_management_parameters = {
    change_requested_by = "Portal" , change_reason = "ticket 6" }
  custom_fields = { group = "non-prod" }
  account_customizations_name = ""
}

module "staging-data" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+staging-data@${local.domain}"
    AccountName               = "staging-data"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "staging"
    "Owner"       : "data"
    "CostCenter"  : "01007"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 7"
  }

  custom_fields = {
    group = "non-prod"
  }

  account_customizations_name = ""
}

module "prod-data" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+prod-data@${local.domain}"
    AccountName               = "prod-data"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "Production (ou-ab12-prod3456)"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "prod"
    "Owner"       : "data"
    "CostCenter"  : "01008"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 8"
  }

  custom_fields = {
    group = "prod"
  }

  account_customizations_name = "baseline"
}

module "dev-ml" {
  source = "./modules/aft-account-request"
  control_tower_parameters = { AccountEmail = "aws+dev-ml@example.com", AccountName = "dev-ml", ManagedOrganizationalUnit = "NonProduction", SSOUserEmail = "admin@example.com", SSOUserFirstName = "Cloud", SSOUserLastName = "Admin" }
  account_tags = { "Environment" = "dev", "Owner" = "ml", "CostCenter" = "01009" }
  change_management_parameters = {
    change_requested_by = "Portal" , change_reason = "ticket 9" }
  custom_fields = { group = "non-prod" }
  account_customizations_name = ""
}

module "test-ml" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+test-ml@${local.domain}"
    AccountName               = "test-ml"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "test"
    "Owner"       : "ml"
    "CostCenter"  : "01010"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 10"
  }

  custom_fields = {
    group = "non-prod"
  }

  account_customizations_name = ""
}

module "staging-ml" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+staging-ml@${local.domain}"
    AccountName               = "staging-ml"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "staging"
    "Owner"       : "ml"
    "CostCenter"  : "01011"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 11"
  }

  custom_fields = {
    group = "non-prod"
  }

  account_customizations_name = ""
}

module "prod-ml" {
  source = "./modules/aft-account-request"
  control_tower_parameters = { AccountEmail = "aws+prod-ml@example.com", AccountName = "prod-ml", ManagedOrganizationalUnit = "Production (ou-ab12-prod3456)", SSOUserEmail = "admin@example.com", SSOUserFirstName = "Cloud", SSOUserLastName = "Admin" }
  account_tags = { "Environment" = "prod", "Owner" = "ml", "CostCenter" = "01012" }
  change_management_parameters = {
    change_requested_by = "Portal" , change_reason = "ticket 12" }
  custom_fields = { group = "prod" }
  account_customizations_name = "baseline"
}

module "dev-pay" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+dev-pay@${local.domain}"
    AccountName               = "dev-pay"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "dev"
    "Owner"       : "pay"
    "CostCenter"  : "01013"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 13"
  }

  custom_fields = {
    group = "non-prod"
  }

  account_customizations_name = ""
}

module "test-pay" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+test-pay@${local.domain}"
    AccountName               = "test-pay"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "test"
    "Owner"       : "pay"
    "CostCenter"  : "01014"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 14"
  }

  custom_fields = {
    group = "non-prod"
  }

  account_customizations_name = ""
}

module "staging-pay" {
  source = "./modules/aft-account-request"
  control_tower_parameters = { AccountEmail = "aws+staging-pay@example.com", AccountName = "staging-pay", ManagedOrganizationalUnit = "NonProduction", SSOUserEmail = "admin@example.com", SSOUserFirstName = "Cloud", SSOUserLastName = "Admin" }
  account_tags = { "Environment" = "staging", "Owner" = "pay", "CostCenter" = "01015" }
  change_management_parameters = {
    change_requested_by = "Portal" , change_reason = "ticket 15" }
  custom_fields = { group = "non-prod" }
  account_customizations_name = ""
}

module "prod-pay" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+prod-pay@${local.domain}"
    AccountName               = "prod-pay"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "Production (ou-ab12-prod3456)"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "prod"
    "Owner"       : "pay"
    "CostCenter"  : "01016"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 16"
  }

  custom_fields = {
    group = "prod"
  }

  account_customizations_name = "baseline"
}

module "dev-ops" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+dev-ops@${local.domain}"
    AccountName               = "dev-ops"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "dev"
    "Owner"       : "ops"
    "CostCenter"  : "01017"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 17"
  }

  custom_fields = {
    group = "non-prod"
  }

  account_customizations_name = ""
}

module "test-ops" {
  source = "./modules/aft-account-request"
  control_tower_parameters = { AccountEmail = "aws+test-ops@example.com", AccountName = "test-ops", ManagedOrganizationalUnit = "NonProduction", SSOUserEmail = "admin@example.com", SSOUserFirstName = "Cloud", SSOUserLastName = "Admin" }
  account_tags = { "Environment" = "test", "Owner" = "ops", "CostCenter" = "01018" }
  change_management_parameters = {
    change_requested_by = "Portal" , change_reason = "ticket 18" }
  custom_fields = { group = "non-prod" }
  account_customizations_name = ""
}

module "staging-ops" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+staging-ops@${local.domain}"
    AccountName               = "staging-ops"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "staging"
    "Owner"       : "ops"
    "CostCenter"  : "01019"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 19"
  }

  custom_fields = {
    group = "non-prod"
  }

  account_customizations_name = ""
}

module "prod-ops" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+prod-ops@${local.domain}"
    AccountName               = "prod-ops"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "Production (ou-ab12-prod3456)"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "prod"
    "Owner"       : "ops"
    "CostCenter"  : "01020"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 20"
  }

  custom_fields = {
    group = "prod"
  }

  account_customizations_name = "baseline"
}

module "dev-crm" {
  source = "./modules/aft-account-request"
  control_tower_parameters = { AccountEmail = "aws+dev-crm@example.com", AccountName = "dev-crm", ManagedOrganizationalUnit = "NonProduction", SSOUserEmail = "admin@example.com", SSOUserFirstName = "Cloud", SSOUserLastName = "Admin" }
  account_tags = { "Environment" = "dev", "Owner" = "crm", "CostCenter" = "01021" }
  change_management_parameters = {
    change_requested_by = "Portal" , change_reason = "ticket 21" }
  custom_fields = { group = "non-prod" }
  account_customizations_name = ""
}

module "test-crm" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+test-crm@${local.domain}"
    AccountName               = "test-crm"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "test"
    "Owner"       : "crm"
    "CostCenter"  : "01022"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 22"
  }

  custom_fields = {
    group = "non-prod"
  }

  account_customizations_name = ""
}

module "staging-crm" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+staging-crm@${local.domain}"
    AccountName               = "staging-crm"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "staging"
    "Owner"       : "crm"
    "CostCenter"  : "01023"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 23"
  }

  custom_fields = {
    group = "non-prod"
  }

  account_customizations_name = ""
}

module "prod-crm" {
  source = "./modules/aft-account-request"
  control_tower_parameters = { AccountEmail = "aws+prod-crm@example.com", AccountName = "prod-crm", ManagedOrganizationalUnit = "Production (ou-ab12-prod3456)", SSOUserEmail = "admin@example.com", SSOUserFirstName = "Cloud", SSOUserLastName = "Admin" }
  account_tags = { "Environment" = "prod", "Owner" = "crm", "CostCenter" = "01024" }
  change_management_parameters = {
    change_requested_by = "Portal" , change_reason = "ticket 24" }
  custom_fields = { group = "prod" }
  account_customizations_name = "baseline"
}

module "dev-erp" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+dev-erp@${local.domain}"
    AccountName               = "dev-erp"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "dev"
    "Owner"       : "erp"
    "CostCenter"  : "01025"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 25"
  }

  custom_fields = {
    group = "non-prod"
  }

  account_customizations_name = ""
}

module "test-erp" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+test-erp@${local.domain}"
    AccountName               = "test-erp"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "NonProduction"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "test"
    "Owner"       : "erp"
    "CostCenter"  : "01026"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 26"
  }

  custom_fields = {
    group = "non-prod"
  }

  account_customizations_name = ""
}

module "staging-erp" {
  source = "./modules/aft-account-request"
  control_tower_parameters = { AccountEmail = "aws+staging-erp@example.com", AccountName = "staging-erp", ManagedOrganizationalUnit = "NonProduction", SSOUserEmail = "admin@example.com", SSOUserFirstName = "Cloud", SSOUserLastName = "Admin" }
  account_tags = { "Environment" = "staging", "Owner" = "erp", "CostCenter" = "01027" }
  change_management_parameters = {
    change_requested_by = "Portal" , change_reason = "ticket 27" }
  custom_fields = { group = "non-prod" }
  account_customizations_name = ""
}

module "prod-erp" {
  source = "./modules/aft-account-request" // the module

  control_tower_parameters = {
    AccountEmail              = "aws+prod-erp@${local.domain}"
    AccountName               = "prod-erp"
    # Syntax for top-level OU
    ManagedOrganizationalUnit = "Production (ou-ab12-prod3456)"
    SSOUserEmail     = "admin@example.com",
    SSOUserFirstName = "Cloud",
    SSOUserLastName  = "Admin",
  }

  account_tags = {
    "Environment" : "prod"
    "Owner"       : "erp"
    "CostCenter"  : "01028"   /* finance */
  }

  change_management_parameters = {
    change_requested_by = "Portal"
    change_reason       = "ticket 28"
  }

  custom_fields = {
    group = "prod"
  }

  account_customizations_name = "baseline"
}
