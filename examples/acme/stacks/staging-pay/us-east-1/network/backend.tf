# Managed by scaffold; run "scaffold sync". sha256:14acd6da37ef13a42f138f68567a64ef88c4f421308606571f21917969e2ddfc
# skeleton network, network staging-pay
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/staging-pay/us-east-1/network"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
