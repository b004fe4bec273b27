"""The company whose AWS the tests of the audit change: two route tables a network, IPv6 on some, and a snapshot without a flaw."""

from __future__ import annotations

from dataclasses import replace

from generator import inventory
from generator.audit.model import Report
from generator.inventory import Inventory, LiveAccount
from generator.landing_zone.model import LandingZone
from generator.peering.data import Data
from generator.peering.model import Key
from generator.snapshot.model import Place, Side
from tests.support import audited, peered, zones

DAY = "2026-11-24"

IPV6 = {"dev-hub": "2001:db8:1::/56", "dev-web": "2001:db8:2::/56"}


def _wide(account: LiveAccount) -> LiveAccount:
    """Two tables, and an IPv6 range for some."""
    ((name, network),) = account.networks.items()
    tables = (*network.route_table_ids, network.route_table_ids[0].replace("rtb-0", "rtb-f"))
    ipv6 = (IPV6[name],) if name in IPV6 else ()
    return replace(account, networks={name: replace(network, route_table_ids=tables, ipv6_cidr_blocks=ipv6)})


def _files(policy: str = peered.POLICY) -> dict[str, bytes]:
    known = peered.known(peered.COMPANY)
    wider = Inventory({id: _wide(account) for id, account in known.accounts.items()})
    return {**peered.unsettled(policy=policy), inventory.FILE: inventory.write(wider)}


def zone(files: dict[str, bytes], day: str = DAY) -> LandingZone:
    """The landing zone of some files."""
    return zones.zone(files, day)


UNSYNCED = _files()
FILES = peered.synced(UNSYNCED)
ZONE = zone(FILES)
SEEN = audited.clean(ZONE)
PAIR: Key = ("dev-hub", "dev-web")
"""Two networks with IPv6, and the only pair of dev-web."""


def data(pair: Key = PAIR) -> Data:
    """What the stack of a pair declares."""
    found = ZONE.peerings().stacks[pair].data
    assert found is not None
    return found


def side(name: str, vpc_id: str | None = None, region: str = "us-east-1") -> Side:
    """A network's VPC, or another one of its account, as the side of a connection."""
    account = next(each for each in ZONE.inventory.accounts.values() if name in each.networks)
    network = account.networks[name]
    blocks = network.cidr_blocks if vpc_id is None else ()
    return Side(account.id, region, vpc_id or network.vpc_id, blocks)


def place(name: str) -> Place:
    """Where a network is."""
    return side(name).place


def policy(*replaced: tuple[str, str]) -> dict[str, bytes]:
    """The files of the synced company with another policy, which nobody synced."""
    text = peered.POLICY
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    return {**FILES, peered.POLICY_FILE: text.encode()}


def said(report: Report, id: str) -> list[str]:
    """The words of every finding of one kind."""
    return [found.message for found in report.findings if found.id == id]


ID = audited.connection_id(data())
DENIED = audited.between(side("prod-ml"), side("dev-ml"))
ROGUE = audited.with_connection(SEEN, DENIED)
NO_VPN = ("tier: vpn", "tier: data")
"""A policy in which no hub is one: what it connected is denied."""
