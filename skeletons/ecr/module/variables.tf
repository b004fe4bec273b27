variable "organization_id" {
  description = "Id of the AWS organization whose principals may pull."
  type        = string

  validation {
    condition     = can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "organization_id is \"${var.organization_id}\"; give an id such as o-a1b2c3d4e5 (aws organizations describe-organization)."
  }
}

variable "images" {
  description = "Names of the repositories for container images, such as ml or ml/api."
  type        = list(string)
  default     = []

  validation {
    condition = alltrue([
      for name in var.images :
      can(regex("^([a-z0-9]+([._-][a-z0-9]+)*/)*[a-z0-9]+([._-][a-z0-9]+)*$", name)) && length(name) >= 2 && length(name) <= 256
    ])
    error_message = "images is ${join(", ", var.images)}; a name has 2 to 256 lower-case letters and digits, singly separated by . _ - or /."
  }

  validation {
    condition     = alltrue([for name in var.images : !startswith(name, "charts/")])
    error_message = "images is ${join(", ", var.images)}; names under charts/ belong to Helm charts, list them in charts without that prefix."
  }

  validation {
    condition     = length(distinct(var.images)) == length(var.images)
    error_message = "images names a repository twice: ${join(", ", var.images)}; give each once."
  }
}

variable "charts" {
  description = "Names of the Helm charts; the repository of each is charts/NAME."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.charts : can(regex("^[a-z0-9]+([._-][a-z0-9]+)*$", name)) && length(name) <= 249])
    error_message = "charts is ${join(", ", var.charts)}; a name has at most 249 lower-case letters and digits, singly separated by . _ or -, and no charts/ before it."
  }

  validation {
    condition     = length(distinct(var.charts)) == length(var.charts)
    error_message = "charts names a chart twice: ${join(", ", var.charts)}; give each once."
  }
}

variable "keep_images" {
  description = "Number of tagged images that each image repository keeps, newest first. Charts are never expired."
  type        = number
  default     = 50

  validation {
    condition     = var.keep_images >= 1 && floor(var.keep_images) == var.keep_images
    error_message = "keep_images is ${var.keep_images}; give a whole number of at least 1."
  }
}

variable "untagged_days" {
  description = "Days after which an image without a tag is deleted."
  type        = number
  default     = 14

  validation {
    condition     = var.untagged_days >= 1 && floor(var.untagged_days) == var.untagged_days
    error_message = "untagged_days is ${var.untagged_days}; give a whole number of at least 1."
  }
}
