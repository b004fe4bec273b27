variable "requester" {
  description = "The network that asks for the connection: all its ranges, and the route tables that lead to the other side."
  type = object({
    name             = string
    id               = string
    region           = string
    vpc_id           = string
    cidr_blocks      = list(string)
    ipv6_cidr_blocks = list(string)
    route_table_ids  = list(string)
  })

  validation {
    condition     = can(regex("^[0-9]{12}$", var.requester.id))
    error_message = "requester.id is \"${var.requester.id}\"; give the 12 digits of the account's id, in quotes."
  }

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]+$", var.requester.region))
    error_message = "requester.region is \"${var.requester.region}\"; give a region such as us-east-1."
  }

  validation {
    condition     = can(regex("^vpc-([0-9a-f]{8}|[0-9a-f]{17})$", var.requester.vpc_id))
    error_message = "requester.vpc_id is \"${var.requester.vpc_id}\"; give the id of a VPC, such as vpc-0123456789abcdef0."
  }

  validation {
    condition     = length(var.requester.cidr_blocks) > 0
    error_message = "requester.cidr_blocks is empty; give every IPv4 range of the VPC: it has at least one."
  }

  validation {
    condition     = alltrue([for range in var.requester.cidr_blocks : can(cidrnetmask(range))])
    error_message = "requester.cidr_blocks is ${join(", ", var.requester.cidr_blocks)}; give IPv4 ranges such as 10.20.0.0/20."
  }

  validation {
    # What is no IPv4 range at all is refused above.
    condition     = alltrue([for range in var.requester.cidr_blocks : can(cidrnetmask(range)) ? cidrsubnet(range, 0, 0) == range : true])
    error_message = "requester.cidr_blocks is ${join(", ", var.requester.cidr_blocks)}; the ranges these lie in are ${join(", ", [for range in var.requester.cidr_blocks : try(cidrsubnet(range, 0, 0), "unknown")])}: write those, or the ranges you meant."
  }

  validation {
    condition     = length(distinct(var.requester.cidr_blocks)) == length(var.requester.cidr_blocks)
    error_message = "requester.cidr_blocks names a range twice: ${join(", ", var.requester.cidr_blocks)}; give each once."
  }

  validation {
    condition     = alltrue([for range in var.requester.ipv6_cidr_blocks : can(cidrhost(range, 0)) && !can(cidrnetmask(range))])
    error_message = "requester.ipv6_cidr_blocks is ${join(", ", var.requester.ipv6_cidr_blocks)}; give IPv6 ranges such as 2001:db8:0:100::/56."
  }

  validation {
    # What is no IPv6 range at all is refused above. AWS writes lower case and as short as can be, and the ranges are compared as text.
    condition     = alltrue([for range in var.requester.ipv6_cidr_blocks : can(cidrhost(range, 0)) ? cidrsubnet(range, 0, 0) == range : true])
    error_message = "requester.ipv6_cidr_blocks is ${join(", ", var.requester.ipv6_cidr_blocks)}; the ranges these lie in are ${join(", ", [for range in var.requester.ipv6_cidr_blocks : try(cidrsubnet(range, 0, 0), "unknown")])}: write those, or the ranges you meant."
  }

  validation {
    condition     = length(distinct(var.requester.ipv6_cidr_blocks)) == length(var.requester.ipv6_cidr_blocks)
    error_message = "requester.ipv6_cidr_blocks names a range twice: ${join(", ", var.requester.ipv6_cidr_blocks)}; give each once."
  }

  validation {
    condition     = length(var.requester.route_table_ids) > 0
    error_message = "requester.route_table_ids is empty; give the tables that are to lead to the other side: without one no answer finds its way back."
  }

  validation {
    condition     = alltrue([for table in var.requester.route_table_ids : can(regex("^rtb-([0-9a-f]{8}|[0-9a-f]{17})$", table))])
    error_message = "requester.route_table_ids is ${join(", ", var.requester.route_table_ids)}; give ids of route tables, such as rtb-0123456789abcdef0."
  }

  validation {
    condition     = length(distinct(var.requester.route_table_ids)) == length(var.requester.route_table_ids)
    error_message = "requester.route_table_ids names a table twice: ${join(", ", var.requester.route_table_ids)}; give each once."
  }
}

variable "accepter" {
  description = "The network that accepts the connection: all its ranges, and the route tables that lead to the other side."
  type = object({
    name             = string
    id               = string
    region           = string
    vpc_id           = string
    cidr_blocks      = list(string)
    ipv6_cidr_blocks = list(string)
    route_table_ids  = list(string)
  })

  validation {
    condition     = can(regex("^[0-9]{12}$", var.accepter.id))
    error_message = "accepter.id is \"${var.accepter.id}\"; give the 12 digits of the account's id, in quotes."
  }

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]+$", var.accepter.region))
    error_message = "accepter.region is \"${var.accepter.region}\"; give a region such as us-east-1."
  }

  validation {
    condition     = can(regex("^vpc-([0-9a-f]{8}|[0-9a-f]{17})$", var.accepter.vpc_id))
    error_message = "accepter.vpc_id is \"${var.accepter.vpc_id}\"; give the id of a VPC, such as vpc-0123456789abcdef0."
  }

  validation {
    condition     = length(var.accepter.cidr_blocks) > 0
    error_message = "accepter.cidr_blocks is empty; give every IPv4 range of the VPC: it has at least one."
  }

  validation {
    condition     = alltrue([for range in var.accepter.cidr_blocks : can(cidrnetmask(range))])
    error_message = "accepter.cidr_blocks is ${join(", ", var.accepter.cidr_blocks)}; give IPv4 ranges such as 10.20.0.0/20."
  }

  validation {
    # What is no IPv4 range at all is refused above.
    condition     = alltrue([for range in var.accepter.cidr_blocks : can(cidrnetmask(range)) ? cidrsubnet(range, 0, 0) == range : true])
    error_message = "accepter.cidr_blocks is ${join(", ", var.accepter.cidr_blocks)}; the ranges these lie in are ${join(", ", [for range in var.accepter.cidr_blocks : try(cidrsubnet(range, 0, 0), "unknown")])}: write those, or the ranges you meant."
  }

  validation {
    condition     = length(distinct(var.accepter.cidr_blocks)) == length(var.accepter.cidr_blocks)
    error_message = "accepter.cidr_blocks names a range twice: ${join(", ", var.accepter.cidr_blocks)}; give each once."
  }

  validation {
    condition     = alltrue([for range in var.accepter.ipv6_cidr_blocks : can(cidrhost(range, 0)) && !can(cidrnetmask(range))])
    error_message = "accepter.ipv6_cidr_blocks is ${join(", ", var.accepter.ipv6_cidr_blocks)}; give IPv6 ranges such as 2001:db8:0:100::/56."
  }

  validation {
    # What is no IPv6 range at all is refused above. AWS writes lower case and as short as can be, and the ranges are compared as text.
    condition     = alltrue([for range in var.accepter.ipv6_cidr_blocks : can(cidrhost(range, 0)) ? cidrsubnet(range, 0, 0) == range : true])
    error_message = "accepter.ipv6_cidr_blocks is ${join(", ", var.accepter.ipv6_cidr_blocks)}; the ranges these lie in are ${join(", ", [for range in var.accepter.ipv6_cidr_blocks : try(cidrsubnet(range, 0, 0), "unknown")])}: write those, or the ranges you meant."
  }

  validation {
    condition     = length(distinct(var.accepter.ipv6_cidr_blocks)) == length(var.accepter.ipv6_cidr_blocks)
    error_message = "accepter.ipv6_cidr_blocks names a range twice: ${join(", ", var.accepter.ipv6_cidr_blocks)}; give each once."
  }

  validation {
    condition     = length(var.accepter.route_table_ids) > 0
    error_message = "accepter.route_table_ids is empty; give the tables that are to lead to the other side: without one no answer finds its way back."
  }

  validation {
    condition     = alltrue([for table in var.accepter.route_table_ids : can(regex("^rtb-([0-9a-f]{8}|[0-9a-f]{17})$", table))])
    error_message = "accepter.route_table_ids is ${join(", ", var.accepter.route_table_ids)}; give ids of route tables, such as rtb-0123456789abcdef0."
  }

  validation {
    condition     = length(distinct(var.accepter.route_table_ids)) == length(var.accepter.route_table_ids)
    error_message = "accepter.route_table_ids names a table twice: ${join(", ", var.accepter.route_table_ids)}; give each once."
  }
}

variable "dns" {
  description = "Whether each side resolves the other side's public DNS names to private addresses. Both VPCs need DNS support and DNS hostnames."
  type        = bool
}
