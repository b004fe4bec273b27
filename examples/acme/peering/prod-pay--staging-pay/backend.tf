# Managed by scaffold; run "scaffold sync". sha256:b177b753cc2db284a00ff14a1e927094aa761c9b7e0e94ad82d9321772f918ce
# peering prod-pay -- staging-pay
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/prod-pay--staging-pay"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
