variable "name" {
  description = "Name of the network that the VPN leads into, such as prod-vpn or prod-vpn.eu-west-1."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9.-]{0,98}[a-z0-9])?$", var.name))
    error_message = "name is \"${var.name}\"; use at most 100 lower-case letters, digits, dots and hyphens, with a letter or digit at both ends."
  }
}

variable "vpc_id" {
  description = "Id of the VPC whose private subnets, tagged scaffold:subnet = private, the VPN is associated with."
  type        = string

  validation {
    condition     = can(regex("^vpc-[0-9a-f]{8,17}$", var.vpc_id))
    error_message = "vpc_id is \"${var.vpc_id}\"; give the id of a VPC, such as vpc-0123456789abcdef0."
  }
}

variable "vpc_cidr_block" {
  description = "IPv4 range of that VPC. Each association has a route to it by itself."
  type        = string

  validation {
    condition     = try(cidrsubnet(var.vpc_cidr_block, 0, 0) == var.vpc_cidr_block, false)
    error_message = "vpc_cidr_block is \"${var.vpc_cidr_block}\"; give an IPv4 range from its first address, such as 10.20.0.0/20."
  }
}

variable "zone_ids" {
  description = "Ids of the availability zones that have an association, each in the private subnet of the VPC."
  type        = list(string)

  validation {
    condition     = length(var.zone_ids) > 0 && length(distinct(var.zone_ids)) == length(var.zone_ids)
    error_message = "zone_ids is [${join(", ", var.zone_ids)}]; give at least one zone, and each once: a zone has one association."
  }

  validation {
    condition     = alltrue([for zone in var.zone_ids : can(regex("^[a-z]+[0-9]+-az[0-9]+$", zone))])
    error_message = "zone_ids is [${join(", ", var.zone_ids)}]; give zone ids such as use1-az1. Zone names such as us-east-1a mean another place in every account."
  }
}

variable "client_cidr_block" {
  description = "IPv4 range that clients get their addresses from, /12 to /22. It cannot change: another one is another endpoint."
  type        = string

  validation {
    condition = try(
      cidrsubnet(var.client_cidr_block, 0, 0) == var.client_cidr_block &&
      tonumber(split("/", var.client_cidr_block)[1]) >= 12 && tonumber(split("/", var.client_cidr_block)[1]) <= 22,
      false,
    )
    error_message = "client_cidr_block is \"${var.client_cidr_block}\"; give an IPv4 range between /12 and /22 from its first address, such as 10.200.0.0/22."
  }

  validation {
    # Two ranges meet where both, cut to the shorter of their prefixes, begin at the same address. What is no range is refused above.
    condition = alltrue([
      for range in concat(var.pools, [var.vpc_cidr_block]) : try(
        cidrhost("${split("/", range)[0]}/${min(split("/", range)[1], split("/", var.client_cidr_block)[1])}", 0) !=
        cidrhost("${split("/", var.client_cidr_block)[0]}/${min(split("/", range)[1], split("/", var.client_cidr_block)[1])}", 0),
        true,
      )
    ])
    error_message = "client_cidr_block is ${var.client_cidr_block}, which overlaps the VPC or a pool (${join(", ", concat([var.vpc_cidr_block], var.pools))}); AWS refuses that: give clients a range of their own."
  }
}

variable "server_certificate_arn" {
  description = "ARN of the certificate in ACM, of this account and region, by which clients know the endpoint."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[A-Za-z0-9-]+$", var.server_certificate_arn))
    error_message = "server_certificate_arn is \"${var.server_certificate_arn}\"; give the ARN of a certificate in ACM, such as arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d."
  }
}

variable "saml_metadata" {
  description = "Metadata (XML) of the identity provider's application for AWS Client VPN."
  type        = string

  validation {
    condition     = strcontains(var.saml_metadata, "EntityDescriptor") && strcontains(var.saml_metadata, "IDPSSODescriptor") && length(var.saml_metadata) >= 1000
    error_message = "saml_metadata has ${length(var.saml_metadata)} characters and is no metadata of an identity provider; put what your provider gives (XML with an EntityDescriptor) into the file that vpn.saml_metadata of scaffold.yaml names."
  }
}

variable "pools" {
  description = "IPv4 ranges that the networks of this environment and region are cut from: what clients have routes to."
  type        = list(string)

  validation {
    condition     = length(var.pools) > 0 && alltrue([for pool in var.pools : try(cidrsubnet(pool, 0, 0) == pool, false)])
    error_message = "pools is [${join(", ", var.pools)}]; give at least one IPv4 range, each from its first address, such as 10.0.0.0/12."
  }

  validation {
    condition     = length(distinct(var.pools)) == length(var.pools)
    error_message = "pools names a range twice: ${join(", ", var.pools)}; give each once."
  }

  validation {
    # AWS: 100 routes for each association, of which it adds the one to the VPC itself.
    condition     = length(var.pools) < 100
    error_message = "pools holds ${length(var.pools)} ranges, and an association takes 100 routes with the one to its VPC; give at most 99, larger ones."
  }
}

variable "groups" {
  description = "Groups of the identity provider whose members may reach the pools, as the SAML attribute memberOf says them."
  type        = list(string)

  validation {
    condition     = length(var.groups) > 0 && length(distinct(var.groups)) == length(var.groups)
    error_message = "groups is [${join(", ", var.groups)}]; name at least one group, and each once: without one nobody could sign in."
  }

  validation {
    condition     = alltrue([for group in var.groups : length(group) >= 1 && length(group) <= 255])
    error_message = "groups is [${join(", ", var.groups)}]; a group has 1 to 255 characters."
  }

  validation {
    # AWS: 200 authorization rules for each endpoint.
    condition     = length(var.groups) * length(try(local.reached, [])) <= 200
    error_message = "groups holds ${length(var.groups)} groups for ${length(try(local.reached, []))} ranges, and an endpoint takes 200 authorization rules, one for each group and range; make one group of several."
  }
}

variable "dns_servers" {
  description = "IPv4 addresses of one or two DNS servers that clients ask while they are connected."
  type        = list(string)

  validation {
    condition     = contains([1, 2], length(var.dns_servers)) && alltrue([for server in var.dns_servers : can(cidrnetmask("${server}/32"))])
    error_message = "dns_servers is [${join(", ", var.dns_servers)}]; give one or two IPv4 addresses, such as that of the VPC's resolver, cidrhost(RANGE, 2)."
  }
}

variable "session_timeout_hours" {
  description = "Hours after which somebody is disconnected and has to sign in again."
  type        = number

  validation {
    condition     = contains([8, 10, 12, 24], var.session_timeout_hours)
    error_message = "session_timeout_hours is ${var.session_timeout_hours}; Client VPN takes 8, 10, 12 or 24."
  }
}

variable "notice_topic_arn" {
  description = "ARN of the SNS topic for what is read in working hours: the certificate ends, sign-ins fail, addresses get short."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.notice_topic_arn))
    error_message = "notice_topic_arn is \"${var.notice_topic_arn}\"; give the ARN of a topic in the region of the VPN, such as arn:aws:sns:us-east-1:333333333333:acme-notice."
  }
}

variable "log_retention_days" {
  description = "Days after which CloudWatch Logs deletes who was connected."
  type        = number
  default     = 365

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.log_retention_days,
    )
    error_message = "log_retention_days is ${var.log_retention_days}; CloudWatch Logs takes 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "self_service_portal" {
  description = "Whether people fetch the client and its configuration by themselves, signed in as for the VPN."
  type        = bool
  default     = true
}
