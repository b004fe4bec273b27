# Managed by scaffold; run "scaffold sync". sha256:8adf70cae3f20aa3f737fbff8bb868b03963d4884a18bfb87bceb04c85148e83
# skeleton vpn, network prod-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/prod-vpn/us-east-1/vpn"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
