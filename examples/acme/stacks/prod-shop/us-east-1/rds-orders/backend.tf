# Managed by scaffold; run "scaffold sync". sha256:596c076d7e8dd1f2dd45688a77568198ad8a0aa58e987fa096bd6b04dbcf347d
# skeleton rds, instance orders, network prod-shop
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/prod-shop/us-east-1/rds-orders"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
