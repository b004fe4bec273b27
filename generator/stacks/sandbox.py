"""The environment in which templates are rendered: Jinja's sandbox, in which no number and no text can take all memory."""

from __future__ import annotations

from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

MOST_PARTS, MOST_BITS = 2_000_000, 100_000
"""Characters of a text or elements of a list that an operator makes, and bits of a number."""


class Sandbox(SandboxedEnvironment):
    """`*` and `**` look at what they would make first: once they compute it, neither a signal nor a limit stops them."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """See `SandboxedEnvironment.call_binop`."""
        if isinstance(left, int) and isinstance(right, int):
            bits = left.bit_length() * right if operator == "**" and abs(left) > 1 else left.bit_length() + right.bit_length()
            _refuse_above(MOST_BITS, bits, operator, "bits")
        elif operator == "*":
            for many, times in ((left, right), (right, left)):
                if isinstance(times, int) and hasattr(many, "__len__"):
                    _refuse_above(MOST_PARTS, len(many) * times, operator, "characters or elements")
        return super().call_binop(context, operator, left, right)


def _refuse_above(most: int, size: int, operator: str, unit: str) -> None:
    if size > most:
        raise SecurityError(f"what {operator} would make is too large: more than {most} {unit}")
