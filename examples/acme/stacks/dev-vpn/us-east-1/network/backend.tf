# Managed by scaffold; run "scaffold sync". sha256:8e841102210644db33139869ddbbbd9c0e5655ba32be912b9494b232c9c0bdb7
# skeleton network, network dev-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/dev-vpn/us-east-1/network"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
