# Managed by scaffold; run "scaffold sync". sha256:84ea09b21b5dcf05734b38eba187e9b7a02c4079ebf2a10b3d20301d6d588a3b
output "connection_id" {
  description = "Id of the peering connection, once it is accepted."
  value       = module.peering.connection_id
}
