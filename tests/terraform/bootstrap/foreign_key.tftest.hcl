# state: {kms_key: an ARN}
mock_provider "aws" {
  mock_data "aws_organizations_organization" {
    defaults = { id = "o-a1b2c3d4e5" }
  }
  mock_data "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:us-east-1:333333333333:key/0a1b2c3d-1111-4222-8333-444455556666" }
  }
}

mock_provider "aws" {
  alias = "us_east_1"
}

mock_provider "aws" {
  alias = "eu_west_1"
}

run "a_key_that_is_there" {
  command = plan

  assert {
    condition     = length(aws_kms_key.state) == 0 && length(aws_kms_alias.state) == 0
    error_message = "key"
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.state.rule).apply_server_side_encryption_by_default).kms_master_key_id == "arn:aws:kms:us-east-1:333333333333:key/0a1b2c3d-1111-4222-8333-444455556666"
    error_message = "encryption"
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.atlantis_server_key[0].policy).Statement[0].Resource == "arn:aws:kms:us-east-1:333333333333:key/0a1b2c3d-1111-4222-8333-444455556666"
    error_message = "policy"
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.atlantis_key[0].policy).Statement[0] == { Action = "kms:*", Effect = "Deny", Resource = "arn:aws:kms:us-east-1:333333333333:key/0a1b2c3d-1111-4222-8333-444455556666" }
    error_message = "denied"
  }
}
