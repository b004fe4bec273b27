output "address" {
  description = "Host name under which the database is reached."
  value       = module.rds.address
}

output "port" {
  description = "Port on which the database listens."
  value       = module.rds.port
}

output "database_name" {
  description = "Name of the database within the instance, which is the name of the application's role too."
  value       = module.rds.database_name
}

output "client_security_group_id" {
  description = "Id of the security group that a client of the database carries."
  value       = module.rds.client_security_group_id
}

output "connect_arn" {
  description = "What an IAM policy allows rds-db:connect on, so that its role signs in as the application."
  value       = module.rds.connect_arn
}

output "master_user_secret_arn" {
  description = "ARN of the secret that holds the password of dbadmin, which RDS rotates."
  value       = module.rds.master_user_secret_arn
}

output "instance_arn" {
  description = "ARN of the instance."
  value       = module.rds.instance_arn
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts the storage, the snapshots, the secret and the logs."
  value       = module.rds.kms_key_arn
}
