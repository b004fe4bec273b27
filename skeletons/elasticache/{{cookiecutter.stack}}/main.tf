module "elasticache" {
  source = "{{ cookiecutter.modules }}/elasticache/{{ cookiecutter.version }}"

  name   = "{{ cookiecutter.instance }}"
  vpc_id = local.account.network.vpc_id

{% if cookiecutter.engine == "redis" %}
  engine         = "redis"
  engine_version = "7.1"
{% else %}
  engine         = "valkey"
  engine_version = "8.0"
{% endif %}

  # Sessions and other keys with an expiry. For a cache that may forget anything: allkeys-lru.
  maxmemory_policy = "volatile-lru"

{% if cookiecutter.production == "yes" %}
  node_type = "cache.m7g.large"
  nodes     = 2
  multi_az  = true

  snapshot_retention_days = 7
  final_snapshot          = true

  critical_topic_arn = "{{ cookiecutter.critical_topic_arn }}"
  notice_topic_arn   = "{{ cookiecutter.notice_topic_arn }}"
{% else %}
  node_type = "cache.t4g.small"
  nodes     = 1
  multi_az  = false

  snapshot_retention_days = 1
  final_snapshot          = false

  # Nobody gets up for this environment: both are the topic for notices.
  critical_topic_arn = "{{ cookiecutter.notice_topic_arn }}"
  notice_topic_arn   = "{{ cookiecutter.notice_topic_arn }}"
{% endif %}
}
