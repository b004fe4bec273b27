# Managed by scaffold; run "scaffold sync". sha256:0a527d63551363690f3014e2bdfe0365962d68b4d2810eeb5f66f57b4fcaf6aa
# peering prod-shop -- prod-shop.eu-west-1
terraform {
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "peering/prod-shop--prod-shop.eu-west-1"
    region = "us-east-1"

    encrypt    = true
    kms_key_id = "alias/terraform-state"

    use_lockfile = true
  }
}
