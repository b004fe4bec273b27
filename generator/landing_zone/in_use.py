"""The address ranges that are known to be in use, whoever says so, each with what has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator import ranges
from generator.accounts.model import NETWORKS, VPC_CIDR, Account
from generator.landing_zone.model import LandingZone
from generator.ranges import Range


def in_use(zone: LandingZone) -> Iterator[tuple[Range, str]]:
    """`(range, what has it)`: declared by a request, described in accounts.yaml, or seen in AWS; what is no range is for lint."""
    for account in zone.accounts:
        yield from _declared(account)
    for described in zone.others.networks:
        yield from ((found, f"the network {described.name}") for found in described.cidr_blocks)
    for live in zone.inventory.accounts.values():
        for name, network in live.networks.items():
            yield from _of(network.cidr_blocks, f"the network {name}")
        for candidates in live.candidates.values():
            for candidate in candidates:
                yield from _of(candidate.cidr_blocks, f"the VPC {candidate.vpc_id}")


def _declared(account: Account) -> Iterator[tuple[Range, str]]:
    """By the fields themselves: where the home region cannot be told there is no network to ask, and the range is in use all the same."""
    names = {network.key: network.name for network in account.networks}
    for key, value in account.record.request.custom_fields.items():
        if isinstance(value, str) and (key == VPC_CIDR or key.startswith(NETWORKS)):
            yield from _of([value], f"the network {names[key]}" if key in names else f"{key} of {account.slug}")


def _of(blocks: Iterable[str], what: str) -> Iterator[tuple[Range, str]]:
    return ((found, what) for found in parsed(blocks))


def parsed(blocks: Iterable[str]) -> Iterator[Range]:
    """Those texts that are ranges."""
    for block in blocks:
        try:
            yield ranges.parse(block)
        except ValueError:
            continue
