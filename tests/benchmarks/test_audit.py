"""The audit of ten thousand accounts: reading the snapshot and judging it, against parsing its JSON."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

import pytest

from generator.audit.baseline import AcceptedGap, Baseline, apply
from generator.audit.judge import judge
from generator.audit.model import Declared, Question, Report
from generator.peering.data import Data, Side
from generator.peering.existing import Existing, State
from generator.peering.feasibility import Limits
from generator.peering.model import Key, Member
from generator.peering.plan import Action, Plan, plan
from generator.snapshot.model import Account, Contents, Doors, Gap, Place, Route, RouteTable, Snapshot, Vpc
from generator.snapshot.read import read
from generator.snapshot.write import write
from tests.benchmarks import organizations
from tests.benchmarks.conftest import Memory, Ratio, fastest
from tests.support.audited import connection, connection_id

REGIONS = ("us-east-1", "eu-west-1")
LIMITS = Limits(50, 500, frozenset(REGIONS))
POLICY = organizations.policy()
TAKEN, DAY = "2026-11-24T09:30:00Z", "2026-11-24"
TABLES = 4


def _side(member: Member) -> Side:
    facts = member.facts
    assert facts.account_id is not None and facts.vpc_id is not None
    role = f"arn:aws:iam::{facts.account_id}:role/acme-atlantis"
    return Side(member.name, facts.account_id, member.region, role, facts.vpc_id, facts.cidr_blocks, (), facts.route_table_ids)


def _wide(member: Member) -> Member:
    """With as many route tables as a network of ours has."""
    tables = tuple(f"rtb-{number}{(member.facts.account_id or '')[-12:]}0000" for number in range(TABLES))
    return replace(member, facts=replace(member.facts, route_table_ids=tables))


def _planned(number: int) -> Plan:
    """Everything that the policy allows and AWS can carry is declared."""
    members = [_wide(member) for member in organizations.members(number)]
    wanted = plan(POLICY, members, {}, LIMITS).of(Action.CREATE)
    known = {member.name: member for member in members}
    stacks = {pair.names: _existing(pair.names, known) for pair in wanted}
    return plan(POLICY, members, stacks, LIMITS)


def _existing(pair: Key, known: dict[str, Member]) -> Existing:
    one, other = (_side(known[name]) for name in pair)
    ends = {side.name: (side.id, side.region, side.vpc_id) for side in (one, other)}
    blocks = {side.name: side.blocks for side in (one, other)}
    return Existing(pair, State.LIVE, True, "1.0.0", one.name, ends, blocks, data=Data(one, other, dns=True))


def _snapshot(found: Plan) -> Snapshot:
    """Two regions of each account with a default VPC, and its network as it should be."""
    accounts = {str(member.facts.account_id): _account(member) for member in found.members.values()}
    places: dict[Place, Contents] = {Place(id, region): _default(id) for id in accounts for region in REGIONS}
    routes: dict[str, list[Route]] = {}
    for data in _declared(found):
        for name in ("requester", "accepter"):
            place = Place(data.side(name).id, data.side(name).region)
            here = places[place]
            places[place] = here._replace(connections=(*here.connections, connection(data)))
            for table, block in data.routes(name).values():
                routes.setdefault(table, []).append(Route(block, connection_id(data), "active"))
    for member in found.members.values():
        place = Place(str(member.facts.account_id), member.region)
        places[place] = _network(member, places[place], routes)
    return Snapshot(TAKEN, accounts, places)


def _declared(found: Plan) -> Iterator[Data]:
    return (stack.data for stack in found.stacks.values() if stack.data is not None)


def _account(member: Member) -> Account:
    address, path = f"aws+{member.name}@acme.com", "o-a1b2c3d4e5/r-ab12/ou-1/"
    return Account(str(member.facts.account_id), member.name, address, "ACTIVE", member.tags, path, REGIONS)


def _default(id: str) -> Contents:
    vpc = Vpc(f"vpc-d{id}", ("172.31.0.0/16",), default=True, subnets=tuple(f"subnet-{number}{id}" for number in range(3)))
    routes = (Route("172.31.0.0/16", "local", "active"), Route("0.0.0.0/0", f"igw-{id}", "active"))
    return Contents((vpc,), (), (RouteTable(f"rtb-d{id}", vpc.id, True, (), routes),), {}, Doors(0, 0, 0))


def _network(member: Member, here: Contents, routes: dict[str, list[Route]]) -> Contents:
    facts = member.facts
    vpc = Vpc(
        str(facts.vpc_id), facts.cidr_blocks, (), dns=True, subnets=tuple(f"subnet-n{number}{facts.account_id}" for number in range(9))
    )
    local = Route(facts.cidr_blocks[0], "local", "active")
    out = Route("0.0.0.0/0", f"nat-{facts.account_id}", "active")
    tables = tuple(
        RouteTable(id, vpc.id, False, (), (local, out, *routes.get(id, ())), {"scaffold:peering": "routed"}) for id in facts.route_table_ids
    )
    return here._replace(vpcs=(*here.vpcs, vpc), route_tables=(*here.route_tables, *tables))


@pytest.fixture(scope="module")
def planned() -> Plan:
    """The plan of ten thousand accounts."""
    return _planned(10_000)


def _judged(content: bytes, found: Plan) -> Report:
    accounts = {str(member.facts.account_id): Declared(member.account, member.tags, "a.tf", 1) for member in found.members.values()}
    return judge(Question(read(content, "audit.json"), POLICY, POLICY, found, LIMITS, DAY, "0" * 12, REGIONS[0], accounts, found.members))


def _without_collector(work: bytes, found: Plan) -> Report:
    """As the command does it."""
    gc.disable()
    try:
        return _judged(work, found)
    finally:
        gc.enable()


def test_auditing_ten_thousand_accounts(planned: Plan, ratio: Ratio) -> None:
    """The snapshot is judged clean, which is the longest way."""
    content = write(_snapshot(planned))
    report = _without_collector(content, planned)
    assert [found for found in report.findings if found.severity > 2] == [] and not report.gaps

    reading = fastest(lambda: json.loads(content), 3)

    ratio(
        "auditing 10,000 accounts, against json.loads of the snapshot",
        fastest(lambda: _without_collector(content, planned), 2),
        reading,
        most=4,
    )


def test_auditing_where_a_region_is_denied_to_every_account(planned: Plan, ratio: Ratio) -> None:
    """A gap of each account, all of them accepted by one entry: what Control Tower does to most organizations."""
    seen = _snapshot(planned)
    denied = replace(seen, gaps=tuple(Gap(id, "ap-south-1", "UnauthorizedOperation: denied by policy") for id in seen.accounts))
    content, entry = write(denied), AcceptedGap("Control Tower denies it", "2099-12-31", region="ap-south-1")
    baseline = Baseline("b.yaml", gaps=(entry,))
    assert not apply(_without_collector(content, planned), baseline, DAY).open_gaps

    auditing = fastest(lambda: apply(_without_collector(content, planned), baseline, DAY), 2)
    ratio("the same with 10,000 accepted gaps", auditing, fastest(lambda: json.loads(content), 3), most=4)


def test_memory_of_an_audit_of_ten_thousand_accounts(planned: Plan, memory: Memory) -> None:
    """The goal of the design: 500 MB."""
    content = write(_snapshot(planned))
    tracemalloc.start()
    _judged(content, planned)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()

    memory("peak memory of an audit of 10,000 accounts", peak, 500)
