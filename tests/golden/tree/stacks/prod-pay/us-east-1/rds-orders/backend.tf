# Managed by scaffold; run "scaffold sync". sha256:ed4269876742375c2be46a8f3631097f28cbb9675a2a142cfbb39f9790406f3a
# skeleton rds, instance orders, network prod-pay
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/prod-pay/us-east-1/rds-orders"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
