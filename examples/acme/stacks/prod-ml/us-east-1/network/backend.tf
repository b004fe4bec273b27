# Managed by scaffold; run "scaffold sync". sha256:9ad5cef9e955fd03d7ac669b4c4ae3a959f3b3be849982e91781af91c4b6d358
# skeleton network, network prod-ml
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/prod-ml/us-east-1/network"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
