module "network" {
  source = "{{ cookiecutter.modules }}/network/{{ cookiecutter.version }}"

  name       = local.account.network.name
  cidr_block = local.account.network.cidr_block

  # A zone's position decides its ranges: append a third zone, never reorder.
  zone_ids = ["{{ cookiecutter.zones.ids | join('", "') }}"]

{% if cookiecutter.production == "yes" %}
  nat_gateways = "one_per_zone"
{% else %}
  nat_gateways = "single"
{% endif %}

{% if cookiecutter.public_ipv4_pool %}
  public_ipv4_pool = "{{ cookiecutter.public_ipv4_pool }}"

{% endif %}
  flow_log_retention_days = 365
}
