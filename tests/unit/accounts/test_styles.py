"""Request folders as other people wrote them: every account with every value, and every problem with its line."""

from __future__ import annotations

import pytest

from tests.support import styles


@pytest.mark.parametrize("style", styles.STYLES)
def test_a_folder_says_what_its_expectation_says(style: str) -> None:
    """Written by hand beside each folder; Terraform's rows are compared in tests/terraform."""
    expected = (styles.REQUESTS / style / styles.EXPECTED).read_text(encoding="utf-8")

    assert styles.said(styles.reading(style)) == expected


def test_there_are_ten_styles_and_one_of_them_is_broken() -> None:
    """A folder that got lost would be a test that passes."""
    broken = [style for style in styles.STYLES if styles.reading(style).unreadable]

    assert len(styles.STYLES) == 10
    assert broken == ["broken"]
    assert len(styles.reading("one-file").records) == 28
