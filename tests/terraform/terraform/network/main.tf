terraform {
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 6.0"
    }
  }
}

# Region, endpoint and credentials come from the environment of the test.
provider "aws" {
  default_tags {
    tags = {
      environment = "dev"
      owner       = "ml"
    }
  }
}

module "network" {
  source = "../../../../skeletons/network/module"

  name         = "dev-ml"
  cidr_block   = "10.20.0.0/20"
  zone_ids     = ["use1-az1", "use1-az2"]
  nat_gateways = "single"
}

output "network" {
  value = module.network
}
