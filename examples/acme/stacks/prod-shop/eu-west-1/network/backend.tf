# Managed by scaffold; run "scaffold sync". sha256:c77247bd1ebd54d4920aa654ffbb1ef54aec394164661152990899288254aad6
# skeleton network, network prod-shop.eu-west-1
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/prod-shop/eu-west-1/network"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
