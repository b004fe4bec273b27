output "connection_id" {
  description = "Id of the peering connection, once it is accepted."
  value       = module.peering.connection_id
}
