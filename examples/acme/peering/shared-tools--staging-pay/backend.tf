# Managed by scaffold; run "scaffold sync". sha256:0feea224b6758474b9db9a94c398646b061ef63617e5b7839d17ad386b31b3c6
# peering shared-tools -- staging-pay
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/shared-tools--staging-pay"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
