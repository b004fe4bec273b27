module "ecr" {
  source = "../../../../modules/ecr/1.0.0"

  organization_id = "o-a1b2c3d4e5"

  images = ["ml"]
  charts = ["ml"] # pushed to oci://REGISTRY/charts

  keep_images   = 50
  untagged_days = 14
}
