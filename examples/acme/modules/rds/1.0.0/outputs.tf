output "address" {
  description = "Host name under which the database is reached."
  value       = aws_db_instance.this.address
}

output "port" {
  description = "Port on which the database listens."
  value       = aws_db_instance.this.port
}

output "database_name" {
  description = "Name of the database within the instance, which is the name of the application's role too."
  value       = local.database_name
}

output "client_security_group_id" {
  description = "Id of the security group that a client of the database carries."
  value       = aws_security_group.client.id
}

output "connect_arn" {
  description = "What an IAM policy allows rds-db:connect on, so that its role signs in as the application."
  value       = "arn:${local.partition}:rds-db:${local.region}:${local.account}:dbuser:${aws_db_instance.this.resource_id}/${local.database_name}"
}

output "master_user_secret_arn" {
  description = "ARN of the secret that holds the password of dbadmin, which RDS rotates."
  value       = one(aws_db_instance.this.master_user_secret[*].secret_arn)
}

output "instance_arn" {
  description = "ARN of the instance."
  value       = aws_db_instance.this.arn
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts the storage, the snapshots, the secret and the logs."
  value       = aws_kms_key.this.arn
}
