provider "aws" {
  alias  = "scaffold_{{ cookiecutter.label }}"
  region = "{{ cookiecutter.region }}"

  # The role of AFT's own provider, in the account where that one stands: this file is the same in every account.
  assume_role {
    role_arn     = "arn:${local.scaffold.partition}:iam::${data.aws_caller_identity.scaffold.account_id}:role/AWSAFTExecution"
    session_name = "AWSAFT-Session"
  }
}

resource "aws_ebs_encryption_by_default" "scaffold_{{ cookiecutter.label }}" {
  count    = local.scaffold_on.ebs_encryption ? 1 : 0
  provider = aws.scaffold_{{ cookiecutter.label }}
}

resource "aws_ec2_instance_metadata_defaults" "scaffold_{{ cookiecutter.label }}" {
  count    = local.scaffold_on.imdsv2 ? 1 : 0
  provider = aws.scaffold_{{ cookiecutter.label }}

  http_tokens = "required"
}
