output "topic_arns" {
  description = "ARNs of the topics critical and notice."
  value       = { for level, topic in aws_sns_topic.this : level => topic.arn }
}
