variable "scp_targets" {
  description = "Ids of what the policy against rogue peerings is attached to: organizational units, accounts, or the root. Begin with a unit for tests; [] attaches it to nothing."
  type        = set(string)

  validation {
    condition     = alltrue([for target in var.scp_targets : can(regex("^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|[0-9]{12})$", target))])
    error_message = "scp_targets is ${join(", ", var.scp_targets)}; give ids of units (ou-ab12-cdef3456), of accounts (twelve digits), or of the root (r-ab12)."
  }
}

variable "peering_roles" {
  description = "Names of further roles that may create and accept peerings, in every account: with their path, * for any characters. Nobody can change them either."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.peering_roles : can(regex("^[A-Za-z0-9_+=,.@-]{3}[A-Za-z0-9_+=,.@/*-]*$", name))])
    error_message = "peering_roles is ${join(", ", var.peering_roles)}; give names such as network-admin, or aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Network_*: three characters at least stand before the first *."
  }
}

variable "reader_arns" {
  description = "ARNs of further roles that may read through the reader role: those of people who run scaffold pull or the audit."
  type        = set(string)
  default     = []
}

variable "activate_cost_allocation_tags" {
  description = "Whether bills can be split by the tags of scaffold.yaml. AWS knows a key about a day after a resource first carried it; before that, activating it fails."
  type        = bool
  default     = false
}
