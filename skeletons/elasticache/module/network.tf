data "aws_subnets" "data" {
  filter {
    name   = "vpc-id"
    values = [var.vpc_id]
  }

  filter {
    name   = "tag:scaffold:subnet"
    values = ["data"]
  }

  lifecycle {
    postcondition {
      condition     = length(self.ids) >= 2
      error_message = "${var.vpc_id} has ${length(self.ids)} subnet(s) tagged scaffold:subnet = data, and a cache needs two zones; apply the network's stack first, or tag two subnets without a way to the internet."
    }
  }
}

resource "aws_elasticache_subnet_group" "this" {
  name        = var.name
  description = "Data subnets of ${var.vpc_id}"
  subnet_ids  = data.aws_subnets.data.ids

  tags = {
    Name = var.name
  }
}

# Whoever carries this group reaches the cache, and nothing else makes it reachable: no range is ever admitted.
resource "aws_security_group" "client" {
  name        = "elasticache-${var.name}-client"
  description = "Carried by what connects to the cache ${var.name}"
  vpc_id      = var.vpc_id

  tags = {
    Name = "elasticache-${var.name}-client"
  }
}

resource "aws_vpc_security_group_egress_rule" "client_cache" {
  security_group_id            = aws_security_group.client.id
  description                  = "TLS to the cache ${var.name}"
  referenced_security_group_id = aws_security_group.cache.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port

  tags = {
    Name = "elasticache-${var.name}-client"
  }
}

resource "aws_security_group" "cache" {
  name        = "elasticache-${var.name}"
  description = "The cache ${var.name}"
  vpc_id      = var.vpc_id

  tags = {
    Name = "elasticache-${var.name}"
  }
}

resource "aws_vpc_security_group_ingress_rule" "cache_client" {
  security_group_id            = aws_security_group.cache.id
  description                  = "TLS from the clients of the cache ${var.name}"
  referenced_security_group_id = aws_security_group.client.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port

  tags = {
    Name = "elasticache-${var.name}"
  }
}
