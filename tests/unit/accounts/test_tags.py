"""The tag schema of the organization, and AWS's own limits."""

from __future__ import annotations

import pytest

from generator.accounts import tags
from tests.support.zones import organization

CLOSED = organization()
OPEN = organization(("owner_tag: owner", "owner_tag: owner\nother_tags: allow"))


def _ids(key: str, value: str, *, others: bool = False) -> list[str]:
    return [id for id, _, _ in tags.wrong_tag(key, value, OPEN if others else CLOSED)]


@pytest.mark.parametrize(("key", "value"), [("environment", "prod"), ("owner", "ml-platform"), ("tier", "data")])
def test_a_legal_tag_passes(key: str, value: str) -> None:
    """A value of the list, a match of the pattern, an environment."""
    assert _ids(key, value) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [("environment", "qa"), ("environment", "Prod"), ("owner", "X"), ("owner", ""), ("tier", "APP")],
)
def test_a_value_outside_the_schema_is_named(key: str, value: str) -> None:
    """Case counts: a misspelt tag connects nothing."""
    assert "wrong-tag-value" in _ids(key, value)


def test_a_near_miss_is_told_what_was_meant() -> None:
    """The remedy is the legal value."""
    ((_, message, remedy),) = tags.wrong_tag("environment", "prd", CLOSED)

    assert message == 'the tag environment is "prd"'
    assert 'did you mean "prod"?' in remedy


def test_a_key_outside_the_schema_is_an_error_unless_others_are_allowed() -> None:
    """`other_tags: allow` is for organizations that tag more than we know."""
    assert _ids("enviroment", "prod") == ["unknown-tag"]
    assert _ids("enviroment", "prod", others=True) == []


@pytest.mark.parametrize("key", ["k" * 128, "a b", "a_.:/=+-@", "é", "名前", "k9", "\u00a0"])
def test_a_key_that_aws_takes_passes(key: str) -> None:
    """Letters and digits of any script, spaces and nine signs."""
    assert _ids(key, "x", others=True) == []


@pytest.mark.parametrize("key", ["", "k" * 129, "aws:x", "AWS:x", "a!b", "a\tb", "a,b", "😀", "a\x00"])
def test_a_key_that_aws_refuses_is_refused(key: str) -> None:
    """Before the merge, not after."""
    assert _ids(key, "x", others=True) == ["illegal-tag-key"]


@pytest.mark.parametrize("value", ["", "v" * 256, "a b", "héllo @ 10:30"])
def test_a_value_that_aws_takes_passes(value: str) -> None:
    """Empty values are legal tags."""
    assert _ids("x", value, others=True) == []


@pytest.mark.parametrize("value", ["v" * 257, "a!b", "a\nb", '"', "${x}", "a;b", "x\u200b"])
def test_a_value_that_aws_refuses_is_refused(value: str) -> None:
    """Template openers fall under this rule too."""
    assert _ids("x", value, others=True) == ["illegal-tag-value"]


def test_missing_required_tags_are_listed_in_the_order_of_the_schema() -> None:
    """What a person has to add."""
    assert tags.missing({"tier": "app"}, CLOSED) == ["environment", "owner"]


def test_name_and_defaults_propose_tags() -> None:
    """A field of the name goes before a default."""
    assert tags.proposed({"environment": "prod"}, CLOSED) == {"environment": "prod", "tier": "app"}


def test_tags_are_ordered_by_the_schema_and_then_by_key() -> None:
    """Two runs write one order, whatever order was typed."""
    given = {"zeta": "1", "tier": "app", "alpha": "2", "environment": "prod"}

    assert list(tags.ordered(given, OPEN)) == ["environment", "tier", "alpha", "zeta"]
