output "repository_urls" {
  description = "Repository name to the address that docker and helm push to and pull from."
  value       = module.ecr.repository_urls
}

output "repository_arns" {
  description = "Repository name to ARN."
  value       = module.ecr.repository_arns
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts every repository."
  value       = module.ecr.kms_key_arn
}
