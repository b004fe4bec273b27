module "rds" {
  source = "{{ cookiecutter.modules }}/rds/{{ cookiecutter.version }}"

  name   = "{{ cookiecutter.instance }}"
  vpc_id = local.account.network.vpc_id

  postgres_version = "17"

{% if cookiecutter.production == "yes" %}
  instance_class            = "db.m7g.large"
  allocated_storage_gib     = 100
  max_allocated_storage_gib = 1000
  max_connections           = 500

  multi_az              = true
  backup_retention_days = 35
  deletion_protection   = true
  final_snapshot        = true

  critical_topic_arn = "{{ cookiecutter.critical_topic_arn }}"
  notice_topic_arn   = "{{ cookiecutter.notice_topic_arn }}"
{% else %}
  instance_class            = "db.t4g.small"
  allocated_storage_gib     = 20
  max_allocated_storage_gib = 100
  max_connections           = 150

  multi_az              = false
  backup_retention_days = 7
  deletion_protection   = false
  final_snapshot        = false

  # Nobody gets up for this environment: both are the topic for notices.
  critical_topic_arn = "{{ cookiecutter.notice_topic_arn }}"
  notice_topic_arn   = "{{ cookiecutter.notice_topic_arn }}"
{% endif %}
}
