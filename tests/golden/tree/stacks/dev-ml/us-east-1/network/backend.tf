# Managed by scaffold; run "scaffold sync". sha256:bcf04645def986ec3bf822bdcbecda2612d55cb3da91f2be44e9cf45dccda03f
# skeleton network, network dev-ml
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/dev-ml/us-east-1/network"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
