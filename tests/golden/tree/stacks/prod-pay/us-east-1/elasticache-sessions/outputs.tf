output "primary_address" {
  description = "Host name for reading and writing; it follows the primary node."
  value       = module.elasticache.primary_address
}

output "reader_address" {
  description = "Host name that spreads reads over the replicas."
  value       = module.elasticache.reader_address
}

output "port" {
  description = "Port on which the cache listens, with TLS only."
  value       = module.elasticache.port
}

output "user_name" {
  description = "Name under which the application signs in."
  value       = module.elasticache.user_name
}

output "client_security_group_id" {
  description = "Id of the security group that a client of the cache carries."
  value       = module.elasticache.client_security_group_id
}

output "connect_arns" {
  description = "What an IAM policy allows elasticache:Connect on, so that its role signs in as the application."
  value       = module.elasticache.connect_arns
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts the cache, its snapshots and its logs."
  value       = module.elasticache.kms_key_arn
}
