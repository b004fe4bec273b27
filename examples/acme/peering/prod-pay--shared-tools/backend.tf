# Managed by scaffold; run "scaffold sync". sha256:ec4af21a850c11766e5d158989b29497def0a434d37a452f9ae709f9608a41c0
# peering prod-pay -- shared-tools
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/prod-pay--shared-tools"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
