output "connection_id" {
  description = "Id of the peering connection, once it is accepted."
  value       = aws_vpc_peering_connection_accepter.this.id
}
