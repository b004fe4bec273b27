# Managed by scaffold; run "scaffold sync". sha256:da1d79414f2e3c54de86c7b15cd4d6f3aa4903b1bbdd077931420408f7e879d3
# peering prod-ledger -- prod-pay
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/prod-ledger--prod-pay"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
