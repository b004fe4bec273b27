# Managed by scaffold; run "scaffold sync". sha256:ca5109669f673feedbc3385adfea93ad97bafebce4bd49d73d822368d2b79a8f
# peering dev-pay -- shared-tools
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/dev-pay--shared-tools"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
