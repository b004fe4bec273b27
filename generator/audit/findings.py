"""Making findings: what every one of them says of its two sides, its place and its rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from generator.audit.catalogue import KINDS
from generator.audit.live import Index, Live, VpcKey, index
from generator.audit.model import End, Finding, Question, Severity, Unknown
from generator.peering.model import Judgement, Key
from generator.peering.plan import explained
from generator.peering.policy import FILE
from generator.snapshot.model import Part, Place

Found = Finding | Unknown


@dataclass(frozen=True, slots=True)
class Bench:
    """A question with its snapshot arranged: what every check takes."""

    question: Question
    index: Index

    def end(self, vpc: VpcKey) -> End:
        """A VPC, with the name of its network."""
        return End(*vpc, self.index.names.get(vpc, ""))

    def ends(self, live: Live) -> tuple[End, ...]:
        """The sides of a connection, the requester first."""
        return tuple(self.end(side.vpc) for side in live.sides)

    def subject(self, ends: Iterable[End]) -> str:
        """`A--B` of two networks; of other VPCs, where they are."""
        return "--".join(sorted(map(str, ends)))

    def place(self, ends: Iterable[End]) -> tuple[str, int]:
        """The request of the first side that has one, else the policy."""
        members = self.question.plan.members
        files = ((members[end.name].file, members[end.name].line) for end in ends if end.name in members)
        accounts = self.question.accounts
        others = ((accounts[end.account].file, accounts[end.account].line) for end in ends if end.account in accounts)
        return next((found for found in (*files, *others) if found[0]), (FILE, 1))

    def found(
        self, id: str, ends: Iterable[End], message: str, *, remedy: str = "", severity: Severity | None = None, **more: Any
    ) -> Finding:
        """A finding about two sides; what its kind says in general where nothing better is known."""
        sides, kind = tuple(ends), KINDS[id]
        subject = more.pop("subject", None) or self.subject(sides)
        file, line = self.place(sorted(sides, key=str))
        worth = kind.severity if severity is None else severity
        return Finding(
            id,
            worth,
            subject,
            f"{subject}: {message}",
            remedy or kind.remedy.replace("A--B", subject),
            ends=sides,
            file=file,
            line=line,
            **more,
        )

    def of(self, id: str, live: Live, message: str, **more: Any) -> Finding:
        """A finding about a connection; `key` is its id, where nothing else is."""
        evidence = {"status": live.status, **statuses(live), **more.pop("evidence", {})}
        return self.found(id, self.ends(live), message, connection=live.id, evidence=evidence, **{"key": live.id, **more})

    def unknown(self, subject: str, what: str, places: Iterable[Place], part: Part = Part.ALL) -> Unknown:
        """A check that could not be made at these places: nobody could look into them, or AWS did not say this part of them."""
        given = tuple(places)
        blind = tuple(place for place in given if self.index.snapshot.gap(place))
        if part is Part.ALL and not blind:
            return Unknown(subject, what, given, Part.RANGES)
        return Unknown(subject, what, blind if part is Part.ALL else given, part)


def bench(question: Question) -> Bench:
    """The question with its snapshot arranged."""
    return Bench(question, index(question.snapshot, question.plan.members.values(), question.stacks))


def statuses(live: Live) -> Mapping[str, object]:
    """What each place says of a connection, where they differ."""
    said = {str(place): view.status for place, view in sorted(live.views.items())}
    return {"statuses": said} if len(set(said.values())) > 1 else {}


def by_rule(judgement: Judgement) -> str:
    """Which rule decides, in brackets."""
    return f"({explained(judgement)})"


def networks(pair: Key) -> str:
    """`A B`, as commands take a pair."""
    return " ".join(pair)
