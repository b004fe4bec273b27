# Managed by scaffold; run "scaffold sync". sha256:edb0129afab50617e4c4db3cc6df5c05faf7aeccfe07486b5dcca1c9b1a2cb48
# skeleton network, network prod-shop
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/prod-shop/us-east-1/network"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
