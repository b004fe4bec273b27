# Managed by scaffold; run "scaffold sync". sha256:6a68eb963da9af26bc95e000eb4568e3ecc31569e6dbf640945bb63020227161
# peering staging-shop -- staging-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/staging-shop--staging-vpn"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
