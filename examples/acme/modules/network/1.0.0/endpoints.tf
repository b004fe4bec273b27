# Gateway endpoints cost nothing and keep this traffic off the NAT gateways, which charge by the gigabyte.
resource "aws_vpc_endpoint" "gateway" {
  for_each = toset(["dynamodb", "s3"])

  vpc_id            = aws_vpc.this.id
  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${data.aws_region.current.id}.${each.key}"
  route_table_ids   = concat([aws_route_table.data.id], [for table in aws_route_table.private : table.id])

  tags = {
    Name = "${var.name}-${each.key}"
  }
}
