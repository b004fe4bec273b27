variable "name" {
  description = "Name of the application that owns the database: the instance's identifier, and with underscores the database within it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 60
    error_message = "name is \"${var.name}\"; use at most 60 lower-case letters and digits, a letter first, singly separated by hyphens."
  }

  validation {
    condition     = !contains(local.reserved_words, var.name)
    error_message = "name is \"${var.name}\", a word that PostgreSQL keeps for itself; choose another, such as ${var.name}-app."
  }
}

variable "vpc_id" {
  description = "Id of the VPC whose data subnets, tagged scaffold:subnet = data, the database stands in."
  type        = string

  validation {
    condition     = can(regex("^vpc-[0-9a-f]{8,17}$", var.vpc_id))
    error_message = "vpc_id is \"${var.vpc_id}\"; give the id of a VPC, such as vpc-0123456789abcdef0."
  }
}

variable "postgres_version" {
  description = "Major version of PostgreSQL. Minor versions arrive in the maintenance window."
  type        = string

  validation {
    condition     = can(regex("^(1[4-9]|[2-9][0-9])$", var.postgres_version))
    error_message = "postgres_version is \"${var.postgres_version}\"; give a major version from 14 on, such as \"17\", without a minor one."
  }
}

variable "instance_class" {
  description = "Size of the instance, such as db.m7g.large."
  type        = string

  validation {
    condition     = can(regex("^db\\.[a-z0-9-]+\\.([0-9]*x?large|micro|small|medium)$", var.instance_class))
    error_message = "instance_class is \"${var.instance_class}\"; give a class of provisioned instances, such as db.t4g.small or db.m7g.large."
  }
}

variable "allocated_storage_gib" {
  description = "GiB of storage that the database starts with. Storage grows by itself and never shrinks."
  type        = number

  validation {
    condition     = var.allocated_storage_gib >= 20 && var.allocated_storage_gib <= 65536 && floor(var.allocated_storage_gib) == var.allocated_storage_gib
    error_message = "allocated_storage_gib is ${var.allocated_storage_gib}; gp3 takes whole GiB from 20 to 65536."
  }
}

variable "max_allocated_storage_gib" {
  description = "GiB up to which storage grows by itself."
  type        = number

  validation {
    condition     = var.max_allocated_storage_gib >= ceil(var.allocated_storage_gib * 1.1) && var.max_allocated_storage_gib <= 65536
    error_message = "max_allocated_storage_gib is ${var.max_allocated_storage_gib}; RDS wants at least a tenth above allocated_storage_gib, ${ceil(var.allocated_storage_gib * 1.1)}, and at most 65536."
  }
}

variable "max_connections" {
  description = "Connections that the database admits at once; each takes some 10 MiB of memory. A change waits for a reboot."
  type        = number

  validation {
    condition     = var.max_connections >= 20 && var.max_connections <= 5000 && floor(var.max_connections) == var.max_connections
    error_message = "max_connections is ${var.max_connections}; give a whole number from 20 to 5000."
  }
}

variable "multi_az" {
  description = "Whether a standby in another zone takes over when this one is lost, and while it is patched."
  type        = bool
}

variable "backup_retention_days" {
  description = "Days back to which the database can be restored, to the second."
  type        = number

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35 && floor(var.backup_retention_days) == var.backup_retention_days
    error_message = "backup_retention_days is ${var.backup_retention_days}; RDS keeps backups for 1 to 35 days, and 0 would switch them off."
  }
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the database until this is false and applied."
  type        = bool
}

variable "final_snapshot" {
  description = "Whether deleting the database leaves a last snapshot, and its backups for their days."
  type        = bool
}

variable "critical_topic_arn" {
  description = "ARN of the SNS topic for what somebody must get up for: storage and connections run out."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.critical_topic_arn))
    error_message = "critical_topic_arn is \"${var.critical_topic_arn}\"; give the ARN of a topic in the region of the database, such as arn:aws:sns:us-east-1:333333333333:acme-critical."
  }
}

variable "notice_topic_arn" {
  description = "ARN of the SNS topic for what is read in working hours: memory and CPU get short."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.notice_topic_arn))
    error_message = "notice_topic_arn is \"${var.notice_topic_arn}\"; give the ARN of a topic in the region of the database, such as arn:aws:sns:us-east-1:333333333333:acme-notice."
  }
}

variable "free_memory_alarm_mib" {
  description = "MiB of free memory below which the memory alarm goes off."
  type        = number
  default     = 256

  validation {
    condition     = var.free_memory_alarm_mib >= 64
    error_message = "free_memory_alarm_mib is ${var.free_memory_alarm_mib}; give at least 64, below which PostgreSQL restarts before anybody reads the alarm."
  }
}

variable "slow_query_ms" {
  description = "Milliseconds after which a statement is logged with its text; -1 logs none."
  type        = number
  default     = 1000

  validation {
    condition     = var.slow_query_ms >= -1 && floor(var.slow_query_ms) == var.slow_query_ms
    error_message = "slow_query_ms is ${var.slow_query_ms}; give whole milliseconds, or -1 to log no statement for its duration."
  }
}

variable "log_retention_days" {
  description = "Days after which CloudWatch Logs deletes what the database logged."
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

variable "backup_window" {
  description = "Half an hour or more, in UTC, in which the daily backup starts."
  type        = string
  default     = "03:00-04:00"

  validation {
    condition     = can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$", var.backup_window))
    error_message = "backup_window is \"${var.backup_window}\"; write hours and minutes in UTC, such as 03:00-04:00."
  }
}

variable "maintenance_window" {
  description = "Half an hour or more of the week, in UTC, in which AWS patches, and in which changes that interrupt are made."
  type        = string
  default     = "sun:04:30-sun:05:30"

  validation {
    condition     = can(regex("^((mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9](-|$)){2}$", var.maintenance_window))
    error_message = "maintenance_window is \"${var.maintenance_window}\"; write days, hours and minutes in UTC, such as sun:04:30-sun:05:30."
  }
}

variable "snapshot_identifier" {
  description = "Name of the snapshot that a new database is restored from; null makes it empty. Ignored once the database exists."
  type        = string
  default     = null

  validation {
    condition     = var.snapshot_identifier == null || can(regex("^[a-zA-Z][a-zA-Z0-9:-]{0,254}$", var.snapshot_identifier))
    error_message = "snapshot_identifier is \"${coalesce(var.snapshot_identifier, "null")}\"; give the name of a snapshot (aws rds describe-db-snapshots), or null."
  }
}

variable "allow_major_version_upgrade" {
  description = "Whether another postgres_version may be applied."
  type        = bool
  default     = false
}

variable "apply_immediately" {
  description = "Whether a change that interrupts the database is made at once rather than in the maintenance window."
  type        = bool
  default     = false
}

locals {
  # Key words of PostgreSQL that cannot name a database unquoted, and names that RDS has itself.
  reserved_words = [
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "binary", "both",
    "case", "cast", "check", "collate", "collation", "column", "concurrently", "constraint", "create", "cross",
    "current-catalog", "current-date", "current-role", "current-schema", "current-time", "current-timestamp",
    "current-user", "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "false", "fetch", "for",
    "foreign", "freeze", "from", "full", "grant", "group", "having", "ilike", "in", "initially", "inner", "intersect",
    "into", "is", "isnull", "join", "lateral", "leading", "left", "like", "limit", "localtime", "localtimestamp",
    "natural", "not", "notnull", "null", "offset", "on", "only", "or", "order", "outer", "overlaps", "placing",
    "postgres", "primary", "rdsadmin", "references", "returning", "right", "select", "session-user", "similar", "some",
    "symmetric", "system-user", "table", "tablesample", "template0", "template1", "then", "to", "trailing", "true",
    "union", "unique", "user", "using", "variadic", "verbose", "when", "where", "window", "with",
  ]
}
