# Managed by scaffold; run "scaffold sync". sha256:6b6472006632e0b0bd10e0e56706e33d0cc21287d57bfc77ddb2b04a82262ccc
# skeleton network, network prod-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/prod-vpn/us-east-1/network"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
