# Managed by scaffold; run "scaffold sync". sha256:723a9d15fe2e877190b55fd31cb5dd14e043c29178e3f7e9d396d0716787ce73
# skeleton network, network dev-pay
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/dev-pay/us-east-1/network"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
