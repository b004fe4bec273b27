# Managed by scaffold; run "scaffold sync". sha256:a32d44c92261c574ae2bd310012eb2b6e771ecd2077d4dcedf5f104353e89b2b
# skeleton elasticache, instance sessions, network prod-pay
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/prod-pay/us-east-1/elasticache-sessions"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
