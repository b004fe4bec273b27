# Managed by scaffold; run "scaffold sync". sha256:9e5b2cb07ec54610ff1d07fde4a45712cb5b5b9503f6944130336a73390fdfbc
# skeleton network, network staging-shop
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/staging-shop/us-east-1/network"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
