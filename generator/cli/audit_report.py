"""An audit's report as text, Markdown, SARIF and data."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator import __version__
from generator.audit.baseline import Accepted, Judged
from generator.audit.catalogue import KINDS, Kind
from generator.audit.model import End, Finding, Severity
from generator.report import markdown
from generator.report.markdown import Markdown
from generator.report.sarif import Result, Rule, sarif
from generator.report.text import counted, printable
from generator.snapshot.model import Gap, Part

_LIMIT = 56_000
_FEW = 5
"""So many accounts of one gap are named."""
_LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note", Severity.INFO: "note"}
_SCORES = {Severity.CRITICAL: 9.5, Severity.HIGH: 8.0, Severity.MEDIUM: 5.0, Severity.LOW: 2.0, Severity.INFO: 0.0}
_DOORS = {
    "transit_gateway_attachments": "transit-gateway attachment",
    "endpoint_services": "endpoint service",
    "shared_subnets": "shared subnet",
}


def shown(judged: Judged, baseline: str, form: str, is_sure: bool) -> str:
    """The report as people, or their services, read it; `is_sure`: everything that it was judged by could be read."""
    if form == "sarif":
        return _sarif(judged)
    summary = summed(judged, baseline, is_sure)
    return _markdown(judged, summary) if form == "markdown" else "\n".join([*_text(judged), *summary])


def lines(id: str) -> list[str]:
    """What a kind of finding means."""
    kind = KINDS[id]
    return [f"{id} ({kind.severity.word}): {kind.title}.", kind.why, f"What to do: {kind.remedy}."]


def _text(judged: Judged) -> Iterator[str]:
    for found in judged.open_findings:
        yield f"{found.severity.word:8}  {found.id}  {found.file}:{found.line}  [{found.fingerprint}]"
        yield f"          {printable(found.message)}"
        yield f"          {printable(found.remedy)}"
    for word, where, cause in unseen(judged):
        yield f"{word:8}  {printable(where)}: {printable(cause)}"
    for unknown in judged.report.unknown:
        yield f"unknown   {printable(unknown.subject)}: {printable(unknown.what)}"
    if judged.open_findings or judged.report.gaps:
        yield ""


def unseen(judged: Judged) -> list[tuple[str, str, str]]:
    """Where nobody could look, and why; what many accounts have in common is one line."""
    alike: dict[tuple[str, str, str, str], list[Gap]] = defaultdict(list)
    for gap in judged.report.gaps:
        alike[_word(judged, gap), gap.region or "", _part(gap), gap.cause].append(gap)
    lines = []
    for (word, region, part, cause), gaps in alike.items():
        where = [str(gap) for gap in gaps] if len(gaps) <= _FEW else [f"{len(gaps)} accounts" + (f" in {region}" if region else "")]
        lines += [(word, f"{each}{part}", cause) for each in where]
    return lines


def _word(judged: Judged, gap: Gap) -> str:
    if gap in judged.gaps:
        return "accepted"
    return "uncounted" if gap.part is Part.DOORS else "unread"


def _part(gap: Gap) -> str:
    return "" if gap.part is Part.ALL else f" ({gap.part.value.replace('_', ' ')})"


def summed(judged: Judged, baseline: str, is_sure: bool) -> list[str]:
    """The report in three lines: what was looked at, what was found, and what is not judged; see `shown`."""
    counts, unseen = judged.report.counts, judged.open_gaps
    numbers = Counter(found.severity for found in judged.open_findings)
    worth = ", ".join(f"{numbers[severity]} {severity.word}" for severity in sorted(Severity, reverse=True))
    accepted = len(judged.accepted) + len(judged.gaps)
    said = [f"{accepted} accepted by {baseline}"] if accepted else []
    said += [f"{counted(len(unseen), 'place')} not looked into"] if unseen else []
    doors = ", ".join(_counted(counts.get(name), word) for name, word in _DOORS.items())
    live = f"{counted(counts['connections'] or 0, 'connection')} live, {counts['declared']} declared"
    looked = f"{counted(counts['accounts'] or 0, 'account')}, {counted(counts['places'] or 0, 'place')} looked into, {live}"
    return [
        f"Snapshot of {judged.report.taken}: {looked}.",
        f"{'; '.join([worth, *said])}.{_verdict(judged, is_sure)}",
        f"Counted, not judged: {doors}. Not judged: security groups, network ACLs.",
    ]


def _counted(number: int | None, word: str) -> str:
    return f"{word}s not everywhere" if number is None else counted(number, word)


def _verdict(judged: Judged, is_sure: bool) -> str:
    """The word that a reviewer relies on: only where everything was read and looked at, and nothing was found."""
    unplaced = any(not each.places for each in judged.report.unknown)  # no gap says where, so nobody can have accepted it
    if not is_sure or unplaced or judged.open_gaps or any(found.severity for found in judged.open_findings):
        return ""
    return " Clean, but for what is accepted." if judged.accepted or judged.gaps else " Clean."


def _markdown(judged: Judged, summary: list[str]) -> str:
    head = ("severity", "finding", "what", "what to do")
    rows = [(found.severity.word, markdown.code(found.id), found.message, found.remedy) for found in judged.open_findings]
    gaps, unknown = unseen(judged), [(each.subject, each.what) for each in judged.report.unknown]
    return markdown.blocks(
        markdown.section("Peering audit", markdown.join([markdown.escape(line) for line in summary], "\n\n")),
        markdown.table(head, rows, _LIMIT * 3 // 4, "finding") if rows else Markdown(),
        markdown.section("Not looked into", markdown.table(("", "where", "why"), gaps, _LIMIT // 8, "place"), 3) if gaps else Markdown(),
        markdown.section("Unknown", markdown.table(("pair", "what"), unknown, _LIMIT // 8, "check"), 3) if unknown else Markdown(),
    )


def _sarif(judged: Judged) -> str:
    ids = sorted({found.id for found in judged.report.findings})
    rules = [_rule(id, KINDS[id]) for id in ids]
    results = [_result(found, judged.accepted.get(found.fingerprint)) for found in judged.report.findings]
    failures = [printable(f"{gap}{_part(gap)}: {gap.cause}") for gap in judged.open_gaps]
    failures += [printable(f"unknown: {each.subject}: {each.what}") for each in judged.report.unknown] if failures else []
    return sarif(__version__, rules, results, failures)


def _rule(id: str, kind: Kind) -> Rule:
    return Rule(id, kind.title, kind.why, kind.remedy, _LEVELS[kind.severity], _SCORES[kind.severity])


def _result(found: Finding, accepted: Accepted | None) -> Result:
    reason = f"{accepted.reason} (until {accepted.expires})" if accepted is not None else ""
    message = f"{printable(found.message)}. {printable(found.remedy)}"
    return Result(found.id, _LEVELS[found.severity], message, found.file, found.line, found.fingerprint, reason, _plain(found))


def data(judged: Judged) -> dict[str, Any]:
    """The report for programs."""
    return {
        "taken": judged.report.taken,
        "counts": dict(judged.report.counts),
        "findings": [
            {**_plain(found), "message": found.message, "remedy": found.remedy, "accepted": _entry(judged.accepted.get(found.fingerprint))}
            for found in judged.report.findings
        ],
        "gaps": [_gap(gap, judged) for gap in judged.report.gaps],
        "unknown": [
            {"subject": each.subject, "what": each.what, "places": [str(place) for place in each.places]} for each in judged.report.unknown
        ],
    }


def _gap(gap: Gap, judged: Judged) -> dict[str, Any]:
    entry = _entry(judged.gaps.get(gap))
    return {"account": gap.account, "region": gap.region, "part": gap.part.value, "cause": gap.cause, "accepted": entry}


def _entry(entry: Any) -> Mapping[str, str] | None:
    return {"reason": entry.reason, "expires": entry.expires} if entry is not None else None


def _plain(found: Finding) -> dict[str, Any]:
    return {
        "id": found.id,
        "severity": found.severity.word,
        "fingerprint": found.fingerprint,
        "subject": found.subject,
        "connection": found.connection or None,
        "sides": _ends(found.ends),
        "rules": list(found.rules),
        "evidence": dict(found.evidence),
        "file": found.file,
        "line": found.line,
    }


def _ends(ends: Sequence[End]) -> list[dict[str, str | None]]:
    return [
        {"network": end.name or None, "account": end.account or None, "region": end.region or None, "vpc_id": end.vpc_id or None}
        for end in ends
    ]
