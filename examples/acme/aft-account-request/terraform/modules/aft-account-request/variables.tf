variable "control_tower_parameters" {
  description = "What Control Tower's account factory is asked for. Only the organizational unit of an existing account can change."
  type = object({
    AccountEmail              = string
    AccountName               = string
    ManagedOrganizationalUnit = string
    SSOUserEmail              = string
    SSOUserFirstName          = string
    SSOUserLastName           = string
  })
}

variable "change_management_parameters" {
  description = "Who asked for the change and why. AFT records both."
  type = object({
    change_requested_by = string
    change_reason       = string
  })
}

variable "account_tags" {
  description = "Tags of the account in AWS Organizations. Every value is a quoted string; AFT adds and overwrites tags, it never removes one."
  type        = map(any)
  default     = {}
}

variable "custom_fields" {
  description = "Values that AFT publishes in the account under /aft/account-request/custom-fields/. Every value is a quoted string that is not empty."
  type        = map(any)
  default     = {}
}

variable "account_customizations_name" {
  description = "Folder of aft-account-customizations that AFT applies in the account. Empty skips that stage."
  type        = string
  default     = ""
}

variable "account-request-table" {
  description = "DynamoDB table in which AFT keeps account requests."
  type        = string
  default     = "aft-request"
}

variable "account-request-table-hash" {
  description = "Hash key of that table."
  type        = string
  default     = "id"
}
