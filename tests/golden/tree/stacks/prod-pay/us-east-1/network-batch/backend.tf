# Managed by scaffold; run "scaffold sync". sha256:87caa4edda3a2dc8e89ce8adb26a227a92781650aa69b656523f87000f4d2304
# skeleton network, network prod-pay.us-east-1.batch
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/prod-pay/us-east-1/network-batch"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
