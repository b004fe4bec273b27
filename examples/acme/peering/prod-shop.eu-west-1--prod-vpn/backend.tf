# Managed by scaffold; run "scaffold sync". sha256:424241a89d3bb67cd37b0278d249a3d88102fc07625788c55a7916a54a0401a8
# peering prod-shop.eu-west-1 -- prod-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/prod-shop.eu-west-1--prod-vpn"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
