locals {
  org    = "acme"
  suffix = "${local.org}.example.com"

  common_tags = {
    "${local.org}:managed-by" = "aft"
    "${local.org}:owner"      = local.teams[local.default_team].owner
  }
}
