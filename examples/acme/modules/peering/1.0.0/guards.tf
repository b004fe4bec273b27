locals {
  ranges_side_by_side = concat(
    setproduct(var.requester.cidr_blocks, var.accepter.cidr_blocks),
    setproduct(var.requester.ipv6_cidr_blocks, var.accepter.ipv6_cidr_blocks),
  )
  # Two ranges overlap exactly if they are one and the same at the shorter of their prefixes.
  overlaps = [
    for pair in local.ranges_side_by_side : join(" and ", pair) if 1 == length(distinct([
      for range in pair : cidrhost(join("/", [split("/", range)[0], min([for each in pair : tonumber(split("/", each)[1])]...)]), 0)
    ]))
  ]
  renew = "run \"scaffold pull\" and \"scaffold sync\", and review the change."
}

# What was reviewed is what is routed, so each VPC has to be what it was then. The resources take the reviewed values, never
# these answers: one that is only known after apply would replace the connection.

data "aws_vpc" "requester" {
  provider = aws.requester

  id = var.requester.vpc_id

  lifecycle {
    postcondition {
      condition     = self.owner_id == var.requester.id
      error_message = "${self.id} of ${var.requester.name} belongs to account ${self.owner_id}; the pair was reviewed with account ${var.requester.id}: ${local.renew}"
    }

    postcondition {
      condition = sort([
        for association in self.cidr_block_associations : association.cidr_block if association.state == "associated"
      ]) == sort(var.requester.cidr_blocks)
      error_message = "${self.id} of ${var.requester.name} has the IPv4 ranges ${join(", ", sort([for association in self.cidr_block_associations : association.cidr_block if association.state == "associated"]))}; the pair was reviewed with ${join(", ", sort(var.requester.cidr_blocks))}: ${local.renew}"
    }

    postcondition {
      # The data source shows one IPv6 range, whichever AWS names first.
      condition     = length(setsubtract(compact([self.ipv6_cidr_block]), var.requester.ipv6_cidr_blocks)) == 0
      error_message = "${self.id} of ${var.requester.name} has the IPv6 range ${join("", compact([self.ipv6_cidr_block]))}; the pair was reviewed with ${join(", ", coalescelist(sort(var.requester.ipv6_cidr_blocks), ["none"]))}: ${local.renew}"
    }
  }
}

data "aws_vpc" "accepter" {
  provider = aws.accepter

  id = var.accepter.vpc_id

  lifecycle {
    postcondition {
      condition     = self.owner_id == var.accepter.id
      error_message = "${self.id} of ${var.accepter.name} belongs to account ${self.owner_id}; the pair was reviewed with account ${var.accepter.id}: ${local.renew}"
    }

    postcondition {
      condition = sort([
        for association in self.cidr_block_associations : association.cidr_block if association.state == "associated"
      ]) == sort(var.accepter.cidr_blocks)
      error_message = "${self.id} of ${var.accepter.name} has the IPv4 ranges ${join(", ", sort([for association in self.cidr_block_associations : association.cidr_block if association.state == "associated"]))}; the pair was reviewed with ${join(", ", sort(var.accepter.cidr_blocks))}: ${local.renew}"
    }

    postcondition {
      # The data source shows one IPv6 range, whichever AWS names first.
      condition     = length(setsubtract(compact([self.ipv6_cidr_block]), var.accepter.ipv6_cidr_blocks)) == 0
      error_message = "${self.id} of ${var.accepter.name} has the IPv6 range ${join("", compact([self.ipv6_cidr_block]))}; the pair was reviewed with ${join(", ", coalescelist(sort(var.accepter.ipv6_cidr_blocks), ["none"]))}: ${local.renew}"
    }
  }
}
