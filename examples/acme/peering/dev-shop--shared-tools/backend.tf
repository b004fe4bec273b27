# Managed by scaffold; run "scaffold sync". sha256:337e53d0cc780271f5c3cf6616e4ad4fa03ff61f69056e6c8f208d7f77688350
# peering dev-shop -- shared-tools
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/dev-shop--shared-tools"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
