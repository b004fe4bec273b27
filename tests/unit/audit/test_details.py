"""Ranges, DNS, markers and direction of declared connections; peers that overlap; quotas; ends of the policy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.audit.judge import judge
from generator.audit.model import Report, Severity
from generator.landing_zone.auditing import question
from generator.peering.feasibility import Limits
from generator.snapshot.model import Connection, Part, Route, Side, Snapshot
from tests.support.audited import audit, between, connection_id, connections, ids, only, tables, vpcs, with_connection
from tests.unit.audit.company import FILES, SEEN, ZONE, data, place, policy, side, zone

ID = connection_id(data())
HUB, WEB = data().requester, data().accepter
NEW = "10.99.0.0/24"


# Ranges


def test_a_range_that_was_added_after_the_review() -> None:
    """Of either family, by the VPC or by the connection."""
    added = vpcs(SEEN, HUB.vpc_id, lambda vpc: vpc._replace(cidr_blocks=(*vpc.cidr_blocks, NEW)))
    shown = connections(SEEN, ID, lambda each: each._replace(requester=each.requester._replace(cidr_blocks=(*HUB.cidr_blocks, NEW))))
    ipv6 = vpcs(SEEN, WEB.vpc_id, lambda vpc: vpc._replace(ipv6_cidr_blocks=("2001:db8:2::/56", "2001:db8:9::/56")))

    assert {found.key for found in audit(ZONE, added).findings if found.id == "cidr-added"} == {NEW}
    assert only(audit(ZONE, shown), "cidr-added").message.endswith(f"{HUB.vpc_id} of dev-hub has the range {NEW}, which was not reviewed")
    assert only(audit(ZONE, ipv6), "cidr-added").key == "2001:db8:9::/56"


def test_a_reviewed_range_that_is_gone() -> None:
    """With what the VPC has instead."""
    report = audit(ZONE, _shown_as(vpcs(SEEN, WEB.vpc_id, lambda vpc: vpc._replace(ipv6_cidr_blocks=())), WEB.cidr_blocks, ()))

    found = only(report, "cidr-mismatch")
    assert found.key == WEB.ipv6_cidr_blocks[0] and f"it has {WEB.cidr_blocks[0]}" in found.message


def _shown_as(seen: Snapshot, ipv4: tuple[str, ...], ipv6: tuple[str, ...]) -> Snapshot:
    return connections(seen, ID, lambda each: each._replace(accepter=each.accepter._replace(cidr_blocks=ipv4, ipv6_cidr_blocks=ipv6)))


def test_a_vpc_that_is_not_there_any_more() -> None:
    """Its place was looked into, and does not show it: every reviewed range is gone, whatever the connection shows."""
    report = audit(ZONE, vpcs(SEEN, WEB.vpc_id, lambda vpc: None))

    assert ids(report)["cidr-mismatch"] == 2 and any("does not show this VPC any more" in found.message for found in report.findings)


def test_a_lost_range_is_not_hidden_by_what_the_connection_still_shows() -> None:
    """The VPC's own place counts."""
    report = audit(ZONE, vpcs(SEEN, WEB.vpc_id, lambda vpc: vpc._replace(ipv6_cidr_blocks=())))

    assert only(report, "cidr-mismatch").key == WEB.ipv6_cidr_blocks[0]


def test_a_connection_that_shows_no_ranges_is_judged_by_its_vpcs() -> None:
    """AWS shows them of active connections only, and not always."""
    assert ids(audit(ZONE, _shown_as(SEEN, (), ()))) == {}


def test_peers_of_one_vpc_that_overlap() -> None:
    """Its routes decide between them by luck; peers of two VPCs may."""
    twin = vpcs(SEEN, side("dev-ml").vpc_id, lambda vpc: vpc._replace(cidr_blocks=(*vpc.cidr_blocks, WEB.cidr_blocks[0])))
    report = audit(ZONE, twin)

    assert ids(report) == {"overlap-latent": 1, "cidr-added": 1}
    assert any(f"its peers dev-ml and dev-web overlap in {WEB.cidr_blocks[0]}" in found.message for found in report.findings)
    apart = vpcs(SEEN, side("prod-ml").vpc_id, lambda vpc: vpc._replace(cidr_blocks=(*vpc.cidr_blocks, WEB.cidr_blocks[0])))
    assert ids(audit(ZONE, apart)) == {"cidr-added": 1}


# DNS


def _dns(value: bool | None, name: str = "dev-hub") -> Snapshot:
    """The option of the requester, as its own place shows it."""
    return connections(SEEN, ID, lambda each: each._replace(requester=each.requester._replace(dns=value)), place(name))


def test_a_dns_option_that_is_off() -> None:
    """By the side's own place; what the other place says of it does not count."""
    assert "dev-hub does not resolve private names of dev-web" in only(audit(ZONE, _dns(False)), "dns-option-off").message
    assert ids(audit(ZONE, _dns(False, "dev-web"))) == {}


def test_a_dns_option_of_which_aws_says_nothing_is_unknown() -> None:
    """Neither on nor off: a gap."""
    report = audit(ZONE, _dns(None))

    assert ids(report) == {} and [(gap.account, gap.part) for gap in report.gaps] == [(HUB.id, Part.DNS)]
    assert [unknown.what for unknown in report.unknown] == ["the DNS option of dev-hub"]


def _without_dns() -> dict[str, bytes]:
    path = "peering/dev-hub--dev-web/peering.tf.json"
    return {**FILES, path: FILES[path].replace(b'"dns": true', b'"dns": false')}


def test_a_dns_option_that_is_on_and_should_not_be() -> None:
    """The pair was reviewed without."""
    report = audit(zone(_without_dns()), SEEN)

    assert ids(report) == {"dns-option-on-unwanted": 2}
    off = _without_option()
    assert ids(audit(zone(_without_dns()), off)) == {}


def _without_option() -> Snapshot:
    def changed(each: Connection) -> Connection:
        one, other = (part._replace(dns=False) for part in each.sides)
        return each._replace(requester=one, accepter=other)

    return connections(SEEN, ID, changed)


@pytest.mark.parametrize(("dns", "found"), [(False, {"vpc-dns-attribute-off": 1}), (True, {}), (None, {})])
def test_dns_attributes_of_a_vpc(dns: bool | None, found: dict[str, int]) -> None:
    """Off is told of every pair of the VPC; unread is a gap."""
    report = audit(ZONE, vpcs(SEEN, WEB.vpc_id, lambda vpc: vpc._replace(dns=dns)))

    assert ids(report) == found and bool(report.gaps) is (dns is None)


def test_dns_attributes_do_not_matter_to_a_pair_without_dns() -> None:
    """It was reviewed without."""
    off = vpcs(_without_option(), WEB.vpc_id, lambda vpc: vpc._replace(dns=False))

    assert ids(audit(zone(_without_dns()), off)) == {}


# Markers and direction


@pytest.mark.parametrize("tags", [{}, {"peering": "a--b"}, {"Peering": "dev-hub--dev-web"}])
def test_a_marker_that_is_missing_on_one_side(tags: dict[str, str]) -> None:
    """Each account has tags of its own on a connection."""
    seen = connections(SEEN, ID, lambda each: each._replace(tags=tags), place("dev-web"))
    found = only(audit(ZONE, seen), "ownership-tag-missing")

    assert found.severity is Severity.LOW and f"in account {WEB.id}" in found.message


def test_a_connection_that_the_other_side_requested() -> None:
    """It works the same: information."""
    turned = connections(SEEN, ID, lambda each: each._replace(requester=each.accepter, accepter=each.requester))
    report = audit(ZONE, turned)

    assert ids(report) == {} and [found.id for found in report.findings] == ["wrong-direction"]


# Quotas


def _judged(seen: Snapshot, peerings: int = 50, routes: int = 500) -> Report:
    """The report under other quotas."""
    asked = question(ZONE, seen)
    return judge(replace(asked, limits=Limits(peerings, routes, asked.limits.regions)))


def _with_route(route: Route) -> Snapshot:
    return tables(SEEN, HUB.route_table_ids[0], lambda table: table._replace(routes=(*table.routes, route)))


@pytest.mark.parametrize(("limit", "id"), [(4, "quota-reached"), (5, "quota-near"), (6, None)])
def test_a_quota_of_routes(limit: int, id: str | None) -> None:
    """IPv4 and IPv6 apart: with the new one, the table has four of IPv4."""
    found = _judged(_with_route(Route(NEW, "nat-1", "active")), routes=limit).findings

    assert [each.id for each in found if each.key == f"{HUB.route_table_ids[0]}|IPv4"] == ([id] if id else [])


def test_a_route_that_a_gateway_propagates_does_not_count() -> None:
    """AWS counts those elsewhere."""
    found = _judged(_with_route(Route(NEW, "vgw-1", "active", propagated=True)), routes=4).findings

    assert not [each for each in found if each.key == f"{HUB.route_table_ids[0]}|IPv4"]


@pytest.mark.parametrize(("limit", "id"), [(2, "quota-reached"), (3, None)])
def test_a_quota_of_peerings(limit: int, id: str | None) -> None:
    """The hubs have two each."""
    found = _judged(SEEN, peerings=limit).findings

    assert {each.id for each in found if each.subject == "dev-hub"} == ({id} if id else set())


@pytest.mark.parametrize(("number", "id"), [(19, None), (20, "quota-near"), (25, "quota-reached")])
def test_a_quota_of_requests_that_wait(number: int, id: str | None) -> None:
    """25 of an account may be open."""
    seen = SEEN
    for each in range(number):
        stranger = Side("999999999999", "us-east-1", f"vpc-{each:08}")
        seen = with_connection(seen, between(side("prod-ml"), stranger, f"pcx-{each:08}", "pending-acceptance"))

    assert [found.id for found in audit(ZONE, seen).findings if found.key == "requests"] == ([id] if id else [])


# The policy's days


def test_exceptions_that_end_soon_or_that_nobody_needs() -> None:
    """Thirty days before, and where no pair would be denied without it."""
    soon = audit(zone(FILES, "2026-12-01"), SEEN)
    unused = audit(zone(policy(("accounts: [staging-pay]", "accounts: [prod-ml]"))), SEEN)

    ends = [found.message for found in soon.findings if found.id == "exception-expiring"]
    assert len(ends) == 1 and ends[0].endswith("ends after 2026-12-31, in 30 days")
    assert "exception-unused" in {found.id for found in unused.findings}
    assert not [found for found in audit(ZONE, SEEN).findings if found.id.startswith("exception-")]


@pytest.mark.parametrize(
    ("day", "found"), [("2026-11-24", []), ("2026-11-25", []), ("2026-11-26", ["snapshot-stale"]), ("2026-11-23", ["snapshot-stale"])]
)
def test_a_snapshot_of_another_day(day: str, found: list[str]) -> None:
    """One day is the night between."""
    assert [each.id for each in audit(zone(FILES, day), SEEN).findings if each.id == "snapshot-stale"] == found
