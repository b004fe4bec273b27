"""What is drawn of an audit: what is live beside what is wanted and declared, and never well where nobody looked."""

from __future__ import annotations

from generator.audit.findings import bench
from generator.audit.judge import judged
from generator.audit.model import Report
from generator.audit.picture import Seen, Sight, about, pairs, strangers
from generator.cli.audit_picture import _TONES
from generator.landing_zone.auditing import question
from generator.landing_zone.peerings import limits, plan_of, policy_of
from generator.peering.describe import Standing
from generator.peering.model import Key
from generator.peering.picture import view
from generator.snapshot.model import Side, Snapshot
from tests.support import audited
from tests.support.audited import between, blind, with_connection, without, without_routes
from tests.unit.audit.company import PAIR, SEEN, ZONE, data, place, side

STRANGER = Side("900000000001", "us-east-1", "vpc-0bad")
ID = audited.connection_id(data())


def drawn(seen: Snapshot) -> tuple[dict[Key, Seen], Report]:
    """What is drawn of a snapshot, and the report."""
    asked = bench(question(ZONE, seen))
    report = judged(asked)
    return {each.names: each for each in pairs(asked, report)}, report


def sight(seen: Snapshot, names: Key = PAIR) -> Sight | Standing:
    """How one pair is drawn."""
    return drawn(seen)[0][names].sight


def test_everything_is_as_declared() -> None:
    """Every declared pair is live, and no other is drawn."""
    shown, _ = drawn(SEEN)

    assert {each.sight for each in shown.values()} == {Sight.LIVE} and len(shown) == 5 and set(_TONES) == set(Sight)


def test_a_rogue_comes_first() -> None:
    """The policy denies the pair, so no plan has it; it is drawn because AWS has it."""
    shown, _ = drawn(with_connection(SEEN, between(side("prod-ml"), side("dev-ml"))))
    first = next(iter(shown.values()))

    assert (first.names, first.sight) == (("dev-ml", "prod-ml"), Sight.ROGUE)
    facts = dict(first.facts(view(plan_of(ZONE), policy_of(ZONE), limits(ZONE))))
    assert facts["connection"].startswith("pcx-0123456789abcdef0 is active; vpc-") and "why" not in facts


def test_a_stranger_has_a_place_of_its_own() -> None:
    """It is no network of ours; a VPC of ours that is none either is told from it."""
    seen = with_connection(SEEN, between(STRANGER, side("prod-ml")))
    seen = with_connection(seen, between(side("dev-ml", "vpc-other"), side("dev-web"), "pcx-1"))
    shown, _ = drawn(seen)
    found = strangers(shown.values(), bench(question(ZONE, seen)))

    assert {name: ours for name, (_, ours) in found.items()} == {
        "900000000001 us-east-1 vpc-0bad": False,
        f"{side('dev-ml').account} us-east-1 vpc-other": True,
    }


def test_a_declared_pair_that_is_not_live() -> None:
    """Both sides were looked into, and neither shows it."""
    assert sight(without(SEEN, ID)) is Sight.MISSING


def test_a_live_pair_with_a_finding() -> None:
    """It carries the marker of a pair, and its routes are gone."""
    assert sight(without_routes(SEEN, ID)) is Sight.FLAWED


def test_a_pair_that_nobody_could_look_at() -> None:
    """Not seen is neither live nor missing; and one side alone does not make it well."""
    both = blind(without(SEEN, ID), *map(place, PAIR))

    assert sight(both) is Sight.UNSEEN and sight(blind(SEEN, place(PAIR[1]))) is Sight.PARTLY


def test_a_finding_leads_to_its_pair_or_to_its_networks() -> None:
    """To the pair where it is drawn; else to each network that is."""
    seen = with_connection(SEEN, between(side("prod-ml"), side("dev-ml")))
    shown, report = drawn(seen)
    rogue = next(found for found in report.findings if found.id == "rogue-denied")
    known = frozenset({"prod-ml", "dev-ml"})

    assert about(rogue, frozenset(shown), known) == ([("dev-ml", "prod-ml")], [])
    assert about(rogue, frozenset(), known) == ([], ["dev-ml", "prod-ml"]) and about(rogue, frozenset(), frozenset()) == ([], [])
