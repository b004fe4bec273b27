# Managed by scaffold; run "scaffold sync". sha256:4798e31d36dfb9a08b034e192248f461a3e43cf2e711ee2d799318246ca72115
# applied by hand: bootstrap/management
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "bootstrap/management"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
