"""What AWS limits, against what is used now: peerings of a VPC, routes of a table, requests that are waiting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from generator.audit.findings import Bench, Found
from generator.audit.live import VpcKey
from generator.audit.model import End
from generator.audit.routes import CONNECTION, leads
from generator.peering.decide import MOST
from generator.peering.feasibility import MOST_ROUTES, OUTSTANDING
from generator.snapshot.model import Place, RouteTable

NEAR = 0.8
"""The part of a quota from which on it is near."""


def quotas(bench: Bench) -> Iterator[Found]:
    """Quotas of which 80 % or all are used."""
    yield from _peerings(bench)
    yield from _routes(bench)
    yield from _requests(bench)


def _peerings(bench: Bench) -> Iterator[Found]:
    used = Counter(side.vpc for live in bench.index.connections.values() if live.active for side in live.sides)
    for vpc, number in sorted(used.items()):
        limit = min(_limit(bench, vpc, "peerings", bench.question.limits.peerings), MOST)
        yield from _used(bench, [bench.end(vpc)], "active peerings", number, limit, str(bench.end(vpc)), "peerings")


def _routes(bench: Bench) -> Iterator[Found]:
    for place, here in bench.index.snapshot.places.items():
        for table in here.route_tables:
            if len(table.routes) > 1 and any(route.target.startswith(CONNECTION) for route in table.routes):
                yield from _of_table(bench, place, table)


def _of_table(bench: Bench, place: Place, table: RouteTable) -> Iterator[Found]:
    """A table counts IPv4 and IPv6 apart, and each entry of a prefix list; what a gateway propagates counts elsewhere."""
    vpc = (place.account, place.region, table.vpc_id)
    limit = min(_limit(bench, vpc, "routes", bench.question.limits.routes), MOST_ROUTES)
    lists = bench.index.snapshot.places[place].prefix_lists
    numbers = Counter(lead.block.bits for lead in leads(table, lists) if not lead.route.propagated)
    for bits, number in sorted(numbers.items()):
        family = "IPv4" if bits == 32 else "IPv6"
        yield from _used(
            bench, [bench.end(vpc)], f"{family} routes of {table.id}", number, limit, str(bench.end(vpc)), f"{table.id}|{family}"
        )


def _requests(bench: Bench) -> Iterator[Found]:
    waiting = Counter(live.requester.account for live in bench.index.connections.values() if live.status == "pending-acceptance")
    for account, number in sorted(waiting.items()):
        yield from _used(bench, [End(account, "")], "requests that wait to be accepted", number, OUTSTANDING, account, "requests")


def _limit(bench: Bench, vpc: VpcKey, what: str, otherwise: int) -> int:
    """The quota in force for a VPC: what `scaffold pull` read, else what scaffold.yaml says."""
    member = bench.question.plan.members.get(bench.index.names.get(vpc, ""))
    return member.facts.limits.get(what, otherwise) if member is not None else otherwise


def _used(bench: Bench, ends: list[End], what: str, number: int, limit: int, subject: str, key: str) -> Iterator[Found]:
    if number >= limit * NEAR:
        id = "quota-reached" if number >= limit else "quota-near"
        evidence = {"used": number, "limit": limit}
        yield bench.found(id, ends, f"{number} of {limit} {what} are used", subject=subject, key=key, evidence=evidence)
