variable "name" {
  description = "Name of the role, the same in every account."
  type        = string
}

variable "trusted_arns" {
  description = "ARNs of the roles that may assume it: CI's, and those of people who run scaffold pull or the audit."
  type        = set(string)

  validation {
    condition     = length(var.trusted_arns) > 0 && alltrue([for arn in var.trusted_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$", arn))])
    error_message = "trusted_arns is ${join(", ", var.trusted_arns)}; give ARNs of roles, such as arn:aws:iam::111122223333:role/acme-scaffold-ci."
  }
}

variable "reads_organization" {
  description = "Whether it also lists the organization's accounts and their tags, which only the management account can."
  type        = bool
  default     = false
}
