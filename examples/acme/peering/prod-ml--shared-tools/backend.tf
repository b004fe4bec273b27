# Managed by scaffold; run "scaffold sync". sha256:e07aefd02533f21fa9c69a5002f4fa026de38135b85f5152bdf953afe33ed6be
# peering prod-ml -- shared-tools
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/prod-ml--shared-tools"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
