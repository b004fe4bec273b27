# Managed by scaffold; run "scaffold sync". sha256:01688eea617cdc7fc823be33aed87eeb8b0893f8f04c6c4b058896d259f3aa5c
# peering prod-shop -- shared-tools
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/prod-shop--shared-tools"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
