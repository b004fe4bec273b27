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
      error_message = "${var.vpc_id} has ${length(self.ids)} subnet(s) tagged scaffold:subnet = data, and a database needs two zones; apply the network's stack first, or tag two subnets without a way to the internet."
    }
  }
}

resource "aws_db_subnet_group" "this" {
  name        = var.name
  description = "Data subnets of ${var.vpc_id}"
  subnet_ids  = data.aws_subnets.data.ids

  tags = {
    Name = var.name
  }
}

# Whoever carries this group reaches the database, and nothing else makes it reachable: no range is ever admitted.
resource "aws_security_group" "client" {
  name        = "rds-${var.name}-client"
  description = "Carried by what connects to the database ${var.name}"
  vpc_id      = var.vpc_id

  tags = {
    Name = "rds-${var.name}-client"
  }
}

resource "aws_vpc_security_group_egress_rule" "client_database" {
  security_group_id            = aws_security_group.client.id
  description                  = "PostgreSQL to the database ${var.name}"
  referenced_security_group_id = aws_security_group.database.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port

  tags = {
    Name = "rds-${var.name}-client"
  }
}

resource "aws_security_group" "database" {
  name        = "rds-${var.name}"
  description = "The database ${var.name}"
  vpc_id      = var.vpc_id

  tags = {
    Name = "rds-${var.name}"
  }
}

resource "aws_vpc_security_group_ingress_rule" "database_client" {
  security_group_id            = aws_security_group.database.id
  description                  = "PostgreSQL from the clients of the database ${var.name}"
  referenced_security_group_id = aws_security_group.client.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port

  tags = {
    Name = "rds-${var.name}"
  }
}
