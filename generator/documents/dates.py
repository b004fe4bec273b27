"""Days as ISO text, `YYYY-MM-DD`: in this form the order of texts is the order of days, so nothing here needs a clock."""

from __future__ import annotations

import re

WANTED = "a day as YYYY-MM-DD"
PATTERN = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_FORM = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def parse(text: str) -> str:
    """The text itself where it is a day of the calendar, years 0001 to 9999; ValueError says what is wrong with it."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError("it has not the form YYYY-MM-DD")
    year, month, day = map(int, found.groups())
    if year == 0:
        raise ValueError("there is no year 0000")
    if not 1 <= month <= len(_DAYS):
        raise ValueError(f"there is no month {found[2]}")
    if not 1 <= day <= _last(year, month):
        raise ValueError(f"the month {found[1]}-{found[2]} has the days 01 to {_last(year, month)}")
    return text


def _last(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _DAYS[month - 1] + (month == 2 and leap)


def ordinal(day: str) -> int:
    """The number of a day (`YYYY-MM-DD`): days that follow each other have numbers that do."""
    year, month, number = map(int, day.split("-"))
    # the year begins in March here, so that the leap day is its last
    year, month = (year, month - 3) if month > 2 else (year - 1, month + 9)
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + number


def hours_between(start: str, end: str) -> float:
    """Hours from one moment to another, both `YYYY-MM-DDTHH:MM:SSZ`; negative where the second is earlier."""
    return _hours(end) - _hours(start)


def _hours(moment: str) -> float:
    hours, minutes, seconds = (int(part) for part in moment[11:19].split(":"))
    return ordinal(moment[:10]) * 24 + hours + minutes / 60 + seconds / 3600
