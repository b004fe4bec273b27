locals {
  # AWS: IPv6 crosses a peering only if both VPCs have ranges of it.
  ipv6 = length(var.requester.ipv6_cidr_blocks) > 0 && length(var.accepter.ipv6_cidr_blocks) > 0

  # Keyed by what a route is, never by position: one table or range more touches no other route.
  requester_routes = {
    for route in setproduct(var.requester.route_table_ids, concat(var.accepter.cidr_blocks, local.ipv6 ? var.accepter.ipv6_cidr_blocks : [])) :
    join("|", route) => { table = route[0], range = route[1], ipv6 = strcontains(route[1], ":") }
  }

  accepter_routes = {
    for route in setproduct(var.accepter.route_table_ids, concat(var.requester.cidr_blocks, local.ipv6 ? var.requester.ipv6_cidr_blocks : [])) :
    join("|", route) => { table = route[0], range = route[1], ipv6 = strcontains(route[1], ":") }
  }
}

# The target is the accepter's id: no route ever leads to a connection that is not accepted.

resource "aws_route" "requester" {
  for_each = local.requester_routes
  provider = aws.requester

  route_table_id              = each.value.table
  destination_cidr_block      = each.value.ipv6 ? null : each.value.range
  destination_ipv6_cidr_block = each.value.ipv6 ? each.value.range : null
  vpc_peering_connection_id   = aws_vpc_peering_connection_accepter.this.id
}

resource "aws_route" "accepter" {
  for_each = local.accepter_routes
  provider = aws.accepter

  route_table_id              = each.value.table
  destination_cidr_block      = each.value.ipv6 ? null : each.value.range
  destination_ipv6_cidr_block = each.value.ipv6 ? each.value.range : null
  vpc_peering_connection_id   = aws_vpc_peering_connection_accepter.this.id
}
