locals {
  zone_index = { for index, zone in var.zone_ids : zone => index }

  # Four quarters: three private ones, one per zone, and a last one in eight parts: public 0-2, data 3-5, two spare.
  # Two zones leave the third zone's parts free, so that adding it moves nothing.
  last_quarter  = cidrsubnet(var.cidr_block, 2, 3)
  private_cidrs = { for zone, index in local.zone_index : zone => cidrsubnet(var.cidr_block, 2, index) }
  public_cidrs  = { for zone, index in local.zone_index : zone => cidrsubnet(local.last_quarter, 3, index) }
  data_cidrs    = { for zone, index in local.zone_index : zone => cidrsubnet(local.last_quarter, 3, 3 + index) }
}

resource "aws_subnet" "public" {
  for_each = local.public_cidrs

  vpc_id                  = aws_vpc.this.id
  availability_zone_id    = each.key
  cidr_block              = each.value
  map_public_ip_on_launch = false

  tags = {
    Name              = "${var.name}-public-${each.key}"
    "scaffold:subnet" = "public"
  }
}

resource "aws_subnet" "private" {
  for_each = local.private_cidrs

  vpc_id                  = aws_vpc.this.id
  availability_zone_id    = each.key
  cidr_block              = each.value
  map_public_ip_on_launch = false

  tags = {
    Name              = "${var.name}-private-${each.key}"
    "scaffold:subnet" = "private"
  }
}

resource "aws_subnet" "data" {
  for_each = local.data_cidrs

  vpc_id                  = aws_vpc.this.id
  availability_zone_id    = each.key
  cidr_block              = each.value
  map_public_ip_on_launch = false

  tags = {
    Name              = "${var.name}-data-${each.key}"
    "scaffold:subnet" = "data"
  }
}
