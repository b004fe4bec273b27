output "endpoint_id" {
  description = "Id of the endpoint."
  value       = aws_ec2_client_vpn_endpoint.this.id
}

output "self_service_portal_url" {
  description = "Where people fetch the client and its configuration; empty where the portal is off."
  value       = aws_ec2_client_vpn_endpoint.this.self_service_portal_url
}

output "dns_name" {
  description = "Host name that clients connect to."
  value       = aws_ec2_client_vpn_endpoint.this.dns_name
}

output "security_group_id" {
  description = "Id of the security group that clients' packets carry where they arrive in the VPC."
  value       = aws_security_group.this.id
}

output "saml_provider_arn" {
  description = "ARN of the identity provider in IAM."
  value       = aws_iam_saml_provider.this.arn
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts the connection log."
  value       = aws_kms_key.this.arn
}
