"""What `init --from` is told beside the requests."""

from __future__ import annotations

from dataclasses import dataclass

from generator.landing_zone.frame import Names


@dataclass(frozen=True, slots=True)
class Told:
    """Names, which of them were given and not left at their default; what `paths.requests` says, if anything; and the reader role."""

    names: Names
    given: frozenset[str] = frozenset()
    requests: str | None = None
    reader: str | None = None
