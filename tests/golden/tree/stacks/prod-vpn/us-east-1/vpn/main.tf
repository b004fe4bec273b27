module "vpn" {
  source = "../../../../modules/vpn/1.0.0"

  name           = local.account.network.name
  vpc_id         = local.account.network.vpc_id
  vpc_cidr_block = local.account.network.cidr_block

  # What scaffold.yaml says under vpn: and regions: for this environment and region. "scaffold sync" brings a change of it here.
  client_cidr_block      = local.vpn.client_cidr_block
  server_certificate_arn = local.vpn.server_certificate_arn
  saml_metadata          = try(file("${path.module}/../../../../${local.vpn.saml_metadata}"), "")
  pools                  = local.vpn.pools
  groups                 = local.vpn.groups

  # The resolver of the VPC, which knows private names.
  dns_servers = [cidrhost(local.account.network.cidr_block, 2)]

  # An association in each: losing one zone disconnects nobody for long.
  zone_ids              = ["use1-az1", "use1-az2", "use1-az4"]
  session_timeout_hours = 8

  log_retention_days = 365
  notice_topic_arn   = "arn:aws:sns:us-east-1:333333333333:acme-notice"
}
