module "vpn" {
  source = "{{ cookiecutter.modules }}/vpn/{{ cookiecutter.version }}"

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

{% if cookiecutter.production == "yes" %}
  # An association in each: losing one zone disconnects nobody for long.
  zone_ids              = ["{{ cookiecutter.zones.ids | join('", "') }}"]
  session_timeout_hours = 8
{% else %}
  # One association, since each costs by the hour: losing its zone locks everybody out until it is back.
  zone_ids              = ["{{ cookiecutter.zones.ids[0] }}"]
  session_timeout_hours = 24
{% endif %}

  log_retention_days = 365
  notice_topic_arn   = "{{ cookiecutter.notice_topic_arn }}"
}
