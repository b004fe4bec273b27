# Managed by scaffold; run "scaffold sync". sha256:371a49e9ab26e7464531ef60bf7174339da1893d877fbdb09ccf985ee5c9dc06
# peering prod-ledger -- prod-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/prod-ledger--prod-vpn"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
