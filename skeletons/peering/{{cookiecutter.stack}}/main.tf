module "peering" {
  source = "../../modules/peering/{{ cookiecutter.version }}"

  requester = local.requester
  accepter  = local.accepter
  dns       = local.dns

  providers = {
    aws.requester = aws.requester
    aws.accepter  = aws.accepter
  }
}
