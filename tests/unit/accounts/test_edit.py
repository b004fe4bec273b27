"""An edit changes the value it was asked to change, and no other byte."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.accounts import edit
from generator.accounts.write import write
from generator.hcl.quoting import quote, text
from generator.problems import Refused
from tests.support.zones import REQUEST, reading, record

CANONICAL = write(REQUEST)
OWNER = ("account_tags", "owner")
STYLES = {
    "canonical": CANONICAL,
    "a comment first": "# by hand\n" + CANONICAL,
    "comments everywhere": CANONICAL.replace('"ml-platform"', '"ml-platform" # who, "owner" = "x"').replace(
        "  account_tags", "  // tags\n  account_tags"
    ),
    "odd indentation": CANONICAL.replace("    ", "\t  ").replace(" = ", "="),
    "one line": re.sub(
        r"account_tags = \{[^}]*\}", 'account_tags = { environment = "prod", owner = "ml-platform", tier = "app" }', CANONICAL
    ),
    "trailing commas": CANONICAL.replace('"\n', '",\n').replace('request",\n', 'request"\n').replace('name = "",', 'name = ""'),
    "colons": CANONICAL.replace('"owner"       =', '"owner" :'),
    "CRLF": CANONICAL.replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + CANONICAL,
    "mark and CRLF": "\ufeff" + CANONICAL.replace("\n", "\r\n"),
    "no newline at the end": CANONICAL.rstrip("\n"),
    "non-ASCII before it": "# résumé 😀 e\u0301\n" + CANONICAL,
    "beside another module": 'module "vpc" {\n  source = "./vpc"\n  owner  = "ml-platform"\n}\n\n'
    + CANONICAL
    + CANONICAL.replace("prod-ml", "dev-ml"),
    "closing brace behind the last": re.sub(r'"app"\n  \}', '"app" }', CANONICAL),
    "a heredoc last": CANONICAL.replace('= "app"', "= <<EOT\napp\nEOT"),
    "escapes": CANONICAL.replace('"app"', '"$${a} %%{b} \\" \\u00e9 $${"'),
}


def _apply(source: str, changes: dict[tuple[str, str], str]) -> str:
    found = next(found for found in reading(source).records if found.request.label == "prod-ml")
    return edit.apply(found, source, changes)


@pytest.mark.parametrize("source", STYLES.values(), ids=STYLES)
def test_a_value_is_replaced_where_it_stands(source: str) -> None:
    """The text is the old one with one literal exchanged."""
    changed = _apply(source, {OWNER: "data"})

    at = source.rindex('"ml-platform"', 0, source.find("tier") if "tier" in source else None)
    assert changed == source[:at] + '"data"' + source[at + len('"ml-platform"') :]


@pytest.mark.parametrize("source", STYLES.values(), ids=STYLES)
def test_a_new_key_is_inserted_and_every_old_byte_stays(source: str) -> None:
    """The old text is the new one with one stretch taken out, and the request says the new key."""
    changed = _apply(source, {("account_tags", "cost centre"): "12"})

    assert _is_insertion(source, changed)
    tags = next(found for found in reading(changed).records if found.request.label == "prod-ml").request.tags
    assert tags == {**next(f for f in reading(source).records if f.request.label == "prod-ml").request.tags, "cost centre": "12"}


@pytest.mark.parametrize("source", [STYLES["CRLF"], STYLES["mark and CRLF"]])
def test_a_new_line_ends_as_the_lines_around_it(source: str) -> None:
    """One bare newline in a file of CRLF is a change nobody asked for."""
    changed = _apply(source, {("account_tags", "a"): "b"})

    assert "\n" not in changed.replace("\r\n", "")


@pytest.mark.parametrize("empty", ["{}", "{ }", "{\n  }", "{\n    # nothing yet\n  }", "{ /* nothing yet */ }", "{\n\n  }"])
def test_the_first_key_of_an_empty_map_leaves_its_comments_alone(empty: str) -> None:
    """What stands between the braces is somebody's."""
    source = re.sub(r"account_tags = \{[^}]*\}", f"account_tags = {empty}", CANONICAL)

    changed = _apply(source, {("account_tags", "a"): "b"})

    assert record(changed).request.tags == {"a": "b"}
    assert ("nothing yet" in changed) is ("nothing yet" in source)


def _is_insertion(before: str, after: str) -> bool:
    head = next((n for n, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), len(before))
    return any(after.endswith(before[cut:]) and after.startswith(before[:cut]) for cut in range(head + 1))


def test_several_changes_are_one_edit() -> None:
    """The environment and its copy change together."""
    changes = {("account_tags", "environment"): "dev", ("custom_fields", "environment"): "dev", ("custom_fields", "x"): "y"}

    found = record(_apply(STYLES["a comment first"], changes)).request

    assert found.tags["environment"] == found.custom_fields["environment"] == "dev"
    assert found.custom_fields["x"] == "y"


def test_a_canonical_file_stays_canonical() -> None:
    """It is written again, so a longer key moves the equal signs."""
    changed = _apply(CANONICAL, {("account_tags", "a much longer key"): "x"})

    assert record(changed).canonical


def test_a_key_that_is_composed_otherwise_is_the_same_key() -> None:
    """Terraform composes every string, so the two are one key to it."""
    source = "#\n" + CANONICAL.replace('"tier"       ', '"e\u0301"')

    changed = _apply(source, {("account_tags", "e\u0301"): "new"})

    assert record(changed).request.tags["é"] == "new"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"ml-platform"', "local.owner", 15),
        ('"ml-platform"', '"ml-${local.x}"', 15),
        ('"ml-platform"', '("ml-platform")', 15),
        ('"ml-platform"', "<<EOT\nml-platform\nEOT", 15),
        ('"ml-platform"', 'lower("ML")', 15),
        (
            'account_tags = {\n    "environment" = "prod"\n    "owner"       = "ml-platform"\n    "tier"        = "app"\n  }',
            "account_tags = local.tags",
            13,
        ),
    ],
)
def test_a_computed_value_is_refused_with_the_line_to_edit(old: str, new: str, line: int) -> None:
    """Only a literal can be replaced."""
    source = CANONICAL.replace(old, new)

    with pytest.raises(Refused) as refused:
        _apply(source, {OWNER: "data"})

    (problem,) = refused.value.problems
    assert (problem.id, problem.place) == ("computed-value", f"aft-account-request/terraform/a.tf:{line}")
    assert "data" in problem.remedy or "by hand" in problem.remedy


@pytest.mark.parametrize(("key", "verb"), [("owner", "change"), ("team", "add")])
def test_a_map_that_an_expression_puts_together_is_told_as_that(key: str, verb: str) -> None:
    """The value may stand there as a literal, so it is the map that is computed; what is wanted is said."""
    source = CANONICAL.replace("account_tags = {", "account_tags = merge(local.common, {").replace('"app"\n  }', '"app"\n  })')
    source += 'locals {\n  common = { other = "x" }\n}\n'

    with pytest.raises(Refused) as refused:
        _apply(source, {("account_tags", key): "data"})

    (problem,) = refused.value.problems
    assert (problem.id, problem.place) == ("computed-value", "aft-account-request/terraform/a.tf:13")
    assert problem.message == "account_tags is put together by an expression, and only a value of a literal map can be replaced"
    assert problem.remedy == f'{verb} {key} there by hand: {key} = "data"'


def test_a_map_that_is_not_there_is_refused_with_the_line_of_the_module() -> None:
    """There is nothing to put the value into."""
    source = "\n" + re.sub(r"  custom_fields = \{[^}]*\}\n", "", CANONICAL)

    with pytest.raises(Refused) as refused:
        _apply(source, {("custom_fields", "a"): "b"})

    assert refused.value.problems[0].line == 2


def test_an_edit_that_would_change_more_is_refused() -> None:
    """Two modules of one label: which one is meant cannot be told."""
    source = CANONICAL + CANONICAL

    with pytest.raises(Refused) as refused:
        edit.apply(reading("#\n" + source).records[0], "#\n" + source, {OWNER: "data"})

    assert refused.value.problems[0].id == "edit-not-proved"


def test_a_comment_that_runs_over_the_line_end_never_swallows_a_new_key() -> None:
    """The edit is proved by reading it again, and refused."""
    source = CANONICAL.replace('"app"\n', '"app" /* a\n    comment */\n')

    with pytest.raises(Refused) as refused:
        _apply(source, {("account_tags", "a"): "b"})

    assert refused.value.problems[0].id == "edit-not-proved"


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.sampled_from(sorted(set(STYLES) - {"canonical"})), WORDS)
def test_after_any_edit_every_other_byte_is_unchanged(style: str, value: str) -> None:
    """Also for quotes, backslashes, template openers and line ends in the value."""
    source = STYLES[style]

    changed = _apply(source, {OWNER: value})

    at = source.rindex('"ml-platform"', 0, source.find("tier"))
    assert changed == source[:at] + quote(value) + source[at + len('"ml-platform"') :]
    after = next(found for found in reading(changed).records if found.request.label == "prod-ml").request
    assert after.tags["owner"] == text(value)
