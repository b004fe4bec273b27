"""Where names and edges go: each name has room, whatever their number, and groups stay together."""

from __future__ import annotations

import itertools
import math

import pytest

from generator.report.circle import LONGEST, UPRIGHT, Circle, circle, number, short

SIZES = (1, 2, 3, 14, 17, 47, UPRIGHT, UPRIGHT + 1, 500)


def laid_out(count: int, groups: int = 4) -> tuple[Circle, dict[str, list[str]]]:
    """So many names in groups of unlike sizes, the first one twice as large as the others."""
    named: dict[str, list[str]] = {f"group{place}": [] for place in range(groups)}
    for place in range(count):
        named[f"group{max(place % (groups + 1) - 1, 0)}"].append(f"name{place}")
    return circle(named), named


@pytest.mark.parametrize("count", SIZES)
def test_no_name_stands_on_another(count: int) -> None:
    """Upright ones on a side are a line apart; radial ones are a pitch apart on the circle."""
    spots = laid_out(count)[0].spots.values()
    upright = count <= UPRIGHT

    assert len(spots) == count
    for one, other in itertools.combinations(spots, 2):
        if not upright:
            assert math.hypot(one.x - other.x, one.y - other.y) > 9.9
        elif one.left is other.left:
            assert abs(one.y - other.y) > 13


@pytest.mark.parametrize("count", SIZES)
def test_everything_is_within_the_drawing(count: int) -> None:
    """Names end before the edge of it, and titles begin before."""
    found, _ = laid_out(count)

    assert all(abs(spot.x) < found.width and abs(spot.y) < found.height for spot in found.spots.values())
    assert all(abs(band.x) < found.width and abs(band.y) < found.height for band in found.bands)


@pytest.mark.parametrize("count", [3, 14, 47])
def test_upright_names_are_beside_the_circle(count: int) -> None:
    """On the side of their half, so no edge crosses them."""
    assert all((spot.x < 0) is spot.left and spot.turn == 0 for spot in laid_out(count)[0].spots.values())


def test_radial_names_can_be_read() -> None:
    """None stands on its head."""
    assert all(-90.01 <= spot.turn <= 90.01 for spot in laid_out(500)[0].spots.values())


def test_a_group_is_in_one_place() -> None:
    """Each has one band where names are radial, and at most two where they are upright; an empty one has none."""
    many, few = laid_out(500)[0], laid_out(14)[0]
    lonely = circle({"a": ["x"], "b": []})

    assert sorted(band.title for band in many.bands) == [f"group{place}" for place in range(4)]
    assert {band.title for band in few.bands} == {f"group{place}" for place in range(4)} and len(few.bands) <= 5
    assert [band.title for band in lonely.bands] == ["a"]


def test_edges_end_at_their_names_and_run_together() -> None:
    """Two edges between the same groups are nearer to each other in the middle than the straight lines are."""
    found, named = laid_out(500)
    (a, b), (c, d) = (named["group1"][0], named["group1"][-1]), (named["group3"][0], named["group3"][-1])
    first, second = (_middle(found.edge(*ends, ("group1", "group3"))) for ends in ((a, c), (b, d)))
    spots = {name: (found.spots[name].x, found.spots[name].y) for name in (a, b, c, d)}
    straight = [((spots[one][0] + spots[other][0]) / 2, (spots[one][1] + spots[other][1]) / 2) for one, other in ((a, c), (b, d))]

    assert math.dist(first, second) < 0.4 * math.dist(*straight)
    assert found.edge(a, c, ("group1", "group3")).startswith(f"M{number(spots[a][0])} {number(spots[a][1])}C")


def _middle(path: str) -> tuple[float, float]:
    """The point in the middle of a cubic curve."""
    values = [float(word) for word in path.replace("M", "").replace("C", " ").split()]
    points = list(zip(values[::2], values[1::2], strict=True))
    weights = (1 / 8, 3 / 8, 3 / 8, 1 / 8)
    return sum(w * p[0] for w, p in zip(weights, points, strict=True)), sum(w * p[1] for w, p in zip(weights, points, strict=True))


def test_neighbours_need_no_detour() -> None:
    """An edge between two that stand beside each other stays near them."""
    found, named = laid_out(500)
    one, other = named["group1"][:2]
    words = found.edge(one, other, ("group1", "group1")).replace("M", "").replace("Q", " ").split()

    assert math.dist((float(words[2]), float(words[3])), (found.spots[one].x, found.spots[one].y)) < found.radius * 0.3


def test_a_long_name_is_written_in_part() -> None:
    """As long as there is room for; the rest is a click away."""
    assert short("a" * LONGEST) == "a" * LONGEST and short("a" * (LONGEST + 1)) == "a" * (LONGEST - 1) + "…"


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (-0.04, "0"), (1.0, "1"), (-10.04, "-10"), (0.25, "0.2"), (-0.06, "-0.1")])
def test_numbers_are_short(value: float, text: str) -> None:
    """A tenth is enough, and zero has no sign."""
    assert number(value) == text
