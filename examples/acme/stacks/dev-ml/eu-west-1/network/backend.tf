# Managed by scaffold; run "scaffold sync". sha256:2a05eb5e0e4f3511de71b332d371496d6b74e6ce1acd760f35da6ba5ca0c6208
# skeleton network, network dev-ml
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/dev-ml/eu-west-1/network"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
