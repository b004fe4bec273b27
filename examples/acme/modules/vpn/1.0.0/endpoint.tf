resource "aws_iam_saml_provider" "this" {
  name                   = "client-vpn-${var.name}"
  saml_metadata_document = var.saml_metadata

  tags = {
    Name = "client-vpn-${var.name}"
  }
}

resource "aws_ec2_client_vpn_endpoint" "this" {
  description            = "Into ${var.name}"
  client_cidr_block      = var.client_cidr_block
  server_certificate_arn = var.server_certificate_arn
  vpc_id                 = var.vpc_id
  security_group_ids     = [aws_security_group.this.id]
  dns_servers            = var.dns_servers
  transport_protocol     = "udp"
  vpn_port               = 443

  # Only what has a route here goes through the VPN; the rest of a client's traffic is no business of ours.
  split_tunnel = true

  self_service_portal           = var.self_service_portal ? "enabled" : "disabled"
  session_timeout_hours         = var.session_timeout_hours
  disconnect_on_session_timeout = true

  authentication_options {
    type                           = "federated-authentication"
    saml_provider_arn              = aws_iam_saml_provider.this.arn
    self_service_saml_provider_arn = var.self_service_portal ? aws_iam_saml_provider.this.arn : null
  }

  connection_log_options {
    enabled               = true
    cloudwatch_log_group  = aws_cloudwatch_log_group.this.name
    cloudwatch_log_stream = aws_cloudwatch_log_stream.this.name
  }

  tags = {
    Name = var.name
  }
}

resource "aws_ec2_client_vpn_network_association" "this" {
  for_each = data.aws_subnets.private

  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.this.id
  subnet_id              = one(each.value.ids)

  # The check of its route table comes before it.
  depends_on = [data.aws_route_tables.routed]
}
