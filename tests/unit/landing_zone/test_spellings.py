"""Words that are one word, spelled otherwise; and their near twins, which are two."""

from __future__ import annotations

import pytest

from generator.landing_zone.spellings import folded, is_slip, near_misses


@pytest.mark.parametrize(
    ("counts", "meant"),
    [
        ({"prod": 9, "Prod": 1}, {"Prod": "prod"}),
        ({"Prod": 9, "prod": 1}, {"prod": "Prod"}),
        ({"Prod": 1, "prod": 1}, {"Prod": "prod"}),
        ({"CostCenter": 5, "cost-center": 2, "Cost Center": 1}, {"cost-center": "CostCenter", "Cost Center": "CostCenter"}),
        ({"environment": 9, "enviroment": 1}, {"enviroment": "environment"}),
        ({"platform": 3, "platfrom": 1, "Platfrom": 1}, {"Platfrom": "platfrom"}),
        ({"platform": 6, "platfrom": 1, "Platfrom": 1}, {"platfrom": "platform", "Platfrom": "platform"}),
        ({"staging": 2, "stagging": 1}, {}),
    ],
)
def test_a_spelling_is_another_one_of_a_more_frequent_word(counts: dict[str, int], meant: dict[str, str]) -> None:
    """Case and separators at any number, a slip only where it is rare."""
    assert near_misses(counts) == meant


def test_a_spelling_that_can_be_written_down_is_preferred() -> None:
    """However often the other one stands."""
    assert near_misses({"prod!": 9, "Prod!": 1, "pr-od!": 1}, lambda word: word == "Prod!") == {"prod!": "Prod!", "pr-od!": "Prod!"}


@pytest.mark.parametrize(
    "pair",
    [
        ("dev1", "dev2"),
        ("1.1", "11"),
        ("10-1", "101"),
        ("web", "wed"),
        ("prod", "prd"),
        ("data-1", "data-2"),
        ("team-a", "team-b"),
        ("teama", "teamb"),
        ("group", "groupx"),
        ("a-platform", "b-platfrom"),
    ],
)
def test_words_that_differ_in_digits_or_are_short_are_two(pair: tuple[str, str]) -> None:
    """`dev1` is no slip of `dev2`."""
    one, other = pair

    assert folded(one) != folded(other) and not is_slip(one, other)


@pytest.mark.parametrize("slip", ["enviroment", "environmnet", "environmentt", "envyronment", "environments", "Enviroment"])
def test_one_letter_is_a_slip_in_either_direction(slip: str) -> None:
    """Left out, swapped, doubled, another one."""
    assert is_slip(slip, "environment") and is_slip("environment", slip)


def test_a_slip_is_in_one_part_of_a_word() -> None:
    """Whatever stands between the parts."""
    assert is_slip("acme:cost-centre-x", "acme:cost-center-x") and is_slip("data-platfrom", "data-platform")


def test_two_slips_are_another_word() -> None:
    """And a word is no slip of itself."""
    assert not is_slip("envirnmnt", "environment") and not is_slip("environment", "environment")
