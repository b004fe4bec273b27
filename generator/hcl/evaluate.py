"""What an expression is worth, as far as literals, local values and the files beside them say it.

What is known is exactly what Terraform makes of it. What is not known is `Unknown`, never a guess. This is the door;
the interpreter behind it is loaded when somebody asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from generator.files import MemoryTree, Tree
from generator.hcl.expressions import Expression, Span
from generator.hcl.unknown import Doubt, Unknown

if TYPE_CHECKING:
    from generator.hcl.values import Value

__all__ = ["Budget", "Exhausted", "Local", "Scope", "Unknown", "evaluate"]
_MOST_STEPS = 100_000


class Exhausted(Exception):
    """What is asked for is more than a machine should do for it."""


class Budget:
    """How much one expression may still ask for: a few lines can ask for more than a machine can do."""

    def __init__(self, steps: int = _MOST_STEPS) -> None:
        self._left = steps

    def spend(self, steps: int = 1) -> None:
        """Counts steps; Exhausted when there are none left."""
        self._left -= steps
        if self._left < 0:
            raise Exhausted


@dataclass(frozen=True, slots=True)
class Local:
    """The expression of one local value, and the file it stands in."""

    expression: Expression
    file: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may name: local values (those being evaluated, and those that have been), `each`, the names of a `for`.

    `folder` is the tree of the folder that Terraform runs in; `prefix` is what a message puts before its paths, and
    `undefined` what it says of a local value that is not there.
    """

    file: str
    locals: Mapping[str, Local]
    open: tuple[str, ...] = ()
    done: dict[str, Value] = field(default_factory=dict, compare=False)
    variables: Mapping[str, Value] = field(default_factory=dict)
    folder: Tree = field(default_factory=lambda: MemoryTree({}), compare=False)
    prefix: str = ""
    undefined: str = "is not defined in this folder"
    budget: Budget = field(default_factory=Budget, compare=False)

    def unknown(self, span: Span, why: str, doubt: Doubt = Doubt.LATER) -> Unknown:
        """An unknown at a place of this file."""
        return Unknown(self.file, span.line, why, doubt)

    def bound(self, variables: Mapping[str, Value]) -> Scope:
        """The same with more names."""
        more = {**self.variables, **variables}
        # for every element of every loop: dataclasses.replace takes three times as long
        return Scope(self.file, self.locals, self.open, self.done, more, self.folder, self.prefix, self.undefined, self.budget)


def evaluate(expression: Expression, scope: Scope) -> Value:
    """The value of an expression that stands by itself: an argument, a local value."""
    from generator.hcl.interpreter import value_of

    try:
        return value_of(expression, replace(scope, budget=Budget()))
    except Exhausted:
        return scope.unknown(expression.span, "there is more to evaluate here than requests can need")
    except RecursionError:
        return scope.unknown(expression.span, "it is nested too deeply")
