# Managed by scaffold; run "scaffold sync". sha256:d7ac2f2488b60d1c9d96217a2bec140b3c904e84936bfcfb5a8c327396c9e9b0
# peering prod-pay -- prod-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/prod-pay--prod-vpn"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
