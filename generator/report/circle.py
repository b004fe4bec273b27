"""Where nodes, labels and edges go: names around a circle by group, edges drawn together inside it.

The layout is that of D. Holten, "Hierarchical Edge Bundles" (IEEE TVCG 12/5, 2006), for a hierarchy of one level: an edge is pulled
from the straight line towards a point inside the circle that belongs to its group, on both ends, so edges between the same groups run
together. No edge crosses a label, and no label another. Nothing is drawn by chance: the same names have the same places.
Few names are spread over the two sides of the circle, so that each stands upright; many are written along its radii.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

Point = tuple[float, float]

UPRIGHT = 48
"""So many names stand upright; at this number two of them are at least 13 units apart."""
LONGEST = 32
"""So many characters of a name are written."""
_RADIUS, _PITCH = 260.0, 10.0
_BUNDLED, _INSIDE = 0.85, 0.55
"""How far an edge is pulled from the straight line (Holten's beta), and how far from the centre the point of a group is."""
_GAP, _CHARACTER, _TITLE = 16.0, 6.8, 3.6
"""A space; the width of a character of a label, about; and that of one of a title beside a radial drawing, in such characters."""
_STEEP = 0.3
"""Where the cosine of an angle is less, a title stands above or below rather than beside."""
_Slot = tuple[str, str] | None
"""Group and name, or the space between two groups."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a name is: its point, by how many degrees its label is turned about it, and whether that ends there rather than begins."""

    x: float
    y: float
    turn: float
    left: bool


@dataclass(frozen=True, slots=True)
class Band:
    """What marks a group outside its labels: a path, its title, and where that stands; `anchor` is the word of SVG."""

    path: str
    title: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Circle:
    """A layout; `width` and `height` are half the drawing's, whose centre is 0, 0. Units are pixels where it is drawn at its size."""

    spots: Mapping[str, Spot]
    bands: tuple[Band, ...]
    anchors: Mapping[str, Point]
    width: float
    height: float
    radius: float
    upright: bool

    def edge(self, one: str, other: str, groups: tuple[str, str]) -> str:
        """The path of an edge between two names that are in these groups."""
        a, b = ((self.spots[name].x, self.spots[name].y) for name in (one, other))
        first, second = (self.anchors[group] for group in groups)
        if groups[0] == groups[1]:
            pull = _BUNDLED * (0.3 + 0.7 * min(1.0, math.dist(a, b) / self.radius))  # neighbours need no detour
            return f"M{_point(a)}Q{_point(_between(_between(a, b, 0.5), first, pull))} {_point(b)}"
        pulled = (_between(_between(a, b, share), anchor, _BUNDLED) for share, anchor in ((1 / 3, first), (2 / 3, second)))
        return f"M{_point(a)}C{' '.join(map(_point, pulled))} {_point(b)}"


def circle(groups: Mapping[str, Sequence[str]]) -> Circle:
    """The layout of names by group, in this order, clockwise."""
    slots: list[_Slot] = [slot for group, names in groups.items() if names for slot in (*((group, name) for name in names), None)]
    upright = sum(slot is not None for slot in slots) <= UPRIGHT
    radius = _RADIUS if upright else max(_RADIUS, len(slots) * _PITCH / math.tau)
    angles = _of_sides(slots) if upright else [math.tau * (place + 0.5) / len(slots) - math.pi / 2 for place in range(len(slots))]
    spots = {slot[1]: _spot(angle, radius, upright) for slot, angle in zip(slots, angles, strict=True) if slot is not None}
    anchors = {group: _anchor([spots[name] for name in names]) for group, names in groups.items() if names}
    outer = max((abs(spot.x) if upright else radius) + _width((name,)) for name, spot in spots.items()) + 2.5 * _GAP if spots else radius
    bands = tuple(_bands(slots, angles, radius, outer, upright))
    titles = _GAP if upright else _width(groups) * _TITLE
    return Circle(spots, bands, anchors, outer + titles, radius + 3 * _GAP if upright else outer + 6 * _GAP, radius, upright)


def short(name: str) -> str:
    """A name, as much of it as is written."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def number(value: float) -> str:
    """A tenth of a unit is enough, and `-0` is 0."""
    return f"{value:.1f}".replace("-0.0", "0").removesuffix(".0")


def _of_sides(slots: Sequence[_Slot]) -> list[float]:
    """Angles that spread names evenly from top to bottom of the right half, then from bottom to top of the left one."""
    half = _half(slots)
    right, left = slots[:half], slots[half:]
    return [math.asin(height) for height in _heights(right)] + [math.pi + math.asin(height) for height in _heights(left)]


def _half(slots: Sequence[_Slot]) -> int:
    """How many go to the right: up to the end of a group, unless that leaves the two sides too unlike."""
    middle, ends = len(slots) / 2, [place + 1 for place, slot in enumerate(slots) if slot is None]
    best = min(ends, key=lambda end: abs(end - middle), default=0)
    return best if abs(best - middle) <= len(slots) / 6 else math.ceil(middle)


def _heights(slots: Sequence[_Slot]) -> list[float]:
    """Evenly from -1 to 1, but for the poles, where names would crowd; a space at the end takes no room."""
    count = max(len(slots) - (bool(slots) and slots[-1] is None), 1)
    return [min(0.96 * (2 * (place + 0.5) / count - 1), 1.0) for place in range(len(slots))]


def _spot(angle: float, radius: float, upright: bool) -> Spot:
    left = math.cos(angle) < 0
    turn = 0.0 if upright else math.degrees(angle) - 180 * left
    return Spot(radius * math.cos(angle), radius * math.sin(angle), turn, left)


def _anchor(spots: Sequence[Spot]) -> Point:
    return _INSIDE * sum(spot.x for spot in spots) / len(spots), _INSIDE * sum(spot.y for spot in spots) / len(spots)


def _bands(slots: Sequence[_Slot], angles: Sequence[float], radius: float, outer: float, upright: bool) -> list[Band]:
    """A band for each group, and for each side of the circle that it is on where names are upright."""
    placed = [(slot[0], angle) for slot, angle in zip(slots, angles, strict=True) if slot is not None]
    runs = groupby(placed, key=lambda each: (each[0], upright and math.cos(each[1]) < 0))
    return [_band(group, [angle for _, angle in run], radius, outer, upright) for (group, _), run in runs]


def _band(title: str, angles: Sequence[float], radius: float, outer: float, upright: bool) -> Band:
    middle = (angles[0] + angles[-1]) / 2
    left = math.cos(middle) < 0
    if upright:  # the title stands in the space between two groups
        x, ends = -outer if left else outer, sorted(radius * math.sin(angle) for angle in (angles[0], angles[-1]))
        path = f"M{_point((x, ends[0] - _GAP / 2))}V{number(ends[1] + _GAP / 2)}"
        return Band(path, title, x, ends[0] - 1.5 * _GAP, "start" if left else "end")
    wider = _PITCH / 2 / radius
    start, end = (_polar(angle, outer) for angle in (angles[0] - wider, angles[-1] + wider))
    large = int(angles[-1] - angles[0] + 2 * wider > math.pi)
    path = f"M{_point(start)}A{number(outer)} {number(outer)} 0 {large} 1 {_point(end)}"
    anchor = "middle" if abs(math.cos(middle)) < _STEEP else "end" if left else "start"
    return Band(path, title, *_polar(middle, outer + 2 * _GAP), anchor)


def _polar(angle: float, radius: float) -> Point:
    return radius * math.cos(angle), radius * math.sin(angle)


def _between(one: Point, other: Point, share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


def _point(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _width(names: Iterable[str]) -> float:
    """How wide the widest of these names is, about."""
    return max((len(short(name)) for name in names), default=0) * _CHARACTER
