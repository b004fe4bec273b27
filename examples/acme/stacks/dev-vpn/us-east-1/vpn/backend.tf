# Managed by scaffold; run "scaffold sync". sha256:4d74b8b50cc4ec3e454e0608526306e8942c1f6173ecbe45b3a3608bf7651a39
# skeleton vpn, network dev-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/dev-vpn/us-east-1/vpn"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
