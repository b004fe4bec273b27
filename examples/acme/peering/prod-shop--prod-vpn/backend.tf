# Managed by scaffold; run "scaffold sync". sha256:812aa1dadd1122c939acae5e6b456da25a29476a617e0cf177ed120ebadeac92
# peering prod-shop -- prod-vpn
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/prod-shop--prod-vpn"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
