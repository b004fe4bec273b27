"""Organizational units as AFT reads them: every form that it takes for something else is told, and its right twin is not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.accounts.units import wrong_unit

ID = "ou-ab12-cdef3456"


@pytest.mark.parametrize(
    "unit",
    [
        "Production",
        "Pre Production",
        f"Production ({ID})",
        f"A (b) ({ID})",
        "Team (east)",
        "a/b",
        f"x{'y' * 127}",
        f"{'y' * 128} ({ID})",
        "O",
    ],
)
def test_a_name_and_a_name_with_an_id_are_taken(unit: str) -> None:
    """Whether there is such a unit is another question."""
    assert wrong_unit(unit) is None


@pytest.mark.parametrize(
    ("unit", "what"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        (ID, "an id alone"),
        (f"Production({ID})", "no space"),
        (f"({ID})", "has no name before"),
        (f"Production (OU-{ID[3:]})", "capitals in its id"),
        (f"Production (Ou-{ID[3:]})", "capitals in its id"),
        (f"Production({ID.upper()})", "capitals in its id"),
        (f"Production  ({ID})", "more than one space"),
        (f"Production \t({ID})", "more than one space"),
        (f"Production\t({ID})", "a tab"),
        (f"Production ({ID}) x", "goes on behind"),
        ("Production (ou-ab12)", "has no unit's id"),
        ("Production (ou-AB12-cdef3456)", "has no unit's id"),
        (f"Production ({ID}", "has no unit's id"),
        (" Production", "begins or ends with a space"),
        ("Production ", "begins or ends with a space"),
        (f" Production ({ID})", "begins or ends with a space"),
        ("x" * 129, "129 characters"),
        (f"{'x' * 129} ({ID})", "129 characters"),
    ],
)
def test_a_form_that_aft_takes_for_another_name_is_told(unit: str, what: str) -> None:
    """With what AFT makes of it."""
    wrong = wrong_unit(unit)

    assert wrong is not None and what in wrong[0] and wrong[1]


# AFT 1.20.1, aft-account-request-framework: how it tells a nested unit from a name
_AFT = re.compile(r".{1,128}\s\(ou-.*\)")


@given(st.text("P (ou-ab12cdef3456)OU\t", max_size=40))
def test_whatever_is_taken_means_the_same_to_aft(unit: str) -> None:
    """A unit with an id is nested for AFT too, and a plain name is none."""
    if wrong_unit(unit) is None:
        nested = re.fullmatch(rf"(.*\S) \({ID[:2]}-[0-9a-z]{{4,32}}-[a-z0-9]{{8,32}}\)", unit)
        assert (nested is not None) == (_AFT.fullmatch(unit) is not None)
