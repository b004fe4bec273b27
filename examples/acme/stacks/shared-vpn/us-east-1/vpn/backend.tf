# Managed by scaffold; run "scaffold sync". sha256:2c915a91b9ed15a8a2c0045ae2f62a1e9d3f655008355deb153a829c984f48e2
# skeleton vpn, network shared-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/shared-vpn/us-east-1/vpn"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
