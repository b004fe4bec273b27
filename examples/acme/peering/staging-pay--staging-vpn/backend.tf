# Managed by scaffold; run "scaffold sync". sha256:45ff29018c2087d57fbfe0ba2e448f5aa3b7783bddeb87c0a52ea057d93301c4
# peering staging-pay -- staging-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/staging-pay--staging-vpn"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
