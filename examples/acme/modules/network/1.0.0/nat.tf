locals {
  # Zone of a private subnet -> zone of the gateway it leaves through.
  nat_zone = { for zone in var.zone_ids : zone => var.nat_gateways == "single" ? var.zone_ids[0] : zone }
}

resource "aws_eip" "nat" {
  for_each = toset(values(local.nat_zone))

  domain           = "vpc"
  public_ipv4_pool = var.public_ipv4_pool

  tags = {
    Name = "${var.name}-nat-${each.key}"
  }
}

resource "aws_nat_gateway" "this" {
  for_each = toset(values(local.nat_zone))

  allocation_id     = aws_eip.nat[each.key].id
  subnet_id         = aws_subnet.public[each.key].id
  connectivity_type = "public"

  tags = {
    Name = "${var.name}-${each.key}"
  }

  # A gateway that is created before its VPC can reach the internet ends in the state "failed".
  depends_on = [aws_internet_gateway.this]
}
