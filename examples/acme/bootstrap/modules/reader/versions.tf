terraform {
  required_version = ">= 1.10"

  # Which versions, the root module that calls this says.
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
