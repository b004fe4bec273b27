"""Blocks inside blocks, in Terraform's language and in its JSON: both readers say the same."""

from __future__ import annotations

import pytest

from generator.hcl import syntax
from generator.hcl.syntax import Block, Template, Text

HCL = b"""
terraform {
  backend "s3" {
    key = "stacks/a"
  }
}
provider "aws" {
  alias = "b"
  assume_role {
    role_arn = "arn:aws:iam::111122223333:role/${var.x}"
  }
}
resource "null_resource" "a" {
  provisioner "local-exec" {
    command = "true"
  }
}
data "external" "b" {
  program = ["x"]
}
"""
JSON = b"""{
  "//": "a remark",
  "terraform": {"backend": {"s3": {"key": "stacks/a"}}},
  "provider": {"aws": [{"alias": "b", "assume_role": [{"role_arn": "arn:aws:iam::111122223333:role/${var.x}"}]}]},
  "resource": [{"null_resource": {"a": {"provisioner": [{"local-exec": {"command": "true"}}]}}}],
  "data": {"external": {"b": {"program": ["x"]}}}
}"""


def _shape(block: Block) -> object:
    """Names, literals and what is nested: all but the places."""
    texts = {}
    for key, value in block.attributes.items():
        begin = value.parts[0] if isinstance(value, Template) else value
        if isinstance(begin, Text):
            texts[key] = begin.value
    return (block.type, block.labels, texts, [_shape(inner) for inner in block.blocks])


def test_both_forms_have_the_same_blocks() -> None:
    """Lists, and objects by name, stand for blocks in JSON."""
    hcl, json = syntax.parse(HCL, "a.tf"), syntax.parse_json(JSON, "a.tf.json")

    assert not hcl[1] and not json[1]
    assert sorted(map(repr, map(_shape, hcl[0]))) == sorted(map(repr, map(_shape, json[0])))
    assert (hcl[0][0].blocks[0].type, hcl[0][0].blocks[0].labels) == ("backend", ("s3",))


@pytest.mark.parametrize("content", [b"[1]", b"{", b"\xff", b"[" * 100_000], ids=["list", "cut", "bytes", "deep"])
def test_json_that_is_no_terraform(content: bytes) -> None:
    """It is said, and nothing is concluded from it."""
    blocks, problems = syntax.parse_json(content, "a.tf.json")

    assert not blocks and [problem.incomplete for problem in problems] == [True]
