# Managed by scaffold; run "scaffold sync". sha256:69d09f08ed40feb68be6a5f7522f8b26179671edba299e4ec633229c6c714ae1
# peering shared-tools -- shared-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/shared-tools--shared-vpn"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
