# Managed by scaffold; run "scaffold sync". sha256:7139f29b46adcb964552e5a3c9438b215b711ceb63bd29f97895974955d1ecbd
# peering dev-ml -- dev-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/dev-ml--dev-vpn"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
