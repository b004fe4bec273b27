# Managed by scaffold; run "scaffold sync". sha256:aab368308ad251e4b667e9302c5d923bfd3a722c3037f9854fd48a770523bdad
# peering prod-erp -- shared-tools
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/prod-erp--shared-tools"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
