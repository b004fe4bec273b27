"""The severities that an organization chooses for lint rules, by their ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.documents.shape import Reader, Text, mismatch
from generator.documents.strict_yaml import Node
from generator.organization.catalogue import RULES, Kind, Level
from generator.problems import nearest

ADVICE = {rule.id: rule for rule in RULES.values() if rule.kind is Kind.ADVICE}
_LEVEL = Text(values=tuple(level.value for level in Level))


def unknown(id: str) -> str:
    """What to do about a word that is no rule's id."""
    guess = nearest(id, RULES)
    listed = 'see "scaffold lint --rules"'
    return f'did you mean "{guess}"? {listed}' if guess is not None else listed


@dataclass(frozen=True, slots=True)
class Levels:
    """A mapping from the id of a rule that is advice to its level. Any other rule is refused: it is always on."""

    def read(self, node: Node, at: str, reader: Reader) -> Any:
        """The levels by id; what could not be read is left out."""
        if not isinstance(node.value, Mapping):
            return mismatch(node, at, reader, "a mapping")
        found = {}
        for id, item in node.value.items():
            line = (node.lines or {}).get(id, node.line)
            if id not in RULES:
                reader.wrong("unknown-value", line, f'{at} names "{id}", which is no rule', unknown(id), id)
            elif id not in ADVICE:
                message = f'{at} names "{id}", which is no advice: {RULES[id].why}'
                remedy = f"remove it: it is always on (scaffold lint --explain {id})"
                reader.wrong("rule-not-selectable", line, message, remedy, id)
            elif (level := _LEVEL.read(item, f"{at}.{id}", reader)) is not None:
                found[id] = Level(level)
        return found

    def schema(self) -> dict[str, Any]:
        """See `Shape.schema`."""
        properties = {id: {"description": f"{rule.why} [{rule.severity.value}]", **_LEVEL.schema()} for id, rule in sorted(ADVICE.items())}
        return {"type": "object", "properties": properties, "additionalProperties": False}
