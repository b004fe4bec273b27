mock_provider "aws" {
  mock_data "aws_organizations_organization" {
    defaults = { id = "o-a1b2c3d4e5" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:us-east-1:333333333333:key/0a1b2c3d-1111-4222-8333-444455556666" }
  }
}

mock_provider "aws" {
  alias = "us_east_1"

  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
}

mock_provider "aws" {
  alias = "eu_west_1"

  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
}

run "on_ecs_only_tasks_of_this_account" {
  command = plan

  assert {
    condition     = jsondecode(aws_iam_role.atlantis_server.assume_role_policy).Statement[0].Principal.Service == "ecs-tasks.amazonaws.com"
    error_message = "principal"
  }
  assert {
    condition     = jsondecode(aws_iam_role.atlantis_server.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "333333333333"
    error_message = "condition"
  }
  assert {
    condition     = length(aws_iam_instance_profile.atlantis_server) == 0
    error_message = "profile"
  }
}

run "on_ec2_with_an_instance_profile" {
  command = plan

  variables {
    atlantis_runs_on = "ec2"
  }

  assert {
    condition     = jsondecode(aws_iam_role.atlantis_server.assume_role_policy).Statement[0].Principal.Service == "ec2.amazonaws.com"
    error_message = "principal"
  }
  assert {
    condition     = aws_iam_instance_profile.atlantis_server[0].name == "acme-atlantis-server"
    error_message = "profile"
  }
}

run "on_eks_sessions_are_tagged" {
  command = plan

  variables {
    atlantis_runs_on = "eks"
  }

  assert {
    condition     = jsondecode(aws_iam_role.atlantis_server.assume_role_policy).Statement[0].Action == ["sts:AssumeRole", "sts:TagSession"]
    error_message = "actions"
  }
}

run "nowhere_else" {
  command = plan

  variables {
    atlantis_runs_on = "lambda"
  }

  expect_failures = [var.atlantis_runs_on]
}

run "a_subject_of_names" {
  command = plan

  assert {
    condition     = jsondecode(aws_iam_role.ci.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == "repo:acme/landing-zone:ref:refs/heads/main"
    error_message = "subject"
  }
}

run "a_subject_with_numbers" {
  command = plan

  variables {
    repository_ids = { owner = 123456, repository = 456789 }
  }

  assert {
    condition     = jsondecode(aws_iam_role.ci.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == "repo:acme@123456/landing-zone@456789:ref:refs/heads/main"
    error_message = "subject"
  }
}

run "no_number_below_one" {
  command = plan

  variables {
    repository_ids = { owner = 0, repository = 456789 }
  }

  expect_failures = [var.repository_ids]
}

run "no_broken_number" {
  command = plan

  variables {
    repository_ids = { owner = 123456, repository = 1.5 }
  }

  expect_failures = [var.repository_ids]
}

run "the_two_roles_of_every_account" {
  command = plan

  assert {
    condition     = length(aws_iam_role.atlantis) == 1 && length(aws_iam_role_policy_attachment.atlantis) == 1 && length(aws_iam_role_policy.atlantis) == 1 && length(module.reader) == 1
    error_message = "roles"
  }
}

run "the_two_roles_made_by_somebody_else" {
  command = plan

  variables {
    account_roles = false
  }

  assert {
    condition     = length(aws_iam_role.atlantis) == 0 && length(aws_iam_role_policy_attachment.atlantis) == 0 && length(aws_iam_role_policy.atlantis) == 0 && length(module.reader) == 0
    error_message = "roles"
  }
}

run "another_organization_is_refused" {
  command = plan

  override_data {
    target = data.aws_organizations_organization.this
    values = { id = "o-zz99zz99zz" }
  }

  expect_failures = [data.aws_organizations_organization.this]
}

run "a_key_of_our_own" {
  command = plan

  assert {
    condition     = aws_kms_alias.state[0].name == "alias/terraform-state" && length(data.aws_kms_key.state) == 0 && length(aws_dynamodb_table.lock) == 0
    error_message = "key"
  }
}

run "no_command_without_a_secret" {
  command = plan

  assert {
    condition     = output.subscribe == {}
    error_message = "commands"
  }
}
