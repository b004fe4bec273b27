output "endpoint_id" {
  description = "Id of the endpoint."
  value       = module.vpn.endpoint_id
}

output "self_service_portal_url" {
  description = "Where people fetch the client and its configuration; empty where the portal is off."
  value       = module.vpn.self_service_portal_url
}

output "dns_name" {
  description = "Host name that clients connect to."
  value       = module.vpn.dns_name
}

output "security_group_id" {
  description = "Id of the security group that clients' packets carry where they arrive in the VPC."
  value       = module.vpn.security_group_id
}

output "saml_provider_arn" {
  description = "ARN of the identity provider in IAM."
  value       = module.vpn.saml_provider_arn
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts the connection log."
  value       = module.vpn.kms_key_arn
}
