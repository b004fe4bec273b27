mock_provider "aws" {}

variables {
  name         = "acme-reader"
  trusted_arns = ["arn:aws:iam::333333333333:role/acme-scaffold-ci"]
}

run "only_the_management_account_lists_accounts" {
  command = plan

  assert {
    condition     = length([for action in jsondecode(aws_iam_role_policy.this.policy).Statement[0].Action : action if startswith(action, "organizations:")]) == 0
    error_message = "actions"
  }
}

run "roles_with_a_path_are_trusted_in_order" {
  command = plan

  variables {
    trusted_arns = ["arn:aws:iam::333333333333:role/b", "arn:aws:iam::333333333333:role/aws-reserved/sso.amazonaws.com/a"]
  }

  assert {
    condition     = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Principal.AWS == ["arn:aws:iam::333333333333:role/aws-reserved/sso.amazonaws.com/a", "arn:aws:iam::333333333333:role/b"]
    error_message = "principals"
  }
}

run "a_user_is_no_role" {
  command = plan

  variables {
    trusted_arns = ["arn:aws:iam::333333333333:user/me"]
  }

  expect_failures = [var.trusted_arns]
}

run "an_account_is_no_role" {
  command = plan

  variables {
    trusted_arns = ["arn:aws:iam::333333333333:root"]
  }

  expect_failures = [var.trusted_arns]
}

run "everybody_is_no_role" {
  command = plan

  variables {
    trusted_arns = ["*"]
  }

  expect_failures = [var.trusted_arns]
}

run "somebody_reads" {
  command = plan

  variables {
    trusted_arns = []
  }

  expect_failures = [var.trusted_arns]
}
