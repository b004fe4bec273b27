# Managed by scaffold; run "scaffold sync". sha256:5bce815fc18bcb3963f6b648da2cf75c620d048614130ef065f467859fdfbd6b
# skeleton vpn, network staging-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/staging-vpn/us-east-1/vpn"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
