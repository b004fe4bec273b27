# Managed by scaffold; run "scaffold sync". sha256:03750b20545fd325e02e6e0043926e401775a18217a1dd4b00ecd541011f8247
# peering dev-pay -- dev-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/dev-pay--dev-vpn"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
