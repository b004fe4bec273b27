mock_provider "aws" {
  mock_data "aws_organizations_organization" {
    defaults = { id = "o-a1b2c3d4e5", master_account_id = "111111111111" }
  }
}

variables {
  scp_targets = ["ou-ab12-cdef3456"]
}

run "tags_are_not_activated_at_first" {
  command = plan

  assert {
    condition     = length(aws_ce_cost_allocation_tag.this) == 0
    error_message = "tags"
  }
}

run "tags_that_resources_carry" {
  command = plan

  variables {
    activate_cost_allocation_tags = true
  }

  assert {
    condition     = keys(aws_ce_cost_allocation_tag.this) == ["environment", "owner"]
    error_message = "tags"
  }
}

run "attached_where_it_is_said" {
  command = plan

  variables {
    scp_targets = ["ou-ab12-cdef3456", "123456789012", "r-ab12"]
  }

  assert {
    condition     = toset([for one in aws_organizations_policy_attachment.peering : one.target_id]) == toset(["ou-ab12-cdef3456", "123456789012", "r-ab12"])
    error_message = "targets"
  }
}

run "attached_to_nothing" {
  command = plan

  variables {
    scp_targets = []
  }

  assert {
    condition     = length(aws_organizations_policy_attachment.peering) == 0
    error_message = "targets"
  }
}

run "a_name_is_no_target" {
  command = plan

  variables {
    scp_targets = ["Sandbox"]
  }

  expect_failures = [var.scp_targets]
}

run "everybody_is_no_peering_role" {
  command = plan

  variables {
    peering_roles = ["*"]
  }

  expect_failures = [var.peering_roles]
}

run "nearly_everybody_is_none_either" {
  command = plan

  variables {
    peering_roles = ["a*"]
  }

  expect_failures = [var.peering_roles]
}

run "an_arn_is_no_name" {
  command = plan

  variables {
    peering_roles = ["arn:aws:iam::111122223333:role/network"]
  }

  expect_failures = [var.peering_roles]
}

run "more_roles_than_a_policy_holds" {
  command = plan

  variables {
    peering_roles = [for number in range(60) : "network-administrators-of-region-${number}"]
  }

  expect_failures = [aws_organizations_policy.peering]
}

run "another_organization_is_refused" {
  command = plan

  override_data {
    target = data.aws_organizations_organization.this
    values = { id = "o-zz99zz99zz", master_account_id = "111111111111" }
  }

  expect_failures = [data.aws_organizations_organization.this]
}

run "another_management_account_is_refused" {
  command = plan

  override_data {
    target = data.aws_organizations_organization.this
    values = { id = "o-a1b2c3d4e5", master_account_id = "999999999999" }
  }

  expect_failures = [data.aws_organizations_organization.this]
}
