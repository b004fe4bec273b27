"""The custom field that takes an account down: `true`, or the day from which on; every pair of it is denied then."""

from __future__ import annotations

from generator.documents import dates

RETIRING = "retiring"
REMEDY = 'write "true", "false" or a day such as "2027-01-31"'
_NOT_RETIRING, _IS_RETIRING = ("", "false"), "true"


def standing(value: str, day: str) -> str:
    """What makes an account retiring on a day; empty where it is not. ValueError: the value says neither."""
    if value in _NOT_RETIRING:
        return ""
    return value if value == _IS_RETIRING or dates.parse(value) <= day else ""


def is_wrong(value: str) -> bool:
    """Does the value say nothing?"""
    try:
        standing(value, "")
    except ValueError:
        return True
    return False
