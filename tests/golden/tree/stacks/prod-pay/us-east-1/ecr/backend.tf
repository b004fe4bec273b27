# Managed by scaffold; run "scaffold sync". sha256:d7556807b5f9052986c97b49beac2e26846072f29874afe7da3b98e7ae39fb8d
# skeleton ecr
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/prod-pay/us-east-1/ecr"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
