variable "name" {
  description = "Name of the application that owns the cache: the id of the replication group, of its user and of its user group."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 32
    error_message = "name is \"${var.name}\"; use at most 32 lower-case letters and digits, a letter first, singly separated by hyphens."
  }

  validation {
    condition     = var.name != "default"
    error_message = "name is \"default\", a user that ElastiCache has itself; choose another, such as sessions."
  }
}

variable "vpc_id" {
  description = "Id of the VPC whose data subnets, tagged scaffold:subnet = data, the cache stands in."
  type        = string

  validation {
    condition     = can(regex("^vpc-[0-9a-f]{8,17}$", var.vpc_id))
    error_message = "vpc_id is \"${var.vpc_id}\"; give the id of a VPC, such as vpc-0123456789abcdef0."
  }
}

variable "engine" {
  description = "\"valkey\", or \"redis\" for an application that needs a module or a client of Redis OSS."
  type        = string

  validation {
    condition     = contains(["valkey", "redis"], var.engine)
    error_message = "engine is \"${var.engine}\"; expected \"valkey\" or \"redis\"."
  }
}

variable "engine_version" {
  description = "Major and minor version of the engine: IAM authentication needs Valkey 7.2 or Redis 7.0, or later."
  type        = string

  validation {
    condition     = can(regex(var.engine == "redis" ? "^7\\.[01]$" : "^(7\\.2|([89]|[1-9][0-9])\\.[0-9])$", var.engine_version))
    error_message = "engine_version is \"${var.engine_version}\"; for ${var.engine} give ${var.engine == "redis" ? "7.0 or 7.1" : "7.2, or a later one such as 8.0"}."
  }
}

variable "node_type" {
  description = "Size of each node, such as cache.m7g.large."
  type        = string

  validation {
    condition     = can(regex("^cache\\.[a-z0-9]+\\.([0-9]*x?large|micro|small|medium)$", var.node_type))
    error_message = "node_type is \"${var.node_type}\"; give a type of nodes, such as cache.t4g.small or cache.m7g.large."
  }
}

variable "nodes" {
  description = "Number of nodes: one primary, the rest replicas."
  type        = number

  validation {
    condition     = var.nodes >= 1 && var.nodes <= 6 && floor(var.nodes) == var.nodes
    error_message = "nodes is ${var.nodes}; a replication group has a primary and up to five replicas: give 1 to 6."
  }
}

variable "multi_az" {
  description = "Whether the nodes stand in several zones, and a replica takes over when the primary is lost."
  type        = bool

  validation {
    condition     = !var.multi_az || var.nodes >= 2
    error_message = "multi_az is true and nodes is ${var.nodes}; a failover needs a replica: give at least 2 nodes, or multi_az = false."
  }
}

variable "maxmemory_policy" {
  description = "What is evicted when the memory is full; the policies named volatile evict only what has an expiry."
  type        = string
  default     = "volatile-lru"

  validation {
    condition = contains(
      ["allkeys-lfu", "allkeys-lru", "allkeys-random", "noeviction", "volatile-lfu", "volatile-lru", "volatile-random", "volatile-ttl"],
      var.maxmemory_policy,
    )
    error_message = "maxmemory_policy is \"${var.maxmemory_policy}\"; expected allkeys-lfu, allkeys-lru, allkeys-random, noeviction, volatile-lfu, volatile-lru, volatile-random or volatile-ttl."
  }
}

variable "snapshot_retention_days" {
  description = "Days for which the daily snapshot is kept."
  type        = number

  validation {
    condition     = var.snapshot_retention_days >= 1 && var.snapshot_retention_days <= 35 && floor(var.snapshot_retention_days) == var.snapshot_retention_days
    error_message = "snapshot_retention_days is ${var.snapshot_retention_days}; ElastiCache keeps snapshots for 1 to 35 days, and 0 would switch them off."
  }
}

variable "final_snapshot" {
  description = "Whether deleting the cache leaves a last snapshot."
  type        = bool
}

variable "critical_topic_arn" {
  description = "ARN of the SNS topic for what somebody must get up for: memory runs out."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.critical_topic_arn))
    error_message = "critical_topic_arn is \"${var.critical_topic_arn}\"; give the ARN of a topic in the region of the cache, such as arn:aws:sns:us-east-1:333333333333:acme-critical."
  }
}

variable "notice_topic_arn" {
  description = "ARN of the SNS topic for what is read in working hours: evictions, and CPU that gets short."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.notice_topic_arn))
    error_message = "notice_topic_arn is \"${var.notice_topic_arn}\"; give the ARN of a topic in the region of the cache, such as arn:aws:sns:us-east-1:333333333333:acme-notice."
  }
}

variable "log_retention_days" {
  description = "Days after which CloudWatch Logs deletes what the cache logged."
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

variable "snapshot_window" {
  description = "An hour or more, in UTC, in which the daily snapshot starts."
  type        = string
  default     = "03:00-04:00"

  validation {
    condition     = can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$", var.snapshot_window))
    error_message = "snapshot_window is \"${var.snapshot_window}\"; write hours and minutes in UTC, such as 03:00-04:00."
  }
}

variable "snapshot_name" {
  description = "Name of the snapshot that a new cache is filled from; null makes it empty. Ignored once the cache exists."
  type        = string
  default     = null

  validation {
    condition     = var.snapshot_name == null || can(regex("^[a-zA-Z][a-zA-Z0-9.:-]{0,254}$", var.snapshot_name))
    error_message = "snapshot_name is \"${coalesce(var.snapshot_name, "null")}\"; give the name of a snapshot (aws elasticache describe-snapshots), or null."
  }
}

variable "maintenance_window" {
  description = "An hour or more of the week, in UTC, in which AWS patches, and in which changes that interrupt are made."
  type        = string
  default     = "sun:04:30-sun:05:30"

  validation {
    condition     = can(regex("^((mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9](-|$)){2}$", var.maintenance_window))
    error_message = "maintenance_window is \"${var.maintenance_window}\"; write days, hours and minutes in UTC, such as sun:04:30-sun:05:30."
  }
}

variable "apply_immediately" {
  description = "Whether a change that interrupts the cache is made at once rather than in the maintenance window."
  type        = bool
  default     = false
}
