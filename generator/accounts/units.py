"""Organizational units as AFT reads them: `Name` at the top, `Name (ou-xxxx-yyyyyyyy)` below, and nothing else.

AFT looks for `.{1,128}\\s\\(ou-.*\\)`; what does not match goes to Control Tower as a plain name, which finds no such unit, and
the request stays in limbo (issues 147, 169). The id's form is that of Organizations.
"""

from __future__ import annotations

import re

_ID = r"ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}"
_NESTED = re.compile(rf"\S(?:.*\S)? \({_ID}\)")
_MOST = 128
_FORM = 'write "Name (ou-xxxx-yyyyyyyy)", one space between'

# (how the wrong form looks, what is wrong with it, what to do), the first that fits
_FORMS: tuple[tuple[str, str, str], ...] = (
    (r"\s*", "is empty", "name the unit"),
    (r"\s.*|.*\s", "begins or ends with a space, which Control Tower takes for a part of the name", "write the name alone"),
    (_ID, "is an id alone, which Control Tower does not document", _FORM),
    (r"\(ou-.*", "has no name before the parenthesis", _FORM),
    (r".*\S\(ou-.*", "has no space before the parenthesis, so AFT takes all of it for a name", _FORM),
    (r".*\((?!ou-)[oO][uU]-.*", "has capitals in its id, so AFT takes all of it for a name", "write the id in lower case"),
    (r".*\s\s\(ou-.*", "has more than one space before the parenthesis, and AFT keeps the others in the name", _FORM),
    (r".*[^\S ]\(ou-.*", "has a tab before the parenthesis", _FORM),
    (rf".*\({_ID}\).+", "goes on behind the parenthesis", _FORM),
    (r".* \(ou-.*", "has no unit's id in the parenthesis", "write ou-, 4 to 32, a hyphen, 8 to 32 lower-case letters and digits"),
)


def wrong_unit(unit: str) -> tuple[str, str] | None:
    """`(what is wrong, what to do)` with the form of a unit; None where it could be one."""
    nested = _NESTED.fullmatch(unit) is not None
    name = unit.rpartition(" (")[0] if nested else unit
    if len(name) > _MOST:
        return f"has a name of {len(name)} characters, and Organizations allows {_MOST}", "shorten it"
    if nested:
        return None
    return next(((what, remedy) for form, what, remedy in _FORMS if re.fullmatch(form, unit, re.DOTALL)), None)
