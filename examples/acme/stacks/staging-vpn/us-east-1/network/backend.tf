# Managed by scaffold; run "scaffold sync". sha256:6739ad6ac41308d92e2bb3eb9e82182d7a7d11a3aa6fca1bd0d782bb33afa013
# skeleton network, network staging-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/staging-vpn/us-east-1/network"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
