locals {
  # Nothing of an account: another owner of one network would otherwise re-plan all of its peerings.
  tags = {
    managed-by = "scaffold"
    peering    = join("--", sort([local.requester.name, local.accepter.name]))
  }
}

provider "aws" {
  alias               = "requester"
  region              = local.requester.region
  allowed_account_ids = [local.requester.id]

  assume_role {
    role_arn     = local.requester.role_arn
    session_name = "atlantis"
{% if cookiecutter.external_id %}
    external_id  = "{{ cookiecutter.external_id }}"
{% endif %}
  }

  default_tags {
    tags = local.tags
  }
}

provider "aws" {
  alias               = "accepter"
  region              = local.accepter.region
  allowed_account_ids = [local.accepter.id]

  assume_role {
    role_arn     = local.accepter.role_arn
    session_name = "atlantis"
{% if cookiecutter.external_id %}
    external_id  = "{{ cookiecutter.external_id }}"
{% endif %}
  }

  default_tags {
    tags = local.tags
  }
}
