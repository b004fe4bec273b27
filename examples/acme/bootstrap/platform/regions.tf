# Managed by scaffold; run "scaffold sync". sha256:314ff691e9bbee0eab1ec945b089fda843732c66b464870d56e8dba14abd0fac
provider "aws" {
  alias               = "eu_west_1"
  region              = "eu-west-1"
  allowed_account_ids = [local.account]

  default_tags {
    tags = local.tags
  }
}

module "alerts_eu_west_1" {
  source = "../modules/alerts"

  names           = local.organization.topics
  key_alias       = local.organization.alerts_key
  organization_id = local.organization.id

  providers = {
    aws = aws.eu_west_1
  }
}

provider "aws" {
  alias               = "us_east_1"
  region              = "us-east-1"
  allowed_account_ids = [local.account]

  default_tags {
    tags = local.tags
  }
}

module "alerts_us_east_1" {
  source = "../modules/alerts"

  names           = local.organization.topics
  key_alias       = local.organization.alerts_key
  organization_id = local.organization.id

  providers = {
    aws = aws.us_east_1
  }
}

output "topic_arns" {
  description = "ARNs of the topics critical and notice, by region."
  value = {
    "eu-west-1" = module.alerts_eu_west_1.topic_arns
    "us-east-1" = module.alerts_us_east_1.topic_arns
  }
}
