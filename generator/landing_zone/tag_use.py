"""The tags of other people's requests: keys with their values, what each could be required to say, and which keys play a role."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from generator.landing_zone.sightings import Sighting
from generator.landing_zone.spellings import folded, near_misses
from generator.organization.schema import TAG_KEY, TAG_VALUE

TAGS = "account_tags"
FEW = 12
"""So many values are listed; more are described by a pattern."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A word that is probably another one: the requests that say it, and where the first of them does.

    `what` says whose word: `tag key`, `unit`, or `value of KEY`. `caught`: lint finds it under the proposal.
    """

    what: str
    found: str
    meant: str
    accounts: tuple[str, ...]
    place: str
    caught: bool = True


@dataclass(frozen=True, slots=True)
class Tag:
    """One key: how many requests have it, the values with their numbers, and the rule that would admit them.

    `lacking` are requests without it, those left out whose tags are unknown; `meant` has the right word for each value that is
    probably another one. A rule has either values or a pattern, or neither, which admits everything.
    """

    key: str
    on: int
    values: Mapping[str, int]
    lacking: tuple[str, ...] = ()
    unknown: int = 0
    meant: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    listed: tuple[str, ...] = ()
    pattern: str | None = None

    @property
    def kept(self) -> dict[str, int]:
        """The values that are no near-misses and that AWS takes, with the numbers of those that mean them."""
        found: Counter[str] = Counter()
        for value, number in self.values.items():
            found[self.meant.get(value, value)] += number
        return {value: number for value, number in by_number(found) if legal_value(value)}

    def admits(self, value: str) -> bool:
        """Would lint take this value?"""
        if self.listed:
            return value in self.listed
        return self.pattern is None or re.fullmatch(self.pattern, value) is not None


def by_number(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The most frequent first; equally frequent ones by their text."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def legal_key(key: str) -> bool:
    """Can this be a key of `tags:`? What AWS refuses cannot."""
    return re.fullmatch(TAG_KEY.pattern, key) is not None and not key.lower().startswith("aws:")


def legal_value(value: str) -> bool:
    """Can this be a value in `tags:`? What AWS refuses cannot."""
    return re.fullmatch(TAG_VALUE.pattern, value) is not None


def misspelt_keys(seen: Sequence[Sighting]) -> dict[str, str]:
    """Keys that are probably another one, with that one. Two keys that stand together on requests are two keys."""
    counts = Counter(key for each in seen for key in each.record.request.tags if key != "*")
    found = near_misses(counts, legal_key)
    return {key: meant for key, meant in found.items() if not _together(seen, key, meant)}


def _together(seen: Sequence[Sighting], key: str, other: str) -> bool:
    with_key = [each for each in seen if each.has_key(key)]
    return 2 * sum(each.has_key(other) for each in with_key) > len(with_key)


def tags_of(seen: Sequence[Sighting], misspelt: Mapping[str, str]) -> tuple[Tag, ...]:
    """Every key that stands on requests and is no near-miss, the most frequent first."""
    keys = {key for each in seen for key in each.record.request.tags if not (key == "*" and each.has_unknown_tags)}
    found = [_tag(key, seen, misspelt) for key in sorted(keys) if key not in misspelt]
    return tuple(sorted(found, key=lambda tag: (-tag.on, tag.key)))


def _tag(key: str, seen: Sequence[Sighting], misspelt: Mapping[str, str]) -> Tag:
    values = Counter(each.tags[key] for each in seen if key in each.tags)
    on = sum(each.has_key(key) for each in seen)
    others = {other for other, meant in misspelt.items() if meant == key}
    lacking = [each for each in seen if not each.has_key(key) and not each.has_unknown_tags]
    required = not any(not any(each.has_key(other) for other in others) for each in lacking)
    meant = near_misses(values, legal_value)
    bare = Tag(key, on, dict(by_number(values)), tuple(each.name for each in lacking), on - values.total(), meant, required)
    return with_rule(bare)


def with_rule(tag: Tag) -> Tag:
    """The key with the rule that admits what is right of it: a list of few values, a pattern of many."""
    kept = tag.kept
    few = len(kept) <= FEW and (len(kept) <= 3 or sum(kept.values()) >= 2 * len(kept))
    listed = tuple(sorted(kept)) if few and not tag.unknown else ()
    pattern = None if listed or not kept or tag.unknown else pattern_of(kept)
    return Tag(tag.key, tag.on, tag.values, tag.lacking, tag.unknown, tag.meant, tag.required, listed, pattern)


def pattern_of(values: Iterable[str]) -> str | None:
    """A regular expression for a whole value, that all these have; None where only one for everything would be."""
    listed = list(values)
    if all(re.fullmatch("[0-9]+", value) for value in listed):
        lengths = sorted({len(value) for value in listed})
        return f"[0-9]{{{lengths[0]}}}" if len(lengths) == 1 else f"[0-9]{{{lengths[0]},{lengths[-1]}}}"
    return next((form for form in _FORMS if all(re.fullmatch(form, value) for value in listed)), None)


# from the narrowest to the widest
_FORMS = (
    r"[a-z][a-z0-9-]*",
    r"[a-z0-9][a-z0-9-]*",
    r"[a-z0-9][a-z0-9._-]*",
    r"[A-Z]+[A-Z0-9-]*",
    r"[a-z0-9][a-z0-9._+-]*@[a-z0-9.-]+",
    r"[a-z0-9][a-z0-9 ._:/=+@-]*",
    r"[A-Za-z0-9][A-Za-z0-9-]*",
    r"[A-Za-z0-9][A-Za-z0-9 ._:/=+@-]*",
)


def key_misses(seen: Sequence[Sighting], misspelt: Mapping[str, str]) -> Iterator[Miss]:
    """Each misspelt key, with who says it."""
    for key, meant in sorted(misspelt.items()):
        who = [each for each in seen if each.has_key(key)]
        yield Miss("tag key", key, meant, tuple(each.name for each in who), who[0].place(TAGS, key))


def value_misses(seen: Sequence[Sighting], tag: Tag) -> Iterator[Miss]:
    """Each misspelt value of a key, with who says it."""
    for value, meant in sorted(tag.meant.items()):
        who = [each for each in seen if each.tags.get(tag.key) == value]
        yield Miss(
            f"value of {tag.key}", value, meant, tuple(each.name for each in who), who[0].place(TAGS, tag.key), not tag.admits(value)
        )


def last_word(key: str) -> str:
    """The part of a key behind its name space: `env` of `acme:env`, folded."""
    return folded(re.split("[:/.]", key)[-1])
