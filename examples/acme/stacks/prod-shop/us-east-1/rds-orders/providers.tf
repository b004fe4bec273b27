# Managed by scaffold; run "scaffold sync". sha256:35daa19341d10e2581f4be640ceb8c590b4dc705952d19b7e8b5acac51eaa9a2
provider "aws" {
  region              = local.account.region
  allowed_account_ids = [local.account.id]

  assume_role {
    role_arn     = "arn:${local.account.partition}:iam::${local.account.id}:role/acme-atlantis"
    session_name = "atlantis"
  }

  default_tags {
    tags = local.account.tags
  }
}
