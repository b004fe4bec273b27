# Managed by scaffold; run "scaffold sync". sha256:792bec40f0f55392ae23559955f9e8dc7909856acabedef7777814fde2217e1a
# skeleton network, network staging-ml
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/staging-ml/us-east-1/network"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
