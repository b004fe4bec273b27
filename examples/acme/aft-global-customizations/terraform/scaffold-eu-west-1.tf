# Managed by scaffold; run "scaffold sync". sha256:295898b51fa744368628552f8024a1201edc8b44b4f4e9e979ed4e10c15bbd0c
provider "aws" {
  alias  = "scaffold_eu_west_1"
  region = "eu-west-1"

  # The role of AFT's own provider, in the account where that one stands: this file is the same in every account.
  assume_role {
    role_arn     = "arn:${local.scaffold.partition}:iam::${data.aws_caller_identity.scaffold.account_id}:role/AWSAFTExecution"
    session_name = "AWSAFT-Session"
  }
}

resource "aws_ebs_encryption_by_default" "scaffold_eu_west_1" {
  count    = local.scaffold_on.ebs_encryption ? 1 : 0
  provider = aws.scaffold_eu_west_1
}

resource "aws_ec2_instance_metadata_defaults" "scaffold_eu_west_1" {
  count    = local.scaffold_on.imdsv2 ? 1 : 0
  provider = aws.scaffold_eu_west_1

  http_tokens = "required"
}
