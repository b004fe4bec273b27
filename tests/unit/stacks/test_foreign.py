"""A skeleton from elsewhere: what whoever reviews it is told to look at."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from generator.files import MemoryTree
from generator.stacks.foreign import copied
from tests.support.own_skeletons import ROOT, manifest, queue


def _look_at(more: Mapping[str, bytes]) -> list[str]:
    prefix = "skeletons/queue/"
    return [found.removeprefix(prefix) for found in copied(MemoryTree({**queue(), **more}), "", "queue").look_at]


RISKY = {
    'data "external" "a" {}': "runs a program when it is planned",
    "data external a {}": "runs a program when it is planned",
    'data"external""a"{}': "runs a program when it is planned",
    "data /* * */ external a {}": "runs a program when it is planned",
    "{% if true %}data external a {}{% endif %}": "runs a program when it is planned",
    'resource terraform_data a { provisioner"local-exec"{} }': "runs a program when it is applied",
    "data http a {}": "reads an address when it is planned",
    'provider"aws"{}': "has a provider of its own",
    "provider aws {}": "has a provider of its own",
    '/**/ provider "aws" {}': "has a provider of its own",
    '{{ "" }}provider "aws" {}': "has a provider of its own",
    'module a { source="github.com/acme/a" }': "calls a module from elsewhere",
    'module a { source /**/ = ("github.com/acme/a") }': "calls a module from elsewhere",
    'module a { source = "hashicorp/consul/aws" }': "calls a module from elsewhere",
    'module a { source = "{{ cookiecutter.elsewhere }}/a" }': "calls a module from elsewhere",
    'x = file ("/etc/passwd")': "reads a file of the machine that plans",
    'x = templatefile\t("/etc/passwd", {})': "reads a file of the machine that plans",
    'data "ext\\u0065rnal" "a" {}': "writes letters as numbers",
    **{
        f'x = {name}("/etc/passwd")': "reads a file of the machine that plans"
        for name in ("file", "filebase64", "filebase64sha512", "fileexists", "filemd5", "fileset", "filesha1", "filesha256")
    },
}
HARMLESS = [
    'module a { source = "../x" }',
    'module a { source = "./x" }',
    'module a { source = "{{ cookiecutter.modules }}/queue/1.0.0" }',
    'aws = { source  =  "hashicorp/aws" }',
    "provider = aws.other",
    "filename = var.file",
    'data aws_vpc external { id = "x" }',
    'database = "external"',
]


@pytest.mark.parametrize("text", RISKY)
def test_what_is_risky_is_named_however_it_is_written(text: str) -> None:
    """Labels need no quotes, and nothing needs a blank."""
    assert f"module/more.tf:2: {RISKY[text]}" in _look_at({"module/more.tf": f"\n{text}\n".encode()})


@pytest.mark.parametrize("text", HARMLESS)
def test_the_near_twin_is_not_named(text: str) -> None:
    """A list of everything is read by nobody."""
    assert _look_at({"module/more.tf": f"{text}\n".encode()}) == []


def test_a_file_of_json_is_named_whole() -> None:
    """The patterns know how the other form is written."""
    assert _look_at({"module/more.tf.json": b'{"data": {"external": {}}}'}) == ["module/more.tf.json: JSON: read all of it"]


@pytest.mark.parametrize("name", ["z{{ '.tf' }}", "z.tf{# #}", "{% if true %}z.tf{% endif %}", "{{ 'x' }}/z.txt"])
def test_a_file_whose_name_is_a_template_is_named_whole(name: str) -> None:
    """Nobody knows before what it will be called. The folder of all templates is nothing to look at."""
    assert _look_at({f"{ROOT}/{name}": b"data external a {}"})[0] == f"{ROOT}/{name}: its name is a template: read all of it"
    assert _look_at({f"{ROOT}/z.txt": b"data external a {}"}) == []


def test_a_name_is_a_template_in_the_delimiters_of_its_skeleton() -> None:
    """They can be any."""
    options = {"variable_start_string": "<<", "variable_end_string": ">>"}

    found = _look_at({"cookiecutter.json": manifest(_jinja2_env_vars=options), f"{ROOT}/z<< '.tf' >>": b""})

    assert f"{ROOT}/z<< '.tf' >>: its name is a template: read all of it" in found
