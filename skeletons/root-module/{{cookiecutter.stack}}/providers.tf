provider "aws" {
  region              = local.account.region
  allowed_account_ids = [local.account.id]

  assume_role {
    role_arn     = "arn:${local.account.partition}:iam::${local.account.id}:role/{{ cookiecutter.atlantis_role }}"
    session_name = "atlantis"
{% if cookiecutter.external_id %}
    external_id  = "{{ cookiecutter.external_id }}"
{% endif %}
  }

  default_tags {
    tags = local.account.tags
  }
}
