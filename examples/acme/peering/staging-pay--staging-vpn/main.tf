# Managed by scaffold; run "scaffold sync". sha256:0ab64146ae4b3d5e5a69433f18ed20031f8ca7a55ae6b55c74d5a7dcd8136c7e
module "peering" {
  source = "../../modules/peering/1.0.0"

  requester = local.requester
  accepter  = local.accepter
  dns       = local.dns

  providers = {
    aws.requester = aws.requester
    aws.accepter  = aws.accepter
  }
}
