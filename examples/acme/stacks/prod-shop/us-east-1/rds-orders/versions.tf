# Managed by scaffold; run "scaffold sync". sha256:0a25ebcf60cfd02cca0a266899e0da9e4538d38f2cc7f2566588a39812d6e75f
terraform {
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 6.0"
    }
  }
}
