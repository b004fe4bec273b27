# Managed by scaffold; run "scaffold sync". sha256:45e9f5c3cf024ef8219e2f4753e5416521546abdbbc2c28feba83f319aac1e15
# skeleton ecr
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/prod-ml/us-east-1/ecr"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
