"""A lint rule as data: what `scaffold lint --explain` prints, and what an organization may decide about it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from generator.problems import Severity


class Kind(enum.Enum):
    """What an organization may decide about a rule."""

    ADVICE = "advice"
    """Its severity is chosen in `scaffold.yaml`; single findings can be accepted too."""
    DUTY = "duty"
    """Always on: what it finds fails later, in AFT, AWS, Terraform or Atlantis. A single finding can be accepted for a time."""
    PROMISE = "promise"
    """Always on, and nothing of it can be accepted: it keeps unread from being taken for clean, and things from being lost."""


class Level(enum.Enum):
    """What `lint.rules` of `scaffold.yaml` makes of a rule that is advice."""

    OFF = "off"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class LintRule:
    """One rule. `severity` is the usual one, `source` says whose rule it is, `why` and `remedy` are one line each."""

    id: str
    severity: Severity
    kind: Kind
    source: str
    why: str
    remedy: str


ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
ADVICE, DUTY, PROMISE = Kind.ADVICE, Kind.DUTY, Kind.PROMISE
