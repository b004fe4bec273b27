# Managed by scaffold; run "scaffold sync". sha256:5a2da7729fae26984dbbcc84a4bf6c0808ffe63f6fce362d8fb8a5a40230e3f5
# skeleton rds, instance orders, network dev-shop
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/dev-shop/us-east-1/rds-orders"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
