locals {
  # What people may be authorized for: the pools, and the VPC, whose resolver they ask, where it is cut from none of them.
  vpc = split("/", var.vpc_cidr_block)
  around_vpc = [
    for pool in var.pools : pool
    if tonumber(split("/", pool)[1]) <= tonumber(local.vpc[1]) && cidrhost(pool, 0) == cidrhost("${local.vpc[0]}/${split("/", pool)[1]}", 0)
  ]
  reached = concat(var.pools, length(local.around_vpc) > 0 ? [] : [var.vpc_cidr_block])

  # None to the range of the VPC: each association has that one by itself, and AWS refuses a second.
  routes = {
    for pair in setproduct(var.zone_ids, [for pool in var.pools : pool if pool != var.vpc_cidr_block]) :
    "${pair[0]}/${pair[1]}" => { zone = pair[0], pool = pair[1] }
  }

  authorizations = {
    for pair in setproduct(var.groups, local.reached) : "${pair[0]}/${pair[1]}" => { group = pair[0], range = pair[1] }
  }
}

resource "aws_ec2_client_vpn_route" "pool" {
  for_each = local.routes

  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.this.id
  description            = "A pool of the environment"
  destination_cidr_block = each.value.pool
  target_vpc_subnet_id   = aws_ec2_client_vpn_network_association.this[each.value.zone].subnet_id
}

resource "aws_ec2_client_vpn_authorization_rule" "group" {
  for_each = local.authorizations

  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.this.id
  description            = "A group of the identity provider"
  access_group_id        = each.value.group
  target_network_cidr    = each.value.range
}
