output "primary_address" {
  description = "Host name for reading and writing; it follows the primary node."
  value       = aws_elasticache_replication_group.this.primary_endpoint_address
}

output "reader_address" {
  description = "Host name that spreads reads over the replicas."
  value       = aws_elasticache_replication_group.this.reader_endpoint_address
}

output "port" {
  description = "Port on which the cache listens, with TLS only."
  value       = aws_elasticache_replication_group.this.port
}

output "user_name" {
  description = "Name under which the application signs in."
  value       = aws_elasticache_user.application.user_name
}

output "client_security_group_id" {
  description = "Id of the security group that a client of the cache carries."
  value       = aws_security_group.client.id
}

output "connect_arns" {
  description = "What an IAM policy allows elasticache:Connect on, so that its role signs in as the application."
  value       = [aws_elasticache_replication_group.this.arn, aws_elasticache_user.application.arn]
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts the cache, its snapshots and its logs."
  value       = aws_kms_key.this.arn
}
