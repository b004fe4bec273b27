data "aws_subnets" "private" {
  for_each = toset(var.zone_ids)

  filter {
    name   = "vpc-id"
    values = [var.vpc_id]
  }

  filter {
    name   = "tag:scaffold:subnet"
    values = ["private"]
  }

  filter {
    name   = "availability-zone-id"
    values = [each.key]
  }

  lifecycle {
    postcondition {
      condition     = length(self.ids) == 1
      error_message = "${var.vpc_id} has ${length(self.ids)} subnets tagged scaffold:subnet = private in ${each.key}, and an association needs one; apply the network's stack first, or take the zone out of zone_ids."
    }
  }
}

# Peerings add their routes to tables with this tag; in any other, a client's packets would find no way.
data "aws_route_tables" "routed" {
  for_each = data.aws_subnets.private

  vpc_id = var.vpc_id

  filter {
    name   = "association.subnet-id"
    values = each.value.ids
  }

  filter {
    name   = "tag:scaffold:peering"
    values = ["routed"]
  }

  lifecycle {
    postcondition {
      condition     = length(self.ids) == 1
      error_message = "The private subnet of ${var.vpc_id} in ${each.key} uses no route table tagged scaffold:peering = routed, so no peering could be reached through it; tag its table, and all others that peerings are to route."
    }
  }
}

# Nothing is let in: what clients send arrives through the endpoint, which knows who they are.
resource "aws_security_group" "this" {
  name        = "client-vpn-${var.name}"
  description = "Clients of the VPN into ${var.name}"
  vpc_id      = var.vpc_id

  tags = {
    Name = "client-vpn-${var.name}"
  }
}

resource "aws_vpc_security_group_egress_rule" "reached" {
  for_each = toset(local.reached)

  security_group_id = aws_security_group.this.id
  description       = "Networks of the environment"
  cidr_ipv4         = each.key
  ip_protocol       = "-1"

  tags = {
    Name = "client-vpn-${var.name}"
  }
}
