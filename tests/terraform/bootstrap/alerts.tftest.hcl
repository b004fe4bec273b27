mock_provider "aws" {}

variables {
  names           = { critical = "acme-critical", notice = "acme-notice" }
  key_alias       = "alias/acme-alerts"
  organization_id = "o-a1b2c3d4e5"
}

run "both_topics" {
  command = plan

  assert {
    condition     = { for level, topic in aws_sns_topic.this : level => topic.name } == { critical = "acme-critical", notice = "acme-notice" }
    error_message = "names"
  }
}

run "a_key_of_aws_is_silent" {
  command = plan

  variables {
    key_alias = "alias/aws/sns"
  }

  expect_failures = [var.key_alias]
}

run "a_topic_with_a_dot" {
  command = plan

  variables {
    names = { critical = "acme.critical", notice = "acme-notice" }
  }

  expect_failures = [var.names]
}

run "one_topic_for_both" {
  command = plan

  variables {
    names = { critical = "acme", notice = "acme" }
  }

  expect_failures = [var.names]
}

run "no_organization" {
  command = plan

  variables {
    organization_id = "r-ab12"
  }

  expect_failures = [var.organization_id]
}
