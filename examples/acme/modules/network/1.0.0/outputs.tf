output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}

output "cidr_block" {
  description = "IPv4 range of the VPC."
  value       = aws_vpc.this.cidr_block
}

output "public_subnet_ids" {
  description = "Public subnets: zone id to subnet id."
  value       = { for zone, subnet in aws_subnet.public : zone => subnet.id }
}

output "private_subnet_ids" {
  description = "Private subnets: zone id to subnet id."
  value       = { for zone, subnet in aws_subnet.private : zone => subnet.id }
}

output "data_subnet_ids" {
  description = "Data subnets, without a way to the internet: zone id to subnet id."
  value       = { for zone, subnet in aws_subnet.data : zone => subnet.id }
}

output "peering_route_table_ids" {
  description = "Route tables that peerings add routes to: \"data\" and \"private-ZONE\" to route table id."
  value = merge(
    { data = aws_route_table.data.id },
    { for zone, table in aws_route_table.private : "private-${zone}" => table.id },
  )
}

output "nat_public_ips" {
  description = "Addresses under which private subnets reach the internet: zone id of the gateway to address."
  value       = { for zone, address in aws_eip.nat : zone => address.public_ip }
}
