"""What cannot be told, as a value."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


class Doubt(enum.IntEnum):
    """How sure it is that Terraform has a value there."""

    LATER = 0
    """It has one, and only it does: `var.x`."""
    UNSURE = 1
    """It may refuse the expression."""
    REFUSED = 2
    """It refuses the expression: `try` goes on, and `can` is false."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be told without Terraform: where it stands, and why."""

    file: str
    line: int
    why: str
    doubt: Doubt = field(default=Doubt.LATER, compare=False)

    def __str__(self) -> str:
        """`unknown (file:line: why)`."""
        return f"unknown ({self.file}:{self.line}: {self.why})"
