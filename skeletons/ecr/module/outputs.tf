output "repository_urls" {
  description = "Repository name to the address that docker and helm push to and pull from."
  value       = { for name, repository in aws_ecr_repository.this : name => repository.repository_url }
}

output "repository_arns" {
  description = "Repository name to ARN."
  value       = { for name, repository in aws_ecr_repository.this : name => repository.arn }
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts every repository."
  value       = aws_kms_key.this.arn
}
