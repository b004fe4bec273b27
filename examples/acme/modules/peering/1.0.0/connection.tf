locals {
  name = join("--", sort([var.requester.name, var.accepter.name]))
}

resource "aws_vpc_peering_connection" "this" {
  provider = aws.requester

  vpc_id        = var.requester.vpc_id
  peer_vpc_id   = var.accepter.vpc_id
  peer_owner_id = var.accepter.id
  peer_region   = var.accepter.region
  auto_accept   = false

  # Equal on both sides: within one account and region both resources tag the same object.
  tags = {
    Name = local.name
  }

  lifecycle {
    precondition {
      condition     = var.requester.vpc_id != var.accepter.vpc_id
      error_message = "${var.requester.name} and ${var.accepter.name} are both ${var.requester.vpc_id}; a VPC has no peering with itself: give two VPCs."
    }

    precondition {
      condition     = var.requester.vpc_id == var.accepter.vpc_id || length(local.overlaps) == 0
      error_message = "Ranges of ${var.requester.name} and ${var.accepter.name} overlap: ${join("; ", local.overlaps)}. AWS lets such a connection fail: give one network other ranges, or deny the pair in the policy."
    }
  }
}

resource "aws_vpc_peering_connection_accepter" "this" {
  provider = aws.accepter

  vpc_peering_connection_id = aws_vpc_peering_connection.this.id
  auto_accept               = true

  tags = {
    Name = local.name
  }
}
