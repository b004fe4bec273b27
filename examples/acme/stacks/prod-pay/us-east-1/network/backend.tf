# Managed by scaffold; run "scaffold sync". sha256:86b90e89848f341a0368cc53513074d43ef459dc7e47afc8e61de03ccaf1a10c
# skeleton network, network prod-pay
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/prod-pay/us-east-1/network"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
