"""What requests of other people are made of, before anything is concluded: one sighting a request, in an order that no file decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from generator.accounts.model import SOURCE, Record, Values
from generator.accounts.read import Reading

CONTROL = "control_tower_parameters"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One request; what cannot be told of it is in none of its parts, and is never taken for absent."""

    record: Record

    @property
    def name(self) -> str:
        """The account's name, else the module's label."""
        return self.control("AccountName") or self.record.request.label

    def control(self, key: str) -> str | None:
        """A control tower parameter; None where it is not there, empty, or unknown."""
        return _text(self.record.request.control_tower, key) or None

    @property
    def tags(self) -> Mapping[str, str]:
        """The tags whose values are known."""
        return {key: value for key, value in self.record.request.tags.items() if isinstance(value, str)}

    @property
    def fields(self) -> Mapping[str, str]:
        """The custom fields whose values are known."""
        return {key: value for key, value in self.record.request.custom_fields.items() if isinstance(value, str)}

    @property
    def has_unknown_tags(self) -> bool:
        """Is the map of tags unknown as a whole? Which keys it has cannot be told then."""
        return "*" in self.record.request.tags and "*" not in self.tags

    def has_key(self, key: str) -> bool:
        """Is there a tag of this key, whatever its value?"""
        return key in self.record.request.tags

    def place(self, *path: str) -> str:
        """`file:line` of a value, of the request where there is none."""
        return f"{self.record.file}:{self.record.line_of(*path)}"


def _text(values: Values, key: str) -> str | None:
    found = values.get(key)
    return found if isinstance(found, str) else None


def sightings(reading: Reading) -> tuple[Sighting, ...]:
    """All requests of a reading, in order of name."""
    found = [Sighting(record) for record in reading.records]
    return tuple(sorted(found, key=lambda seen: (seen.name, seen.record.request.label, seen.record.file, seen.record.line)))


STYLES: Mapping[str, str] = MappingProxyType(
    {
        "canonical": "in scaffold's own form",
        "alone": "in a file of its own",
        "together": "in a file with others",
        "repeated": "made by for_each or count",
        "data": "made by for_each over a data file",
        "forked": "by a module of another source, or with further arguments",
    }
)
"""The ways in which requests are written, in words."""


def styles(seen: Sequence[Sighting]) -> dict[str, int]:
    """How many requests are written in which way; a request may be of two, a fork in a file of its own."""
    files = Counter(each.record.file for each in seen)
    found = Counter(style for each in seen for style in _styles(each, files[each.record.file]))
    return {style: found[style] for style in STYLES if found[style]}


def _styles(seen: Sighting, in_file: int) -> Iterable[str]:
    record = seen.record
    if record.repeated:
        yield "repeated" if record.file.endswith(".tf") else "data"
    else:
        yield "canonical" if record.canonical else "alone" if in_file == 1 else "together"
    if record.request.source.rstrip("/") != SOURCE or record.request.others:
        yield "forked"
