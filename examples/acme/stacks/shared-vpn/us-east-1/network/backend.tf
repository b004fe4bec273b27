# Managed by scaffold; run "scaffold sync". sha256:a70ad33cd697a6ecc31022b454e70b2e470493674fd2d9df638f40b65efd5742
# skeleton network, network shared-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/shared-vpn/us-east-1/network"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
