output "reader_role_arn" {
  description = "ARN of the reader role of this account."
  value       = module.reader.role_arn
}

output "peering_scp_id" {
  description = "Id of the policy against rogue peerings."
  value       = aws_organizations_policy.peering.id
}
