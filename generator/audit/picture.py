"""What a picture of an audit says: each pair of VPCs with what is wanted, declared and live, and the findings about it."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from generator.audit.findings import Bench
from generator.audit.live import Live
from generator.audit.model import End, Finding, Report
from generator.peering.describe import Standing
from generator.peering.existing import State
from generator.peering.model import Key, key, pair_name
from generator.peering.picture import Fact, View, drawn, of_pair
from generator.peering.plan import Pair

_ROGUE = frozenset({"rogue-denied", "policy-denies-live", "outside-organization", "pending-from-unknown"})


class Sight(enum.Enum):
    """What AWS shows of a pair; the value is what people read. In order of importance; what is not live stands as the plan says."""

    ROGUE = "Rogue: live or asked for, and not allowed"
    FLAWED = "Live, with findings"
    MISSING = "Declared, and not live"
    UNSEEN = "Declared, not looked into"
    PARTLY = "Live, not wholly looked into"
    LIVE = "Live, as declared"


@dataclass(frozen=True, slots=True)
class Seen:
    """A pair of VPCs, named as their networks where they are networks; `ends` are both where something says which VPCs they are."""

    names: Key
    sight: Sight | Standing
    live: tuple[Live, ...] = ()
    pair: Pair | None = None
    ends: tuple[End, ...] = ()

    def facts(self, seen: View) -> Iterator[Fact]:
        """What is live, then what the plan says."""
        for live in self.live:
            yield "connection", f"{live.id} is {live.status}; {live.requester.vpc_id} of {live.requester.account} requested it"
        if not self.live:
            yield "connection", "not looked into" if self.sight is Sight.UNSEEN else "none is live"
        yield from of_pair(self.pair, seen) if self.pair is not None else ()


def pairs(bench: Bench, report: Report) -> list[Seen]:
    """Every pair that is wanted, proposed, declared or live, what matters most first; denied ones only where AWS has them."""
    plan, joined = bench.question.plan, _joined(bench)
    wanted = drawn(plan)
    said: dict[Key, set[str]] = defaultdict(set)
    for found in report.findings:
        if len({str(end) for end in found.ends}) == 2 and found.severity:
            said[key(*map(str, found.ends))].add(found.id)
    blind = {unknown.subject for unknown in report.unknown}
    shown = []
    for names in {*joined, *wanted}:
        standing, pair = wanted.get(names, (Standing.DENIED, plan.pairs.get(names)))
        live = tuple(joined.get(names, ()))
        sight = _sight(live, said[names], pair, pair_name(names) in blind) or standing
        shown.append(Seen(names, sight, live, pair, bench.ends(live[0]) if live else ()))
    order = {each: place for place, each in enumerate([*Sight, *Standing])}
    return sorted(shown, key=lambda each: (order[each.sight], each.names))


def _joined(bench: Bench) -> Mapping[Key, list[Live]]:
    """The connections that are not over, by the names of their ends."""
    found: dict[Key, list[Live]] = defaultdict(list)
    for live in bench.index.connections.values():
        one, other = map(str, bench.ends(live))
        if not live.gone and one != other:
            found[key(one, other)].append(live)
    return found


def _sight(live: tuple[Live, ...], said: set[str], pair: Pair | None, blind: bool) -> Sight | None:
    """What AWS shows of a pair; None where neither it nor the repository has anything."""
    declared = pair is not None and pair.state is State.LIVE
    if live and said & _ROGUE:
        return Sight.ROGUE
    if live:
        return Sight.FLAWED if said else Sight.PARTLY if blind else Sight.LIVE
    if declared:
        return Sight.UNSEEN if blind and not said else Sight.MISSING
    return None


def strangers(shown: Iterable[Seen], bench: Bench) -> dict[str, tuple[End, bool]]:
    """The VPCs that are no declared network, by name, and whether their account is one of the organization."""
    known, members = bench.question.snapshot.accounts, bench.question.plan.members
    ends = {str(end): end for seen in shown for end in seen.ends if str(end) not in members}
    return {name: (end, end.account in known) for name, end in sorted(ends.items())}


def about(found: Finding, names: frozenset[Key], nodes: frozenset[str]) -> tuple[list[Key], list[str]]:
    """The pairs and the networks of a picture that a finding is about: a pair that is drawn, else each network that is."""
    ends = sorted({str(end) for end in found.ends} & nodes)
    both = key(*ends) if len(ends) == 2 else None
    return ([both], []) if both in names and both is not None else ([], ends)
