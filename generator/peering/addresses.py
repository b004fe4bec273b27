"""What the peering module holds, as Terraform addresses it: the stack calls the module, and each object has one place in it."""

from __future__ import annotations

from generator.peering.data import SIDES

MODULE = "module.peering"
CONNECTION, ACCEPTANCE = "aws_vpc_peering_connection.this", "aws_vpc_peering_connection_accepter.this"
OPTIONS, ROUTE, NETWORK = "aws_vpc_peering_connection_options", "aws_route", "data.aws_vpc"
SINGLE = (CONNECTION, ACCEPTANCE, *(f"{OPTIONS}.{side}" for side in SIDES))
"""Of these a live pair has one each; of routes it has many."""
