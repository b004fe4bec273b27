"""Regular expressions of Go, told from those that only Python compiles."""

from __future__ import annotations

import pytest

from generator.atlantis.regexps import wrong

RIGHT = [
    "main", "^(main|release/.*)$", "", "a+?", "a{2}", r"a\*+", r"[+*]+", "(?i)main", "x(?i)y", "(?i:x)", "(?P<n>x)", "(?<n>x)",
    r"\pN", r"\p{Greek}x", r"\Qa(b\E", r"x\z", "[[:alpha:]]+", r"\x{1F600}", "(?:x)", "(?-s:.)", r"\\1", "[[a]",
]  # fmt: skip
WRONG = {
    "(?!main)": "invalid or unsupported Perl syntax: `(?!`",
    "(?=x)": "invalid or unsupported Perl syntax: `(?=`",
    "(?<=x)y": "invalid or unsupported Perl syntax: `(?<=`",
    "(?>x)": "invalid or unsupported Perl syntax: `(?>`",
    r"(x)\1": r"invalid escape sequence: `\1`",
    "a++": "invalid nested repetition operator: `++`",
    "a**": "invalid nested repetition operator: `**`",
    "a{2}{3}": "invalid nested repetition operator: `{2}{3`",
    "?": "error parsing regexp",
    "(": "error parsing regexp",
    "[a": "error parsing regexp",
    "[z-a]": "error parsing regexp",
}


@pytest.mark.parametrize("pattern", RIGHT)
def test_what_go_compiles_is_right(pattern: str) -> None:
    """Also what Python does not know."""
    assert wrong(pattern) is None


@pytest.mark.parametrize("pattern", WRONG)
def test_what_go_does_not_compile_is_wrong(pattern: str) -> None:
    """Also what Python compiles."""
    assert WRONG[pattern] in (wrong(pattern) or "")
