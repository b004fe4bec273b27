# Managed by scaffold; run "scaffold sync". sha256:b8f2254146f264823f8248e524361cd46f78250939c4950b98d399e3f1b0c72e
# applied by hand: bootstrap/platform
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "bootstrap/platform"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
