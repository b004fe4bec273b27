# Managed by scaffold; run "scaffold sync". sha256:c74f21ebdcea2b477d2a186ea8d8eb5aa2ad1f96aca64453e8db5133796f7879
# peering dev-shop -- dev-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/dev-shop--dev-vpn"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
