"""An audit as a graph: what is live beside what is wanted, and the findings about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from generator.audit.baseline import Judged
from generator.audit.catalogue import KINDS
from generator.audit.findings import Bench
from generator.audit.model import Finding
from generator.audit.picture import Seen, Sight, about, pairs, strangers
from generator.cli import picture
from generator.cli.audit_report import unseen
from generator.landing_zone.model import LandingZone
from generator.peering.model import Key
from generator.peering.picture import Fact
from generator.report import graph
from generator.report.graph import Card, Graph, Tone

_TONES: Mapping[Sight, Tone] = {
    Sight.ROGUE: Tone.ALARM,
    Sight.FLAWED: Tone.DOUBT,
    Sight.MISSING: Tone.GOING,
    Sight.UNSEEN: Tone.UNSEEN,
    Sight.PARTLY: Tone.PARTLY,
    Sight.LIVE: Tone.PLAIN,
}
_STRANGER, _NAMELESS = "outside the organization", "no declared network"


def audited(zone: LandingZone, bench: Bench, judged: Judged, summary: Sequence[str]) -> Graph:
    """The graph of an audit."""
    seen = picture.viewed(zone)
    shown = pairs(bench, judged.report)
    drawn = shown[: picture.MOST]
    edges = [picture.edge(each.names, _title(each), each.facts(seen), seen) for each in drawn]
    others = {name: _stranger(end.account, end.region, end.vpc_id, ours) for name, (end, ours) in strangers(shown, bench).items()}
    unread = {name: (picture.UNREAD, ()) for each in shown for name in each.names}
    alarms = {str(end) for found in judged.open_findings if found.severity for end in found.ends}
    nodes = picture.nodes(zone, seen, {**unread, **others}, alarms)
    names, known = frozenset(each.names for each in drawn), frozenset(node.card.title for node in nodes)
    findings = [_finding(found, judged, names, known) for found in judged.report.findings]
    states = [*((sight.value, tone) for sight, tone in _TONES.items()), *((each.title, tone) for each, tone in picture.TONES.items())]
    notes = [*picture.left_out(len(shown)), *_notes(judged)]
    groups = picture.groups(zone, nodes)
    return Graph("Peering audit", picture.WORDS, summary, groups, states, nodes, edges, findings, notes)


def _title(seen: Seen) -> str:
    return seen.sight.value if isinstance(seen.sight, Sight) else seen.sight.title


def _stranger(account: str, region: str, vpc_id: str, ours: bool) -> picture.Group:
    return _NAMELESS if ours else _STRANGER, (("account id", account), ("region", region), ("VPC", vpc_id))


def _finding(found: Finding, judged: Judged, names: frozenset[Key], known: frozenset[str]) -> graph.Finding:
    edges, nodes = about(found, names, known)
    accepted = found.fingerprint in judged.accepted
    card = Card(found.message, f"{found.severity.word}, accepted" if accepted else found.severity.word, tuple(_facts(found, judged)))
    return graph.Finding(card, nodes, edges)


def _facts(found: Finding, judged: Judged) -> Iterator[Fact]:
    kind, entry = KINDS[found.id], judged.accepted.get(found.fingerprint)
    yield "finding", found.id
    yield "what to do", found.remedy
    yield "means", f"{kind.title}. {kind.why}"
    yield "accepted", f"until {entry.expires}: {entry.reason}" if entry is not None else ""
    yield "connection", found.connection
    yield "rules", ", ".join(found.rules)
    yield "place", f"{found.file}:{found.line}"
    yield "fingerprint", found.fingerprint


def _notes(judged: Judged) -> Iterator[str]:
    """Where nobody could look, and what could not be checked: the page must not seem to say that all is well there."""
    for word, where, cause in unseen(judged):
        yield f"{word}: {where}: {cause}"
    for unknown in judged.report.unknown:
        yield f"unknown: {unknown.subject}: {unknown.what}"
