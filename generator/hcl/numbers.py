"""Terraform's functions over numbers."""

from __future__ import annotations

import math
from fractions import Fraction

from generator.hcl.operators import exact
from generator.hcl.unification import list_of
from generator.hcl.values import Fails, Items, Kind, Number, Unsure, Value, as_number

_MOST = 1024


def absolute(value: Number) -> Value:
    """`abs`."""
    return exact(abs(value.value), value)


def ceil(value: Number) -> Value:
    """`ceil`; a zero made of a negative number may be a negative zero."""
    if -1 < value.value < 0:
        raise Unsure("a zero that may be negative")
    return exact(Fraction(math.ceil(value.value)))


def floor(value: Number) -> Value:
    """`floor`."""
    return exact(Fraction(math.floor(value.value)))


def largest(*values: Number) -> Value:
    """`max`."""
    return max(values, key=lambda found: found.value)


def smallest(*values: Number) -> Value:
    """`min`."""
    return min(values, key=lambda found: found.value)


def total(values: Value) -> Value:
    """`sum`."""
    if not isinstance(values, Items) or not values.values:
        raise Fails("sum wants a list that is not empty")
    numbers = [as_number(found) for found in list_of(values).values]
    return exact(sum((found.value for found in numbers), Fraction(0)), *numbers)


def range_of(*limits: Number) -> Value:
    """`range` of whole numbers, at most as many as Terraform makes."""
    whole = [limit.whole for limit in limits]
    if len(whole) == 3 and (whole[2] == 0 or (whole[1] - whole[0]) * whole[2] < 0):
        raise Unsure("a range that never ends")
    if len(whole) < 3 and whole[-1] < (whole[0] if len(whole) == 2 else 0):
        raise Unsure("a range that counts down")
    found = range(*whole)
    if len(found) > _MOST:
        raise Fails(f"a range of more than {_MOST} numbers")
    return Items(Kind.LIST, tuple(Number(Fraction(number)) for number in found))
