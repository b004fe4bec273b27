variable "repository_name" {
  type = string
}

variable "repository_template" {
  type    = string
  default = "account"
}

variable "workspace" {
  type    = any
  default = {}
}

variable "control_tower_parameters" {
  type = map(string)
}

variable "account_tags" {
  type    = map(any)
  default = {}
}

variable "change_management_parameters" {
  type = map(string)
}

variable "custom_fields" {
  type    = map(any)
  default = {}
}

variable "account_customizations_name" {
  type    = string
  default = ""
}

module "request" {
  source                       = "../aft-account-request"
  control_tower_parameters     = var.control_tower_parameters
  account_tags                 = var.account_tags
  change_management_parameters = var.change_management_parameters
  custom_fields                = var.custom_fields
  account_customizations_name  = var.account_customizations_name
}
