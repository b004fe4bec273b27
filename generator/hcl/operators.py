"""Terraform's operators, over known values.

Numbers are calculated only where the result is exact: Terraform rounds to 512 bits, and prints what it rounded.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction

from generator.hcl.values import Number, Unsure, Value, as_flag, as_number, same

_LARGEST = 1 << 53
_FINEST = 1 << 10


def binary(sign: str, left: Value, right: Value) -> Value:
    """The value of `left sign right`."""
    if sign in _COMPARED:
        return _COMPARED[sign](left, right)
    if sign in _LOGICAL:
        return _LOGICAL[sign](as_flag(left), as_flag(right))
    one, other = as_number(left), as_number(right)
    if sign in _ORDERED:
        return _ORDERED[sign](one.value, other.value)
    return exact(_ARITHMETIC[sign](one.value, other.value), one, other)


def unary(sign: str, operand: Value) -> Value:
    """The value of `-operand` or `!operand`."""
    if sign == "!":
        return not as_flag(operand)
    found = as_number(operand)
    return exact(_nonzero(-found.value, False), found)


def exact(found: Fraction, *operands: Number) -> Number:
    """A result that Terraform does not round; Unsure otherwise."""
    for number in (found, *(operand.value for operand in operands)):
        power_of_two = number.denominator & (number.denominator - 1) == 0
        if abs(number.numerator) >= _LARGEST or number.denominator > _FINEST or not power_of_two:
            raise Unsure("a number that Terraform rounds")
    return Number(found)


def _nonzero(found: Fraction, positive: bool) -> Fraction:
    """Terraform knows a negative zero, which no positive operands make."""
    if found == 0 and not positive:
        raise Unsure("a zero that may be negative")
    return found


def _times(one: Fraction, other: Fraction) -> Fraction:
    return _nonzero(one * other, one >= 0 and other >= 0)


def _divided(one: Fraction, other: Fraction) -> Fraction:
    if other == 0:
        raise Unsure("a division by zero")
    return _nonzero(one / other, other > 0)


def _rest(one: Fraction, other: Fraction) -> Fraction:
    if other == 0 or one.denominator != 1 or other.denominator != 1:
        raise Unsure("the rest of a division that is not one of whole numbers")
    return _nonzero(one - other * math.trunc(one / other), one >= 0)


_COMPARED: Mapping[str, Callable[[Value, Value], bool]] = {"==": same, "!=": lambda one, other: not same(one, other)}
_LOGICAL: Mapping[str, Callable[[bool, bool], bool]] = {"&&": operator.and_, "||": operator.or_}
_ORDERED: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_ARITHMETIC: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": _times,
    "/": _divided,
    "%": _rest,
}
