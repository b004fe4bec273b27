"""The organization's tag schema, and AWS's own limits for tags.

AWS: keys of 1-128 and values of 0-256 characters out of `\\p{L}\\p{Z}\\p{N}_.:/=+-@`, `aws:` reserved, at
most 50 tags on an account.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from generator.organization.model import Organization
from generator.organization.read import allows, legal_values
from generator.problems import expected

MOST = 50
_SIGNS = frozenset("_.:/=+-@")


def legal_characters(value: str) -> bool:
    """Does AWS allow every character in a tag?"""
    return all(char in _SIGNS or unicodedata.category(char)[0] in "LZN" for char in value)


def wrong_tag(key: str, value: str, organization: Organization) -> Iterator[tuple[str, str, str]]:
    """`(id, what is wrong, what to do)` for one tag: AWS's limits, then the organization's schema."""
    limits = list(_limits(key, value))
    yield from limits
    if limits:
        return
    rule = organization.tags.get(key)
    if rule is None:
        if not organization.other_tags:
            yield "unknown-tag", f'the tag key "{key}" is not in scaffold.yaml', expected(key, organization.tags)
    elif not allows(organization, key, value):
        legal = legal_values(organization, key)
        remedy = expected(value, legal) if legal else f"write a value that matches {rule.pattern}"
        yield "wrong-tag-value", f'the tag {key} is "{value}"', remedy


def _limits(key: str, value: str) -> Iterator[tuple[str, str, str]]:
    if not 1 <= len(key) <= 128 or not legal_characters(key) or key.lower().startswith("aws:"):
        remedy = "use up to 128 letters, digits, spaces and _ . : / = + - @, not starting with aws:"
        yield "illegal-tag-key", f'AWS refuses the tag key "{key}"', remedy
    if len(value) > 256 or not legal_characters(value):
        remedy = "use up to 256 letters, digits, spaces and _ . : / = + - @"
        yield "illegal-tag-value", f'AWS refuses the value "{value}" of the tag {key}', remedy


def missing(tags: Mapping[str, object], organization: Organization) -> list[str]:
    """The required keys that are not there."""
    return [key for key, rule in organization.tags.items() if rule.required and key not in tags]


def proposed(name_fields: Mapping[str, str], organization: Organization) -> dict[str, str]:
    """The tags that a name and the schema's defaults propose for a new account."""
    found: dict[str, str] = {}
    for key, rule in organization.tags.items():
        if rule.from_name is not None and rule.from_name in name_fields:
            found[key] = name_fields[rule.from_name]
        elif rule.default is not None:
            found[key] = rule.default
    return found


def ordered(found: Mapping[str, str], organization: Organization) -> dict[str, str]:
    """The tags in the order of the schema, others behind them by key: two runs write one order."""
    known = [key for key in organization.tags if key in found]
    return {key: found[key] for key in [*known, *sorted(key for key in found if key not in organization.tags)]}
