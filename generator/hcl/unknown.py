"""What cannot be told, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be told without Terraform: where it stands, and why. `fails`: Terraform itself would refuse it."""

    file: str
    line: int
    why: str
    fails: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        """`unknown (file:line: why)`."""
        return f"unknown ({self.file}:{self.line}: {self.why})"
