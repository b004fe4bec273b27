variable "names" {
  description = "Names of the two topics of a region. They are fixed: stacks of every account compute the ARNs from them."
  type = object({
    critical = string
    notice   = string
  })

  validation {
    condition     = alltrue([for name in values(var.names) : can(regex("^[A-Za-z0-9_-]{1,256}$", name))])
    error_message = "names are ${join(", ", values(var.names))}; SNS takes up to 256 letters, digits, hyphens and underscores."
  }

  validation {
    condition     = var.names.critical != var.names.notice
    error_message = "names are ${join(", ", values(var.names))}; give each topic its own."
  }
}

variable "key_alias" {
  description = "Alias of the key that encrypts both topics."
  type        = string

  validation {
    condition     = can(regex("^alias/[A-Za-z0-9/_-]+$", var.key_alias)) && !startswith(var.key_alias, "alias/aws/")
    error_message = "key_alias is \"${var.key_alias}\"; give an alias of your own, such as alias/acme-alerts: under alias/aws/sns every alarm fails silently."
  }
}

variable "organization_id" {
  description = "Id of the organization whose alarms may publish."
  type        = string

  validation {
    condition     = can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "organization_id is \"${var.organization_id}\"; give an id such as o-a1b2c3d4e5."
  }
}
