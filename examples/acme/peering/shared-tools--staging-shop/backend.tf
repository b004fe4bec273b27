# Managed by scaffold; run "scaffold sync". sha256:534f3c29e24d614fea968ef623d5658169cfb8eaa65b5d0125df3ac8e8f1861e
# peering shared-tools -- staging-shop
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/shared-tools--staging-shop"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
