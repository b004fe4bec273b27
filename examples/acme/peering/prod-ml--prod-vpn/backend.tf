# Managed by scaffold; run "scaffold sync". sha256:18fd429749ba5fd9eb09ccf307fd5092216c4a2b945be284460caa6e92a87b3a
# peering prod-ml -- prod-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/prod-ml--prod-vpn"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
