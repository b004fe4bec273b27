output "vpc_id" {
  description = "Id of the VPC."
  value       = module.network.vpc_id
}

output "cidr_block" {
  description = "IPv4 range of the VPC."
  value       = module.network.cidr_block
}

output "public_subnet_ids" {
  description = "Public subnets: zone id to subnet id."
  value       = module.network.public_subnet_ids
}

output "private_subnet_ids" {
  description = "Private subnets: zone id to subnet id."
  value       = module.network.private_subnet_ids
}

output "data_subnet_ids" {
  description = "Data subnets, without a way to the internet: zone id to subnet id."
  value       = module.network.data_subnet_ids
}

output "peering_route_table_ids" {
  description = "Route tables that peerings add routes to: table name to route table id."
  value       = module.network.peering_route_table_ids
}

output "nat_public_ips" {
  description = "Addresses under which private subnets reach the internet: zone id to address."
  value       = module.network.nat_public_ips
}
