"""Our engine against cookiecutter itself: the same skeleton and the same values give the same bytes."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError

from generator.cli.workspace import bundled
from generator.files import MemoryTree
from generator.problems import Refused
from generator.repository.worktree import WorkTree
from generator.stacks.skeletons import Skeletons
from tests.support import cli
from tests.support.root_modules import render

TWO_ZONES = {"ids": ["euw1-az1", "euw1-az3"]}
CONTEXTS: dict[str, list[dict[str, Any]]] = {
    "network": [
        {},
        {"production": "yes", "zones": TWO_ZONES},
        {"public_ipv4_pool": "ipv4pool-ec2-0123456789abcdef0", "version": "2.1.0"},
    ],
    "ecr": [{}, {"repository": "pay-api", "organization_id": "o-zz99zz99zz", "modules": "../modules"}],
    "rds": [{}, {"production": "yes", "instance": "order-history", "notice_topic_arn": "arn:aws-us-gov:sns:us-gov-west-1:333333333333:x"}],
    "vpn": [{}, {"production": "yes", "zones": TWO_ZONES, "notice_topic_arn": "arn:aws-cn:sns:cn-north-1:333333333333:x"}],
    "elasticache": [{}, {"production": "yes", "engine": "redis", "instance": "search"}],
    "root-module": [
        {},
        {"kms_key": ""},
        {"lock_table": "terraform-locks", "kms_key": "arn:aws:kms:us-east-1:333333333333:key/0a1b2c3d"},
        {"identity": "skeleton rds, instance orders, network prod-ml", "aws_required": "~> 5.100", "external_id": "acme/1"},
    ],
    "peering": [
        {},
        {"kms_key": "", "version": "1.1.0"},
        {"identity": "peering dev-ml -- dev-vpn", "directory_key": "peering/dev-ml--dev-vpn", "external_id": "acme/1"},
    ],
    "baseline": [{}, {"region": "eu-west-1", "label": "eu_west_1", "atlantis": "umbrella-atlantis", "external_id": "acme/1"}],
    "landing-zone": [{}, {"organization": "umbrella", "home_region": "eu-west-1", "zones": TWO_ZONES, "domain": "umbrella.example"}],
}
CASES = [(name, number) for name, contexts in CONTEXTS.items() for number in range(len(contexts))]


def _ours(skeletons: Skeletons, name: str, context: dict[str, Any]) -> dict[str, bytes]:
    rendered = skeletons.render(name, context)
    return {path: body.encode() if isinstance(body, str) else body for path, body in rendered.items()}


def _theirs(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("name", "number"), CASES)
def test_it_equals_cookiecutter(name: str, number: int, tmp_path: Path) -> None:
    """Anybody who knows cookiecutter knows what a skeleton becomes."""
    context = CONTEXTS[name][number]

    theirs = _theirs(render(name, tmp_path / "theirs", context))

    assert theirs and _ours(bundled(), name, context) == theirs


def test_every_skeleton_is_compared() -> None:
    """A new skeleton needs its contexts in the table above."""
    assert set(bundled().all) == set(CONTEXTS)


def test_every_skeleton_is_described() -> None:
    """A summary, a version, and a line of help for each input that somebody may set."""
    for skeleton in bundled().stacks.values():
        assert skeleton.summary and skeleton.version and skeleton.module and skeleton.inputs
        assert all(found.help and found.type and found.name in skeleton.defaults for found in skeleton.inputs)


def _skeleton(main: str, **document: Any) -> Skeletons:
    """One skeleton with one file, and nothing else."""
    files = {"x/cookiecutter.json": json.dumps({"stack": "x", "who": "me", **document}).encode()}
    return Skeletons(MemoryTree({**files, "x/{{cookiecutter.stack}}/main.tf": main.encode()}))


def test_an_undefined_name_fails() -> None:
    """cookiecutter's default would write an empty text."""
    with pytest.raises(UndefinedError, match="whom"):
        _skeleton("{{ cookiecutter.whom }}").render("x", {})


@pytest.mark.parametrize("value", ["${path.root}", 'a"b', "a\nb", "a\rb", "a\\b", "%{if true}", "100%", "$HOME"])
def test_an_unsafe_value_is_refused(value: str) -> None:
    """A value that could leave its quotes, or become an expression, never reaches a template; nested ones neither."""
    skeletons = _skeleton('who = "{{ cookiecutter.who }}"')
    for context in ({"who": value}, {"who": {"ids": [value]}}):
        with pytest.raises(Refused, match="who of the skeleton x"):
            skeletons.render("x", context)


def test_a_value_is_never_a_template() -> None:
    """cookiecutter renders the values themselves; here braces are braces."""
    assert _skeleton("{{ cookiecutter.who }}").render("x", {"who": "{{ 7 * 7 }}"}) == {"main.tf": "{{ 7 * 7 }}"}


def test_code_in_a_skeleton_is_refused() -> None:
    """`_extensions` names Python classes that cookiecutter would import."""
    with pytest.raises(Refused, match="_extensions"):
        _ = _skeleton("", _extensions=["os.system"]).all


@pytest.mark.parametrize(
    "expression", ["cookiecutter.__class__.__mro__", "''.__class__.__base__.__subclasses__()", "cycler.__init__.__globals__.os"]
)
def test_the_sandbox_holds(expression: str) -> None:
    """A template reaches nothing of Python."""
    with pytest.raises(Exception, match=r"unsafe|undefined|has no"):
        _skeleton(f"{{{{ {expression} }}}}").render("x", {})


def test_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    """Neither a file nor a folder outside the skeleton becomes part of what it writes."""
    shutil.copytree(cli.REPOSITORY / "skeletons/ecr", tmp_path / "skeletons/ecr")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/key.tf").write_text("secret\n")
    for inside in ("{{cookiecutter.stack}}", "module"):
        os.symlink(tmp_path / "secret/key.tf", tmp_path / "skeletons/ecr" / inside / "stolen.tf")
        os.symlink(tmp_path / "secret", tmp_path / "skeletons/ecr" / inside / "folder")

    skeletons = Skeletons(WorkTree(tmp_path / "skeletons"))

    assert set(skeletons.render("ecr", {})) == {"main.tf", "outputs.tf"}
    assert b"secret\n" not in skeletons.module("ecr").values()
