# Managed by scaffold; run "scaffold sync". sha256:4956a2e55916db981c79ce4faacc65d99a187f5c1ea105c0afb676636e111c5b
# skeleton network, network dev-shop
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/dev-shop/us-east-1/network"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
