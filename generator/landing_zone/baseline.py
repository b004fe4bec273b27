"""`lint-baseline.yaml`: findings that are accepted for a time, each with a reason and a last day.

A finding is known by its fingerprint: rule, file, value and words, without the numbers of lines, so that it survives edits around
it. What could not be read, and what rules find that keep a promise, is never accepted (`Kind.PROMISE`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from generator.documents import strict_yaml
from generator.documents.shape import Date, Items, Key, Number, Reader, Record, Text, json_schema, lines_of
from generator.landing_zone.yaml_text import quoted, schema_line
from generator.organization.catalogue import RULES, Kind
from generator.organization.levels import unknown
from generator.problems import Problem, Severity

FILE = "lint-baseline.yaml"
SCHEMA = ".scaffold/lint-baseline.schema.json"
_HEAD = """\
# Findings that are accepted for a time. Written by "scaffold lint --write-baseline", which keeps reasons and days that hold
# still, and drops entries that meet no finding. Comments are not kept: say why under reason.
version: 1
"""
_LINES = re.compile(r"(\.(?:tf|yaml|json)):[0-9]+|\bline [0-9]+")
_ANY = Text(r"[^\x00]*", "text")


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted finding; `expires` is its last day (`YYYY-MM-DD`, UTC). File and message are for people."""

    rule: str
    fingerprint: str
    message: str
    reason: str
    expires: str
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is accepted; nothing where the file is wrong anywhere, which is then among the problems."""

    path: str = FILE
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """Findings beside a baseline: those that remain, and those that are accepted, each with its entry."""

    problems: list[Problem]
    accepted: list[tuple[Problem, Entry]]


def _shape(rule: Text) -> Record:
    """The form of the file. An editor is told the rules that can be accepted; the reader says of another one why it cannot."""
    entry = Record(
        {
            "rule": Key(rule, "the id of the rule", required=True),
            "fingerprint": Key(Text(r"[0-9a-f]{16}", "16 digits 0-9a-f, as --write-baseline writes them"), "which finding", required=True),
            "file": Key(_ANY, "where it was found", default=""),
            "message": Key(_ANY, "what was found", required=True),
            "reason": Key(Text(r".*\S.*", "why it is accepted"), "why it is accepted", required=True),
            "expires": Key(Date(), "the last day", required=True),
        },
        Entry,
    )
    return Record({"version": Key(Number(1, 1), "1", required=True), "accepted": Key(Items(entry), "the findings", required=True)})


_SHAPE = _shape(Text(r"[a-z0-9-]+", "the id of a rule"))


def schema() -> dict[str, Any]:
    """The JSON Schema of a baseline of lint."""
    acceptable = sorted(rule.id for rule in RULES.values() if rule.kind is not Kind.PROMISE)
    return json_schema(FILE, _shape(Text(values=tuple(acceptable))))


def read(content: bytes | None, path: str) -> Baseline:
    """The baseline of a file; None, no file, accepts nothing, and so does one with any problem."""
    if content is None:
        return Baseline(path)
    node, problems = strict_yaml.read(content, path)
    reader = Reader(path)
    reader.problems.extend(problems)
    said = _SHAPE.read(node, "", reader) if node is not None else None
    if reader.problems or node is None or said is None:
        return Baseline(path, problems=tuple(sorted(reader.problems, key=lambda problem: problem.line or 0)))
    entries = tuple(replace(entry, line=lines_of(node, "accepted", place)) for place, entry in enumerate(said["accepted"]))
    wrong = tuple(_wrong(entries, path))
    return Baseline(path, () if wrong else entries, wrong)


def _wrong(entries: Iterable[Entry], path: str) -> Iterator[Problem]:
    """Entries of rules that are none or keep promises, and findings that two entries accept."""
    seen: dict[tuple[str, str], int] = {}
    for entry in entries:
        first = seen.setdefault((entry.rule, entry.fingerprint), entry.line)
        if entry.rule not in RULES:
            message = f'an entry names "{entry.rule}", which is no rule'
            yield Problem(id="unknown-value", file=path, line=entry.line, message=message, remedy=unknown(entry.rule), value=entry.rule)
        elif RULES[entry.rule].kind is Kind.PROMISE:
            message = f"nothing that {entry.rule} finds can be accepted: {RULES[entry.rule].why}"
            remedy = f"remove the entry: {RULES[entry.rule].remedy}"
            yield Problem(id="baseline-refused", file=path, line=entry.line, message=message, remedy=remedy, value=entry.rule)
        if first != entry.line:
            message = f"this finding is accepted here and in line {first}"
            yield Problem(id="duplicate-entry", file=path, line=entry.line, message=message, remedy="keep one", value=entry.fingerprint)


def fingerprints(problems: Sequence[Problem]) -> list[str]:
    """16 hexadecimal digits for each problem; of several that are alike but for their line, each has its own."""
    seen: Counter[str] = Counter()
    found = []
    for problem in problems:
        words = _LINES.sub(lambda match: match[1] or "line", problem.message)
        key = json.dumps([problem.id, problem.file, problem.value, words])
        found.append(hashlib.sha256(f"{key}{seen[key] or ''}".encode()).hexdigest()[:16])
        seen[key] += 1
    return found


def acceptable(problem: Problem) -> bool:
    """May a finding be accepted? Notes need not be; unread files, broken promises and rules that nobody knows must not be."""
    rule = RULES.get(problem.id)
    return not problem.incomplete and problem.severity is not Severity.NOTE and rule is not None and rule.kind is not Kind.PROMISE


def judge(problems: Sequence[Problem], baseline: Baseline, day: str) -> Judged:
    """What remains of the findings on a day, and what should be done about the baseline itself."""
    entries = {(entry.rule, entry.fingerprint): entry for entry in baseline.entries}
    remain, accepted = list(baseline.problems), []
    for problem, fingerprint in zip(problems, fingerprints(problems), strict=True):
        entry = entries.pop((problem.id, fingerprint), None)
        if entry is None or not acceptable(problem):
            remain.append(problem)
        elif entry.expires < day:
            remain += [problem, _told("baseline-expired", baseline, entry, f"was accepted until {entry.expires}")]
        else:
            accepted.append((problem, entry))
    if not any(problem.incomplete for problem in problems):  # else what an entry is about may stand where nobody could look
        remain += [_told("baseline-unused", baseline, entry, "is accepted, and not found any more") for entry in entries.values()]
    return Judged([*remain, *_counted(accepted, baseline)], accepted)


def _told(id: str, baseline: Baseline, entry: Entry, what: str) -> Problem:
    rule = RULES[id]
    message = f"{entry.rule} {what}: {entry.message}"
    return Problem(
        id=id, severity=rule.severity, file=baseline.path, line=entry.line, message=message, remedy=rule.remedy, value=entry.rule
    )


def _counted(accepted: Sequence[tuple[Problem, Entry]], baseline: Baseline) -> Iterator[Problem]:
    if accepted:
        number = "1 finding is" if len(accepted) == 1 else f"{len(accepted)} findings are"
        message = f"{number} accepted, the first until {min(entry.expires for _, entry in accepted)}"
        remedy = "repair them by then; --format json lists them"
        yield Problem(id="accepted", severity=Severity.NOTE, file=baseline.path, message=message, remedy=remedy)


def accept(
    problems: Sequence[Problem], baseline: Baseline, day: str, reason: str, expires: str, rules: Collection[str] = ()
) -> tuple[Entry, ...]:
    """The entries that accept these findings, of all rules or of some: those that hold still are kept as they are.

    An entry whose finding is gone goes too, unless something could not be read.
    """
    found = dict(zip(fingerprints(problems), problems, strict=True))
    incomplete = any(problem.incomplete for problem in problems)
    kept = {entry.fingerprint: entry for entry in baseline.entries if incomplete or entry.fingerprint in found}
    for fingerprint, problem in found.items():
        old = kept.get(fingerprint)
        wanted = acceptable(problem) and (not rules or problem.id in rules)
        if wanted and (old is None or old.expires < day):
            kept[fingerprint] = Entry(problem.id, fingerprint, problem.message, reason, expires, problem.file or "")
    return tuple(sorted(kept.values(), key=lambda entry: (entry.file, entry.rule, entry.message, entry.fingerprint)))


def write(entries: Iterable[Entry], path: str = FILE) -> bytes:
    """The file at a path. Every text is in double quotes with escapes that YAML knows: messages quote what people wrote."""
    lines = [schema_line(SCHEMA, path), _HEAD]
    for entry in entries:
        lines.append(f"  - rule: {entry.rule}\n    fingerprint: {quoted(entry.fingerprint)}\n")
        lines += [f"    {key}: {quoted(getattr(entry, key))}\n" for key in ("file", "message", "reason")]
        lines.append(f"    expires: {entry.expires}\n")
    lines.insert(2, "accepted:\n" if len(lines) > 2 else "accepted: []\n")
    return "".join(lines).encode()
