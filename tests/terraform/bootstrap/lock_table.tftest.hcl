# state: {bucket, region, lock_table: locks}, and a secret for one topic
mock_provider "aws" {
  mock_data "aws_organizations_organization" {
    defaults = { id = "o-a1b2c3d4e5" }
  }
}

mock_provider "aws" {
  alias = "us_east_1"
}

mock_provider "aws" {
  alias = "eu_west_1"
}

run "no_key_of_our_own" {
  command = plan

  assert {
    condition     = length(aws_kms_key.state) == 0 && length(aws_kms_alias.state) == 0 && length(data.aws_kms_key.state) == 0 && length(aws_iam_role_policy.atlantis_server_key) == 0 && length(aws_iam_role_policy.atlantis_key) == 0
    error_message = "key"
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.state.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "algorithm"
  }
}

run "a_table_of_locks" {
  command = plan

  assert {
    condition     = aws_dynamodb_table.lock["locks"].hash_key == "LockID" && aws_dynamodb_table.lock["locks"].deletion_protection_enabled
    error_message = "table"
  }
  assert {
    condition     = one([for one in jsondecode(aws_iam_role_policy.atlantis_server.policy).Statement : one.Resource if one.Sid == "Lock"]) == "arn:aws:dynamodb:us-east-1:333333333333:table/locks"
    error_message = "policy"
  }
}

run "a_command_for_each_region" {
  command = plan

  assert {
    condition     = keys(output.subscribe) == ["eu-west-1 critical", "us-east-1 critical"]
    error_message = "topics"
  }
  assert {
    condition     = output.subscribe["eu-west-1 critical"] == "aws sns subscribe --region eu-west-1 --protocol https --topic-arn arn:aws:sns:eu-west-1:333333333333:acme-critical --notification-endpoint \"$(aws secretsmanager get-secret-value --region us-east-1 --secret-id arn:aws:secretsmanager:us-east-1:333333333333:secret:pagerduty-AbCdEf --query SecretString --output text)\""
    error_message = "command"
  }
}
