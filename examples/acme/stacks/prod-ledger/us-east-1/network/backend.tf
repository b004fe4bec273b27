# Managed by scaffold; run "scaffold sync". sha256:bce3aa455b5c9af21a2f7b64511e72262cd5eb31288fe75034c1f66147a55f59
# skeleton network, network prod-ledger
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "stacks/prod-ledger/us-east-1/network"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
