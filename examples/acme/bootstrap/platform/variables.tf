variable "atlantis_runs_on" {
  description = "Where the Atlantis server runs, which decides what may take its role: \"ecs\", \"ec2\" or \"eks\" (pod identity)."
  type        = string
  default     = "ecs"

  validation {
    condition     = contains(["ecs", "ec2", "eks"], var.atlantis_runs_on)
    error_message = "atlantis_runs_on is \"${var.atlantis_runs_on}\"; expected \"ecs\", \"ec2\" or \"eks\"."
  }
}

variable "repository_ids" {
  description = "Numbers of the repository and of its owner, which GitHub writes into the subject of the tokens of a repository that was made or renamed since July 15, 2026. null: the subject has names only."
  type = object({
    owner      = number
    repository = number
  })
  default = null

  validation {
    condition     = var.repository_ids == null || alltrue([for id in values(coalesce(var.repository_ids, { owner = 1, repository = 1 })) : id >= 1 && floor(id) == id])
    error_message = "repository_ids is ${jsonencode(var.repository_ids)}; give the two whole numbers that \"gh api repos/OWNER/NAME\" shows as owner.id and id."
  }
}

variable "account_roles" {
  description = "Whether the role that Atlantis assumes and the reader role are made in this account here. false: a StackSet makes them. AFT's customizations make none in this account."
  type        = bool
  default     = true
}

variable "reader_arns" {
  description = "ARNs of further roles that may read this account through the reader role: those of people who run scaffold pull or the audit."
  type        = set(string)
  default     = []
}
