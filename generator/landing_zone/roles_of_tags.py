"""Which tag keys play the environment and the owner: by what they are called and what they say. What cannot be told is said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.landing_zone.sightings import Sighting
from generator.landing_zone.spellings import RARE, folded, is_slip
from generator.landing_zone.tag_use import FEW, Tag, last_word, legal_key

# fmt: off
PRODUCTION = frozenset(["prod", "production", "prd", "live"])
_ENVIRONMENTS = PRODUCTION | frozenset([
    "dev", "devel", "develop", "development", "test", "testing", "tst", "qa", "uat", "sit", "int", "integration", "acc", "acceptance",
    "stage", "staging", "stg", "preprod", "preproduction", "preprd", "nonprod", "nonproduction", "nonprd", "sandbox", "sbx", "lab",
    "labs", "demo", "poc", "perf", "dr", "shared",
])
_ENVIRONMENT_NAMES = frozenset([
    "environment", "env", "environmentname", "envname", "environmenttype", "envtype", "deploymentenvironment", "stage", "sdlc",
    "lifecycle",
])
_OWNER_NAMES: Mapping[str, int] = {
    **dict.fromkeys(["owner", "owners", "ownedby", "owningteam", "teamowner", "ownerteam"], 0),
    **dict.fromkeys(["serviceowner", "productowner", "accountowner", "technicalowner"], 0),
    **dict.fromkeys(["team", "teamname", "squad", "tribe", "owneremail"], 1),
    **dict.fromkeys(["contact", "responsible", "maintainer", "department", "businessunit"], 2),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Role:
    """The key that plays a role, None where none does; why; and whether that is more than a guess."""

    key: str | None
    why: str
    sure: bool = True


def says_environment(value: str) -> bool:
    """Is this a word for an environment, numbered or not?"""
    return re.sub("[0-9]+$", "", folded(value)) in _ENVIRONMENTS


def environment_role(tags: Sequence[Tag], total: int) -> Role:
    """The key that says the environment: named so, or nearly all of its values are words for environments."""
    ranked = sorted((rank, -tag.on, tag.key, tag) for tag in tags if (rank := _environment_rank(tag)) is not None and legal_key(tag.key))
    found = [(rank, tag) for rank, _, _, tag in ranked if rank == 0 or 2 * tag.on >= total]
    if not found:
        return Role(None, "no tag key is called so, and none has values that are words for environments", False)
    rank, tag = found[0]
    rivals = [other.key for other_rank, other in found[1:] if other_rank == rank and other.on >= tag.on]
    reasons = ("it is called so, and its values are words for environments", "its values are words for environments", "it is called so")
    return _role(tag, total, reasons[rank], rivals)


def _environment_rank(tag: Tag) -> int | None:
    """0: by name and by behaviour; 1: by behaviour; 2: by name."""
    named, known = last_word(tag.key) in _ENVIRONMENT_NAMES, sum(tag.values.values())
    behaves = known > 0 and 10 * sum(number for value, number in tag.values.items() if says_environment(value)) >= 6 * known
    if behaves and len(tag.kept) <= FEW:
        return 0 if named else 1
    return 2 if named and len(tag.kept) <= FEW else None


def owner_role(tags: Sequence[Tag], total: int, environment: str | None) -> Role:
    """The key that says who owns the account: called so, or a key of people's addresses."""
    others = [tag for tag in tags if tag.key != environment and legal_key(tag.key)]
    ranked = sorted((rank, -tag.on, tag.key, tag) for tag in others if (rank := _owner_rank(tag)) is not None)
    found = [(rank, tag) for rank, _, _, tag in ranked if rank == 0 or 2 * tag.on >= total]
    if not found:
        return Role(None, "no tag key is called owner or team, and none holds addresses", False)
    rank, tag = found[0]
    rivals = [other.key for other_rank, other in found[1:] if other_rank == rank and other.on >= tag.on]
    reasons = ("it is called so", "it is called as a team is", "it is called as one who answers for it", "its values are addresses")
    return _role(tag, total, reasons[rank], rivals)


def _owner_rank(tag: Tag) -> int | None:
    rank = _OWNER_NAMES.get(last_word(tag.key))
    if rank is None and tag.values and all(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) for value in tag.values):
        return 3
    return rank


def _role(tag: Tag, total: int, reason: str, rivals: Sequence[str]) -> Role:
    where = f"on {tag.on} of {total}, {len(tag.kept)} values" if len(tag.kept) != 1 else f"on {tag.on} of {total}, one value"
    doubt = f"; {', '.join(rivals)} could be meant as well" if rivals else ""
    return Role(tag.key, f"{reason} ({where}){doubt}", not rivals and 2 * tag.on >= total)


def other_words(seen: Sequence[Sighting], tags: Sequence[Tag], environment: str | None, owner: str | None) -> dict[str, str]:
    """Rare keys that say in another word, or in one misspelt, what the key of a role says on other requests: `enviroment` beside `env`."""
    found = {}
    for main, words in ((environment, _ENVIRONMENT_NAMES), (owner, frozenset(_OWNER_NAMES))):
        number = next((tag.on for tag in tags if tag.key == main), 0)
        for tag in tags:
            word = last_word(tag.key)
            alike = word in words or any(is_slip(word, other) for other in words)
            if tag.key not in (environment, owner) and alike and RARE * tag.on <= number and not _beside(seen, tag.key, main):
                found[tag.key] = main or ""
    return found


def _beside(seen: Sequence[Sighting], key: str, main: str | None) -> bool:
    return any(each.has_key(key) and main is not None and each.has_key(main) for each in seen)
