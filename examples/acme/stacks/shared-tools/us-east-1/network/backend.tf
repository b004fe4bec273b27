# Managed by scaffold; run "scaffold sync". sha256:cdfd0877f0051f9ed740bc9f89ffb1750469794dd3b3229cad70221e42a966a7
# skeleton network, network shared-tools
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/shared-tools/us-east-1/network"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
