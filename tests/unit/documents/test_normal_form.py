"""Text of YAML is NFC: one spelling of what looks alike."""

from __future__ import annotations

import unicodedata

import pytest

from generator.documents import strict_yaml

OHM, OMEGA = "\u2126", "\u03a9"
APART, WHOLE = "e\u0301", "\u00e9"


def _plain(text: str) -> object:
    node, problems = strict_yaml.read(text.encode(), "x.yaml")
    assert node is not None and problems == []
    return node.plain()


@pytest.mark.parametrize("form", ["{}", '"{}"', "'{}'", "|-\n  {}", ">-\n  {}", "!!str {}"])
@pytest.mark.parametrize(("written", "read"), [(OHM, OMEGA), (APART, WHOLE), (f"{APART}x{OHM}", f"{WHOLE}x{OMEGA}"), (WHOLE, WHOLE)])
def test_every_scalar_is_normalised(form: str, written: str, read: str) -> None:
    """However it is quoted; an escape is a character as well."""
    assert _plain(f"a: {form.format(written)}\n") == {"a": read}
    assert _plain(f'a: "{written.encode("ascii", "backslashreplace").decode()}"\n'.replace("\\xe9", "\\u00e9")) == {"a": read}


def test_keys_and_items_are_normalised() -> None:
    """A tag's key decides as its value does."""
    assert _plain(f"{APART}: [{OHM}]\n") == {WHOLE: [OMEGA]}


def test_two_spellings_of_one_key_are_one_key_twice() -> None:
    """They would look the same in every message."""
    _, problems = strict_yaml.read(f"{APART}: 1\n{WHOLE}: 2\n".encode(), "x.yaml")

    assert [(problem.id, problem.line, problem.value) for problem in problems] == [("duplicate-key", 2, WHOLE)]


def test_what_only_resembles_stays_what_it_is() -> None:
    """NFC joins spellings of one text, never two texts: a ligature, a wide letter and a Cyrillic one are others."""
    others = ["\ufb01", "\uff21", "\u0430", "x\u0304"]

    assert _plain("\n".join(f"- {text}" for text in others)) == others == [unicodedata.normalize("NFC", text) for text in others]
