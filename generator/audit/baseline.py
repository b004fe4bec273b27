"""What has been looked at and accepted: findings by their fingerprint, gaps by a selector; each with a reason and a last day.

A gap of a place that the repository has something to do with is never accepted by its region or its cause alone: only an entry
that names the account says that somebody knows what is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.audit.model import Finding, Report
from generator.documents import strict_yaml
from generator.documents.shape import Date, Items, Key, Number, Reader, Record, Text, json_schema
from generator.documents.strict_yaml import Node
from generator.organization.schema import ACCOUNT_ID, REGION
from generator.problems import Problem, Refused, Severity
from generator.snapshot.model import Gap, Part

FILE = "peering/audit-baseline.yaml"
SCHEMA = ".scaffold/audit-baseline.schema.json"
_PARTS = tuple(part.value for part in Part)


@dataclass(frozen=True, slots=True)
class Accepted:
    """An entry for a finding. `expires` is its last valid day (UTC, `YYYY-MM-DD`)."""

    fingerprint: str
    id: str
    reason: str
    expires: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class AcceptedGap:
    """An entry for gaps: all that it names must be those of the gap; `cause` is a word of it."""

    reason: str
    expires: str
    account: str | None = None
    region: str | None = None
    cause: str | None = None
    part: str = Part.ALL.value
    line: int = 1

    def meets(self, gap: Gap, needed: Mapping[str, Collection[str]]) -> bool:
        """Is this gap meant? `needed` are the regions of each account that the repository has something to do with."""
        if gap.part is Part.ACCOUNTS:  # who is a stranger cannot be told then
            return False
        if self.account is None and gap.account in needed and (gap.region is None or gap.region in needed[gap.account]):
            return False
        named = ((self.account, gap.account), (self.region, gap.region), (self.part, gap.part.value))
        return all(said in (None, seen) for said, seen in named) and (self.cause is None or _words(self.cause) in _words(gap.cause))


def _words(text: str) -> str:
    """Its words, each with a space on both sides: a part of a word is another one."""
    return f" {' '.join(re.findall(r'[0-9A-Za-z]+', text))} "


@dataclass(frozen=True, slots=True)
class Baseline:
    """The file."""

    file: str
    findings: tuple[Accepted, ...] = ()
    gaps: tuple[AcceptedGap, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A report, and what of it is accepted, by whom; `problems` are entries that mean nothing any more."""

    report: Report
    accepted: Mapping[str, Accepted]
    gaps: Mapping[Gap, AcceptedGap]
    problems: tuple[Problem, ...] = ()

    @property
    def open_findings(self) -> list[Finding]:
        """Those that nobody accepted."""
        return [found for found in self.report.findings if found.fingerprint not in self.accepted]

    @property
    def open_gaps(self) -> list[Gap]:
        """Those that nobody accepted. What is only counted, other doors, is none."""
        return [gap for gap in self.report.gaps if gap not in self.gaps and gap.part is not Part.DOORS]


@dataclass(frozen=True, slots=True)
class _Selecting:
    """A record that has to name one of some keys: an entry for gaps that names nothing would accept them all."""

    record: Record
    any_of: tuple[str, ...]

    def read(self, node: Node, at: str, reader: Reader) -> Any:
        """See `Record.read`."""
        if isinstance(node.value, Mapping) and not node.value.keys() & set(self.any_of):
            reader.wrong("wrong-value", node.line, f"{at} accepts every gap", "name an account, a region or a cause")
        return self.record.read(node, at, reader)

    def schema(self) -> dict[str, Any]:
        """See `Shape.schema`."""
        return {**self.record.schema(), "anyOf": [{"required": [name]} for name in self.any_of]}


_REASON = Key(Text(), "why it is accepted", required=True)
_EXPIRES = Key(Date(), "the last day on which it is (YYYY-MM-DD)", required=True)
_FINDING = Record(
    {
        "fingerprint": Key(Text(r"[0-9a-f]{16}", "the 16 hex digits that the audit shows"), "which one", required=True),
        "id": Key(Text(r"[a-z]+(-[a-z]+)*", "the word of the finding"), "what it is, such as dns-option-off", required=True),
        "reason": _REASON,
        "expires": _EXPIRES,
    }
)
_GAP = Record(
    {
        "account": Key(ACCOUNT_ID, "the account that is not looked into"),
        "region": Key(REGION, "the region that is not looked into"),
        "cause": Key(Text(), "a word of the cause, such as SUSPENDED"),
        "part": Key(Text(values=_PARTS), "what of it is not read; everything, where it is not said", default=Part.ALL.value),
        "reason": _REASON,
        "expires": _EXPIRES,
    }
)
_SHAPE = Record(
    {
        "version": Key(Number(1, 1), "1", required=True),
        "findings": Key(Items(_FINDING), "accepted findings", default=()),
        "gaps": Key(Items(_Selecting(_GAP, ("account", "region", "cause"))), "accepted gaps", default=()),
    }
)


def schema() -> dict[str, Any]:
    """The JSON Schema of a baseline of the audit."""
    return json_schema(FILE, _SHAPE)


def read(content: bytes, file: str) -> Baseline:
    """What a file says; refused where it cannot be read as a whole: half a baseline would accept what nobody meant."""
    node, problems = strict_yaml.read(content, file)
    reader = Reader(file)
    reader.problems.extend(problems)
    plain = _SHAPE.read(node, "", reader) if node is not None else None
    if plain is None or reader.problems:
        raise Refused(reader.problems)
    findings = (Accepted(**each, line=line) for each, line in zip(plain["findings"], _lines(node, "findings"), strict=True))
    gaps = (AcceptedGap(**each, line=line) for each, line in zip(plain["gaps"], _lines(node, "gaps"), strict=True))
    return Baseline(file, tuple(findings), tuple(gaps))


def _items(node: Node | None, name: str) -> Sequence[Node]:
    found = node.value.get(name) if node is not None and isinstance(node.value, Mapping) else None
    return found.value if found is not None and isinstance(found.value, tuple) else ()


def _lines(node: Node | None, name: str) -> list[int]:
    return [item.line for item in _items(node, name)]


def apply(report: Report, baseline: Baseline, day: str) -> Judged:
    """The report, with what is accepted on a day (`YYYY-MM-DD`)."""
    needed: dict[str, set[str]] = {}
    for place in report.needed:
        needed.setdefault(place.account, set()).add(place.region)
    entries = {each.fingerprint: each for each in baseline.findings if each.expires >= day}
    living = [each for each in baseline.gaps if each.expires >= day]
    accepted = {
        found.fingerprint: entry
        for found in report.findings
        if (entry := entries.get(found.fingerprint)) is not None and entry.id == found.id
    }
    gaps = {gap: entry for gap in report.gaps for entry in living[::-1] if entry.meets(gap, needed)}
    return Judged(report, accepted, gaps, tuple(_entries(baseline, accepted, gaps, day)))


def _entries(baseline: Baseline, accepted: Mapping[str, Accepted], gaps: Mapping[Gap, AcceptedGap], day: str) -> Iterator[Problem]:
    """Entries that have expired, or that accept nothing (any more)."""
    used = {*accepted.values(), *gaps.values()}
    listed: list[Accepted | AcceptedGap] = [*baseline.findings, *baseline.gaps]
    for entry in listed:
        what = f"the finding {entry.fingerprint} ({entry.id})" if isinstance(entry, Accepted) else "gaps"
        if entry.expires < day:
            message = f"this entry for {what} expired after {entry.expires}"
            yield _entry("expired-entry", baseline.file, entry.line, message, "remove it, or look again and renew it", Severity.WARNING)
        elif entry not in used:
            yield _entry("unused-entry", baseline.file, entry.line, f"this entry for {what} accepts nothing", "remove it", Severity.NOTE)


def _entry(id: str, file: str, line: int, message: str, remedy: str, severity: Severity) -> Problem:
    return Problem(id=id, file=file, line=line, message=message, remedy=remedy, severity=severity)
