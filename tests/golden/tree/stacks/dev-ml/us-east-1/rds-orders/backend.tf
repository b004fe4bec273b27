# Managed by scaffold; run "scaffold sync". sha256:38f99c7bf82637f4f7cbc3bf6c9eb4553fcaaae8371ef5509e68b3e99da89c68
# skeleton rds, instance orders, network dev-ml
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/dev-ml/us-east-1/rds-orders"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
