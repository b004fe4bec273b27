output "atlantis_server_role_arn" {
  description = "ARN of the role that the Atlantis server runs as."
  value       = aws_iam_role.atlantis_server.arn
}

output "ci_role_arn" {
  description = "ARN of the role of the scheduled jobs: the value of the variable SCAFFOLD_CI_ROLE_ARN in GitHub."
  value       = aws_iam_role.ci.arn
}

output "state_bucket" {
  description = "Name of the bucket of all states."
  value       = aws_s3_bucket.state.bucket
}

output "subscribe" {
  description = "For each topic whose secret scaffold.yaml names under alerts: the command that subscribes the URL in it, which goes into no file and no state."
  value = {
    for pair in setproduct(local.organization.regions, keys(local.organization.alerts)) :
    "${pair[0]} ${pair[1]}" => join(" ", [
      "aws sns subscribe --region ${pair[0]} --protocol https",
      "--topic-arn arn:${local.partition}:sns:${pair[0]}:${local.account}:${local.organization.topics[pair[1]]}",
      "--notification-endpoint \"$(aws secretsmanager get-secret-value --region ${split(":", local.organization.alerts[pair[1]])[3]}",
      "--secret-id ${local.organization.alerts[pair[1]]} --query SecretString --output text)\"",
    ])
  }
}
