# Managed by scaffold; run "scaffold sync". sha256:7e3690301a91d06d59e2623f1d8d4519de6f71f505947418c587c0529f9dbedb
provider "aws" {
  alias  = "scaffold_us_east_1"
  region = "us-east-1"

  # The role of AFT's own provider, in the account where that one stands: this file is the same in every account.
  assume_role {
    role_arn     = "arn:${local.scaffold.partition}:iam::${data.aws_caller_identity.scaffold.account_id}:role/AWSAFTExecution"
    session_name = "AWSAFT-Session"
  }
}

resource "aws_ebs_encryption_by_default" "scaffold_us_east_1" {
  count    = local.scaffold_on.ebs_encryption ? 1 : 0
  provider = aws.scaffold_us_east_1
}

resource "aws_ec2_instance_metadata_defaults" "scaffold_us_east_1" {
  count    = local.scaffold_on.imdsv2 ? 1 : 0
  provider = aws.scaffold_us_east_1

  http_tokens = "required"
}
