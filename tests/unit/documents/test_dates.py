"""Days are checked against the standard library's calendar, which the product itself does not use."""

from __future__ import annotations

import datetime
import re

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.documents import dates, strict_yaml
from generator.documents.shape import Date, Reader

YEARS = (0, 1, 4, 100, 400, *range(1896, 2112), 2400, 2500, 9996, 9999)
WRONG = [
    "", "2026", "2026-1-01", "2026-01-1", "26-01-01", "02026-01-01", "2026/01/01", "20260101", "2026-01-01T00:00:00", "2026-01-01 ",
    " 2026-01-01", "2026-01-01\n", "2026-W01-1", "2026-001", "-2026-01-01",
    "+026-01-01", "2026-01-0a", "２０２６-01-01", "2026-01-٠١", "31.12.2026",
]  # fmt: skip


def _is_day(text: str) -> bool:
    try:
        dates.parse(text)
    except ValueError:
        return False
    return True


def _exists(year: int, month: int, day: int) -> bool:
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("year", YEARS)
def test_a_day_is_what_the_calendar_has(year: int) -> None:
    """Every combination of two digits for month and day."""
    for month in range(100):
        for day in range(100):
            assert _is_day(f"{year:04}-{month:02}-{day:02}") is _exists(year, month, day)


def test_every_year_has_the_leap_day_that_the_calendar_gives_it() -> None:
    """All of them that four digits can write."""
    assert [year for year in range(10_000) if _is_day(f"{year:04}-02-29")] == [year for year in range(10_000) if _exists(year, 2, 29)]


@pytest.mark.parametrize("text", WRONG)
def test_another_form_is_no_day(text: str) -> None:
    """One form only: the one that sorts."""
    with pytest.raises(ValueError, match="it has not the form YYYY-MM-DD"):
        dates.parse(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0000-01-01", "there is no year 0000"),
        ("2026-13-01", "there is no month 13"),
        ("2026-00-01", "there is no month 00"),
        ("2026-02-29", "the month 2026-02 has the days 01 to 28"),
        ("2024-02-30", "the month 2024-02 has the days 01 to 29"),
        ("2026-04-00", "the month 2026-04 has the days 01 to 30"),
    ],
)
def test_the_message_says_what_is_wrong(text: str, expected: str) -> None:
    """Year, month or day."""
    with pytest.raises(ValueError, match=f"^{re.escape(expected)}$"):
        dates.parse(text)


@given(st.dates(), st.dates())
def test_days_compare_as_their_texts_do(one: datetime.date, other: datetime.date) -> None:
    """So no code needs to make anything else of them."""
    texts = dates.parse(one.isoformat()), dates.parse(other.isoformat())

    assert (texts[0] < texts[1], texts[0] == texts[1]) == (one < other, one == other)


@given(st.text(st.sampled_from("0123456789-"), max_size=11) | st.text(max_size=11))
def test_any_other_text_is_refused_and_nothing_else_happens(text: str) -> None:
    """What is taken comes back as it is, and the calendar has it."""
    if _is_day(text):
        assert dates.parse(text) == text == datetime.date.fromisoformat(text).isoformat()


def _read(source: str) -> tuple[object, list[str]]:
    node, problems = strict_yaml.read(source.encode(), "a.yaml")
    assert node is not None and not problems and isinstance(node.value, dict)
    reader = Reader("a.yaml")
    return Date().read(node.value["expires"], "expires", reader), [str(problem) for problem in reader.problems]


@pytest.mark.parametrize("written", ["2026-12-31", '"2026-12-31"', "'2026-12-31'"])
def test_a_day_needs_no_quotes(written: str) -> None:
    """YAML 1.1 would make something else of it; ours keeps the text."""
    assert _read(f"expires: {written}") == ("2026-12-31", [])


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("2026-02-30", 'expires is "2026-02-30", and the month 2026-02 has the days 01 to 28'),
        ("31.12.2026", 'expires is "31.12.2026", and it has not the form YYYY-MM-DD'),
        ("20261231", "expires is the number 20261231"),
        ("", "expires is empty"),
        ("true", "expires is true"),
        ("[2026-12-31]", "expires is a list"),
    ],
)
def test_what_is_no_day_is_a_problem_with_its_line(written: str, what: str) -> None:
    """What, which value, what to do."""
    assert _read(f"# the last day\nexpires: {written}") == (None, [f"a.yaml:2: {what}; write a day as YYYY-MM-DD"])


@given(st.dates().map(str) | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True) | st.sampled_from(WRONG).map(str.strip))
def test_the_schema_takes_every_day_and_hardly_anything_else(text: str) -> None:
    """Without a look at the format it cannot know how long a month is, nor that the first year is 0001."""
    taken = jsonschema.Draft202012Validator(Date().schema()).is_valid(text)
    form = re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", text, re.ASCII)

    assert taken is (form is not None)
    assert taken or not _is_day(text)
