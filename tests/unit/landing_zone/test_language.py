"""What AFT applies is written in Terraform 1.6.1's language: that is the version it runs unless it is told another."""

from __future__ import annotations

import pytest

from generator.files import MemoryTree, walk
from tests.support import zones
from tests.support.language import newer

VARIABLE = 'variable "a" {\n  type = string\n  validation {\n    condition     = %s\n    error_message = "A."\n  }\n}\n'
NEWER = {
    "removed": "removed {\n  from = aws_iam_role.a\n}\n",
    "ephemeral": 'ephemeral "random_password" "a" {\n  length = 8\n}\n',
    "provider::": 'locals {\n  a = provider::aws::arn_parse("arn:aws:iam::1:role/a")\n}\n',
    "import with for_each": 'import {\n  for_each = toset(["a"])\n  id       = each.key\n  to       = aws_iam_role.a[each.key]\n}\n',
    "password_wo": 'resource "aws_db_instance" "a" {\n  password_wo = "x"\n}\n',
    "validation": VARIABLE % "length(var.a) > var.b",
    "ephemeral variable": 'variable "a" {\n  ephemeral = true\n}\n',
    "templatestring": "locals {\n  a = templatestring(local.b, {})\n}\n",
    "nested": 'resource "a" "b" {\n  for_each = { a = "x" }\n  c {\n    d = [provider::aws::trim_iam_role_path(each.value)]\n  }\n}\n',
    "lock": 'terraform {\n  backend "s3" {\n    use_lockfile = true\n  }\n}\n',
}
OLDER = {
    "moved": "moved {\n  from = aws_iam_role.a\n  to   = aws_iam_role.b\n}\n",
    "an import of one thing": 'import {\n  id = "a"\n  to = aws_iam_role.a\n}\n',
    "a provider": 'provider "aws" {\n  alias = "a"\n}\n',
    "a validation": VARIABLE % 'contains(["a", "b"], var.a)',
    "a two": 'resource "a" "b" {\n  two = "x"\n}\n',
    "a word": 'locals {\n  a = "an ephemeral word, and removed"\n}\n',
}


@pytest.mark.parametrize("source", NEWER.values(), ids=NEWER)
def test_what_is_newer_is_found(source: str) -> None:
    """Each construct that 1.6.1 refuses."""
    assert newer(source)


@pytest.mark.parametrize("source", OLDER.values(), ids=OLDER)
def test_what_is_not_newer_is_none(source: str) -> None:
    """Its near twin, which 1.6.1 takes."""
    assert newer(source) == []


def test_what_aft_applies_is_not_newer() -> None:
    """Every file of the four AFT folders, the requests' module and the baseline included."""
    tree = MemoryTree(zones.files())
    folders = [name for name in tree.list("").directories if name.startswith("aft-")]
    paths = [path for folder in folders for path in walk(tree, folder) if path.endswith(".tf")]

    assert {path: found for path in paths if (found := newer((tree.read(path) or b"").decode()))} == {}
    assert sum("/scaffold-" in path for path in paths) == 4
