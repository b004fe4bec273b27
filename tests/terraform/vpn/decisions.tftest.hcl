# What the module decides, with mocked AWS: production against others, each switch, and networks that do not fit.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }

  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }

  mock_data "aws_subnets" {
    defaults = { ids = ["subnet-0aaaaaaaaaaaaaaaa"] }
  }

  mock_data "aws_route_tables" {
    defaults = { ids = ["rtb-0aaaaaaaaaaaaaaaa"] }
  }
}

variables {
  name                   = "prod-vpn"
  vpc_id                 = "vpc-0aaaaaaaaaaaaaaaa"
  vpc_cidr_block         = "10.20.0.0/20"
  zone_ids               = ["use1-az1", "use1-az2", "use1-az4"]
  client_cidr_block      = "10.200.0.0/22"
  server_certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d"
  saml_metadata          = join("", concat(["<EntityDescriptor><IDPSSODescriptor>"], [for number in range(1000) : "x"]))
  pools                  = ["10.16.0.0/12", "10.64.0.0/12"]
  groups                 = ["engineers", "operators"]
  dns_servers            = ["10.20.0.2"]
  session_timeout_hours  = 8
  notice_topic_arn       = "arn:aws:sns:us-east-1:333333333333:acme-notice"
}

run "production_has_an_association_in_every_zone" {
  command = plan

  assert {
    condition     = toset(keys(aws_ec2_client_vpn_network_association.this)) == toset(var.zone_ids)
    error_message = "one association in each zone"
  }

  assert {
    condition     = length(aws_ec2_client_vpn_route.pool) == 6
    error_message = "a route for each pool and association"
  }

  assert {
    condition     = aws_ec2_client_vpn_endpoint.this.session_timeout_hours == 8
    error_message = "a working day"
  }
}

run "elsewhere_one_is_enough" {
  command = plan

  variables {
    zone_ids              = ["use1-az2"]
    session_timeout_hours = 24
  }

  assert {
    condition     = keys(aws_ec2_client_vpn_network_association.this) == ["use1-az2"]
    error_message = "one association"
  }

  assert {
    condition     = keys(aws_ec2_client_vpn_route.pool) == ["use1-az2/10.16.0.0/12", "use1-az2/10.64.0.0/12"]
    error_message = "a route for each pool"
  }

  assert {
    condition     = length(aws_ec2_client_vpn_authorization_rule.group) == 4
    error_message = "the same rules as with more associations"
  }
}

run "what_every_vpn_has" {
  command = plan

  assert {
    condition     = aws_ec2_client_vpn_endpoint.this.split_tunnel && aws_ec2_client_vpn_endpoint.this.disconnect_on_session_timeout
    error_message = "only what is ours goes through, and a session ends"
  }

  assert {
    condition     = one(aws_ec2_client_vpn_endpoint.this.authentication_options).type == "federated-authentication"
    error_message = "people sign in with the identity provider"
  }

  assert {
    condition     = one(aws_ec2_client_vpn_endpoint.this.connection_log_options).enabled && aws_cloudwatch_log_group.this.retention_in_days == 365
    error_message = "who was connected is known for a year"
  }

  assert {
    condition     = alltrue([for rule in aws_ec2_client_vpn_authorization_rule.group : rule.access_group_id != null && rule.authorize_all_groups != true])
    error_message = "nobody is let in without a group"
  }

  assert {
    condition     = toset([for rule in aws_vpc_security_group_egress_rule.reached : rule.cidr_ipv4]) == toset(var.pools)
    error_message = "clients reach the pools"
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : one(alarm.alarm_actions) == var.notice_topic_arn])
    error_message = "every alarm is a notice"
  }
}

run "the_portal_is_on" {
  command = plan

  assert {
    condition     = aws_ec2_client_vpn_endpoint.this.self_service_portal == "enabled"
    error_message = "people help themselves"
  }
}

run "the_portal_can_be_off" {
  command = plan

  variables {
    self_service_portal = false
  }

  assert {
    condition     = aws_ec2_client_vpn_endpoint.this.self_service_portal == "disabled" && one(aws_ec2_client_vpn_endpoint.this.authentication_options).self_service_saml_provider_arn == null
    error_message = "no portal, and nobody who signs in there"
  }
}

run "a_pool_that_is_the_network_has_its_route_already" {
  command = plan

  variables {
    pools = ["10.20.0.0/20", "10.64.0.0/12"]
  }

  assert {
    condition     = toset([for route in aws_ec2_client_vpn_route.pool : route.destination_cidr_block]) == toset(["10.64.0.0/12"])
    error_message = "AWS refuses a second route to the range of the VPC"
  }

  assert {
    condition     = toset([for rule in aws_ec2_client_vpn_authorization_rule.group : rule.target_network_cidr]) == toset(["10.20.0.0/20", "10.64.0.0/12"])
    error_message = "a route does not authorize"
  }
}

run "a_network_outside_the_pools_is_authorized" {
  command = plan

  variables {
    vpc_cidr_block = "172.20.0.0/20"
  }

  assert {
    condition     = toset([for rule in aws_ec2_client_vpn_authorization_rule.group : rule.target_network_cidr]) == toset(["10.16.0.0/12", "10.64.0.0/12", "172.20.0.0/20"])
    error_message = "or nobody could ask its resolver"
  }

  assert {
    condition     = length(aws_ec2_client_vpn_route.pool) == 6 && length(aws_vpc_security_group_egress_rule.reached) == 3
    error_message = "its route is there"
  }
}

run "addresses_are_counted_by_the_client_range" {
  command = plan

  variables {
    client_cidr_block = "10.200.0.0/20"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["addresses"].threshold == 1638
    error_message = "four fifths of half of 4096"
  }
}

run "as_many_routes_as_there_may_be" {
  command = plan

  variables {
    pools = [for number in range(99) : "10.${number}.0.0/16"]
  }

  assert {
    condition     = length(aws_ec2_client_vpn_route.pool) == 297
    error_message = "ninety-nine for each association, and the one that AWS adds"
  }
}

run "one_route_too_many" {
  command = plan

  variables {
    pools = [for number in range(100) : "10.${number}.0.0/16"]
  }

  expect_failures = [var.pools]
}

run "as_many_rules_as_there_may_be" {
  command = plan

  variables {
    groups = [for number in range(100) : "group-${number}"]
  }

  assert {
    condition     = length(aws_ec2_client_vpn_authorization_rule.group) == 200
    error_message = "two pools for each of a hundred groups"
  }
}

run "one_group_too_many" {
  command = plan

  variables {
    groups = [for number in range(101) : "group-${number}"]
  }

  expect_failures = [var.groups]
}

run "a_client_range_in_a_pool" {
  command = plan

  variables {
    client_cidr_block = "10.31.252.0/22"
  }

  expect_failures = [var.client_cidr_block]
}

run "a_client_range_around_a_pool" {
  command = plan

  variables {
    client_cidr_block = "10.64.0.0/12"
    pools             = ["10.16.0.0/12", "10.65.0.0/16"]
  }

  expect_failures = [var.client_cidr_block]
}

run "a_client_range_in_the_network" {
  command = plan

  variables {
    vpc_cidr_block    = "172.20.0.0/16"
    client_cidr_block = "172.20.8.0/22"
  }

  expect_failures = [var.client_cidr_block]
}

run "a_client_range_beside_a_pool" {
  command = plan

  variables {
    client_cidr_block = "10.32.0.0/22"
  }

  assert {
    condition     = aws_ec2_client_vpn_endpoint.this.client_cidr_block == "10.32.0.0/22"
    error_message = "the first address after a pool is free"
  }
}

run "two_private_subnets_in_a_zone" {
  command = plan

  override_data {
    target = data.aws_subnets.private
    values = { ids = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"] }
  }

  expect_failures = [data.aws_subnets.private]
}

run "a_table_that_peerings_do_not_route" {
  command = plan

  override_data {
    target = data.aws_route_tables.routed
    values = { ids = [] }
  }

  expect_failures = [data.aws_route_tables.routed]
}
