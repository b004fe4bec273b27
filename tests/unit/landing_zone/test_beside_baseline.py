"""What stands beside the baseline in AFT's global customizations."""

from __future__ import annotations

import pytest

from generator.landing_zone.beside_baseline import problems
from generator.landing_zone.global_customizations import DATA, FOLDER
from tests.unit.audit.company import FILES, zone

HERE = f"{FOLDER}/theirs.tf"
REFUSED = ("5.42.0", "= 5.42", "~> 4.67", "~> 5.42.0", "< 5.43.0", "<= 5.42.9", ">= 4.0, < 5.0", ">= 5.0, <= 5.42", "v5.1", "~> 4")
ADMITTED = ("5.43.0", ">= 5.43", "~> 5.0", "~> 5", "~> 5.43.0", "< 5.43.1", "<= 5.43.0", "> 4", "!= 5.42.0", ">= 4.0, < 6.0", "a word", "")


def _said(text: str) -> list[str]:
    files = {path: content for path, content in FILES.items() if not path.startswith(FOLDER)}
    return [found.message for found in problems(zone({**files, f"{FOLDER}/{DATA}": b"{}", HERE: text.encode()}))]


def _block(version: str) -> str:
    aws = f'    aws = {{\n      source = "hashicorp/aws"\n      version = "{version}"\n    }}\n'
    return f"terraform {{\n  required_providers {{\n{aws}  }}\n}}\n"


@pytest.mark.parametrize("version", REFUSED)
def test_a_provider_that_is_too_old_is_told(version: str) -> None:
    """Whatever way it is said: nothing from 5.43.0 on is admitted."""
    (said,) = _said(_block(version))

    assert said == f'the AWS provider is held at "{version}", and the baseline beside it needs 5.43.0 or later'


@pytest.mark.parametrize("version", ADMITTED)
def test_a_provider_that_may_be_new_enough_is_left_alone(version: str) -> None:
    """Also what nobody can read: Terraform says that itself."""
    assert _said(_block(version)) == []


def test_two_blocks_are_one_too_many() -> None:
    """In one file or in two."""
    assert _said(_block(">= 5.60") * 2) == [f"a second block of required_providers beside that of {HERE}"]


NOTHING = (
    f"/*\n{_block('~> 4.0')}*/\n",
    '# required_providers { aws = { version = "~> 4.0" } }\n',
    'locals {\n  aws = "4.0"\n}\n',
)


@pytest.mark.parametrize("text", NOTHING)
def test_a_comment_and_another_aws_hold_nothing(text: str) -> None:
    """Only a block of required providers does."""
    assert _said(text) == []
