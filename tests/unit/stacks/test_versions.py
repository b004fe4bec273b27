"""Versions of modules: their order, and what a caller has to know of another one."""

from __future__ import annotations

import random

import pytest

from generator.problems import Refused
from generator.stacks.versions import Difference, difference, interface, key

ORDER = ["main", "0.9.0", "1.0.0-alpha.2", "1.0.0-alpha.10", "1.0.0-rc.1", "1.0.0-²", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0"]
OLD = {
    "variables.tf": b"""
variable "name" {
  description = "Name."
  type        = string
}
variable "size" {
  type    = number
  default = 1
  validation {
    condition     = var.size > 0
    error_message = "x"
  }
}
variable "gone" {
  type = bool
}
variable "kept" {
  type    = list(string)
  default = []
}
variable "easier" {}
""",
    "outputs.tf": b'output "id" {\n  value = 1\n}\noutput "old" {\n  value = 1\n}\n',
    "nested/variables.tf": b'variable "inner" {}\n',
    "README.md": b"# x\n",
}
NEW = {
    "all.tf": b"""
variable "name" {
  description = "Another word."
  type        = string
}
variable "size" {
  type = string
  validation {
    condition     = var.size > 1
    error_message = "x"
  }
}
variable "kept" {
  type = list(
    string
  )
  default = []
}
variable "easier" {
  default = null
}
variable "must" {
  type = string
}
variable "may" {
  type    = string
  default = "x"
}
output "id" {
  value = 2
}
output "fresh" {
  value = 1
}
""",
}


def test_digits_without_end_are_no_number() -> None:
    """Python reads no number of so many, and a folder may have any name."""
    many = "9" * 5000

    assert key(f"1.0.{many}") < key("0.0.1") < key(f"1.0.0-{many}") < key("1.0.0")


def test_versions_have_an_order() -> None:
    """As semver has it: numbers by number, and what comes before a release before it."""
    mixed = ORDER[:]
    random.Random(1).shuffle(mixed)

    assert sorted(mixed, key=key) == ORDER


def test_what_changes_is_told_by_name() -> None:
    """Descriptions and values of outputs are no caller's concern; a nested module's inputs neither."""
    found = difference(interface(OLD), interface(NEW))

    assert found == Difference(
        required=("must",),
        optional=("may",),
        removed=("gone",),
        changed=(
            ("easier", "may be left out now (default null)"),
            ("size", "type number, now string; must be given now (the default was 1); what it admits"),
        ),
        removed_outputs=("old",),
        new_outputs=("fresh",),
    )


def test_nothing_changes_between_equal_versions() -> None:
    """Not a word then."""
    assert difference(interface(OLD), interface(OLD)) == Difference()


def test_inputs_in_json_are_inputs() -> None:
    """Terraform reads both spellings."""
    said = {"variables.tf.json": b'{"variable": {"a": {"type": "string"}, "b": [{"default": {"x": 1}}]}, "output": {"id": {"value": "1"}}}'}

    found = interface(said)

    assert found.required == ["a"] and found.variables["b"].default == '{"x": 1}' and found.outputs == {"id"}


@pytest.mark.parametrize("files", [{"a.tf": b'variable "x" {\n'}, {"a.tf.json": b"{"}, {"a.tf.json": b'{"variable": 3}'}])
def test_a_module_that_cannot_be_read_is_refused(files: dict[str, bytes]) -> None:
    """Rather than one without inputs."""
    with pytest.raises(Refused):
        interface(files)
