variable "name" {
  description = "Name of the network, unique within the account and region, such as prod-ml or prod-ml.eu-west-1."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9.-]{0,126}[a-z0-9])?$", var.name))
    error_message = "name is \"${var.name}\"; use at most 128 lower-case letters, digits, dots and hyphens, with a letter or digit at both ends."
  }
}

variable "cidr_block" {
  description = "IPv4 range of the VPC, between /16 and /22. It cannot change later: every subnet is cut from it."
  type        = string

  validation {
    condition = can(cidrnetmask(var.cidr_block)) && try(
      tonumber(split("/", var.cidr_block)[1]) >= 16 && tonumber(split("/", var.cidr_block)[1]) <= 22,
      false,
    )
    error_message = "cidr_block is \"${var.cidr_block}\"; give an IPv4 range between /16 and /22, such as 10.20.0.0/20."
  }

  validation {
    # What is no IPv4 range at all is refused above.
    condition     = !can(cidrnetmask(var.cidr_block)) || try(cidrsubnet(var.cidr_block, 0, 0) == var.cidr_block, true)
    error_message = "cidr_block is \"${var.cidr_block}\"; the range it lies in is ${try(cidrsubnet(var.cidr_block, 0, 0), "unknown")}: write that, or the range you meant."
  }
}

variable "zone_ids" {
  description = "Two or three availability zone ids. A zone's position decides its ranges: append a third one, never reorder."
  type        = list(string)

  validation {
    condition     = contains([2, 3], length(var.zone_ids))
    error_message = "zone_ids holds ${length(var.zone_ids)} zone(s); give two or three, such as [\"use1-az1\", \"use1-az2\"]."
  }

  validation {
    condition     = length(distinct(var.zone_ids)) == length(var.zone_ids)
    error_message = "zone_ids names a zone twice: ${join(", ", var.zone_ids)}; give each zone once."
  }

  validation {
    condition     = alltrue([for zone in var.zone_ids : can(regex("^[a-z]+[0-9]+-az[0-9]+$", zone))])
    error_message = "zone_ids is ${join(", ", var.zone_ids)}; give zone ids such as use1-az1. Zone names such as us-east-1a mean another place in every account."
  }
}

variable "nat_gateways" {
  description = "\"one_per_zone\": losing a zone costs that zone only. \"single\": cheaper, and losing the first zone cuts every private subnet off from the internet."
  type        = string

  validation {
    condition     = contains(["one_per_zone", "single"], var.nat_gateways)
    error_message = "nat_gateways is \"${var.nat_gateways}\"; expected \"one_per_zone\" or \"single\"."
  }
}

variable "public_ipv4_pool" {
  description = "Id of the pool of your own addresses that the NAT gateways take theirs from; null takes addresses of Amazon."
  type        = string
  default     = null

  validation {
    condition     = var.public_ipv4_pool == null || can(regex("^ipv4pool-ec2-[0-9a-f]{8,17}$", var.public_ipv4_pool))
    error_message = "public_ipv4_pool is \"${coalesce(var.public_ipv4_pool, "null")}\"; give the id of a pool, such as ipv4pool-ec2-0123456789abcdef0, or null."
  }
}

variable "flow_log_retention_days" {
  description = "Days after which CloudWatch Logs deletes flow log records."
  type        = number
  default     = 365

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.flow_log_retention_days,
    )
    error_message = "flow_log_retention_days is ${var.flow_log_retention_days}; CloudWatch Logs takes 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}
