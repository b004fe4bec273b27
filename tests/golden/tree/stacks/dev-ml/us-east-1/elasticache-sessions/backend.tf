# Managed by scaffold; run "scaffold sync". sha256:9979b3f0bcdd26726f54782799076cb4473df1a482185988fcd2a6a0c10e04c0
# skeleton elasticache, instance sessions, network dev-ml
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/dev-ml/us-east-1/elasticache-sessions"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
