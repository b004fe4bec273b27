"""`scaffold atlantis check FILE`: any file of Atlantis, anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import cli

FOREIGN = """\
version: 3
x-anchors: {files: &files ["*.tf"]}
projects:
- {dir: legacy/dns, name: legacy dns, autoplan: {when_modified: *files}}
- {dir: legacy/vpn, workflow: legacy, depends_on: [legacy/dns]}
- {dir: ../out, terraform_version: ~> 1.9}
"""
SERVER = """\
repos:
- id: github.com/acme/zone
  allowed_overrides: [workflow]
- id: /.*/
  apply_requirements: [approved, mergeable]
workflows:
  legacy: {plan: {steps: [init, plan]}}
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A file of a repository and one of a server; the repository has one of the directories."""
    (tmp_path / "some.yaml").write_text(FOREIGN)
    (tmp_path / "server.yaml").write_text(SERVER)
    (tmp_path / "repository/legacy/dns").mkdir(parents=True)
    (tmp_path / "repository/legacy/dns/main.tf").touch()
    return tmp_path


def test_everything_is_said_at_once(files: Path) -> None:
    """Errors first, each with file, line, what and what to do; status 2, as for lint."""
    done = cli.run(files, "atlantis", "check", "some.yaml")

    assert done.status == 2
    assert done.out == "some.yaml checked as the configuration of a repository: 4 errors, 2 warnings, 0 notes.\n"
    lines = done.err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["error"] * 4 + ["warning"] * 2
    assert [line.split(":")[2] for line in lines] == ["2", "4", "6", "6", "5", "5"]
    assert "field x-anchors not found in type raw.RepoCfg" in lines[0] and "'allowed_overrides: [workflow]'" in done.err


def test_a_server_s_file_decides_what_is_allowed(files: Path) -> None:
    """For one repository, or for all of its entries; what is wrong with it is said too."""
    allowed, refused = (
        cli.run(files, "atlantis", "check", "some.yaml", "--server", "server.yaml", *more)
        for more in ((), ("--repository", "github.com/acme/other"))
    )

    assert "set 'workflow' key" not in allowed.err and allowed.out.endswith(": 4 errors, 2 warnings, 0 notes.\n")
    assert "error: some.yaml:5: projects[1]: repo config not allowed to set 'workflow' key" in refused.err
    assert "warning: server.yaml:5:" in allowed.err and "--gh-allow-mergeable-bypass-apply" in allowed.err


def test_directories_are_looked_for_where_the_repository_is_named(files: Path) -> None:
    """Its place has nothing to do with that of the file."""
    done = cli.run(files, "atlantis", "check", "some.yaml", "--tree", "repository")

    assert 'projects[1].dir: "legacy/vpn" does not exist' in done.err and '"legacy/dns" does not exist' not in done.err
    assert cli.run(files, "atlantis", "check", "some.yaml", "--tree", "nowhere").status == 64


def test_a_base_branch_takes_projects_apart(files: Path) -> None:
    """Two projects of one name that no pull request sees together."""
    text = "version: 3\nprojects:\n- {dir: a, name: x, branch: /^main$/}\n- {dir: b, name: x, branch: /^dev$/}\n"
    (files / "two.yaml").write_text(text)

    assert "on a base branch that fits both" in cli.run(files, "atlantis", "check", "two.yaml").err
    assert not cli.run(files, "atlantis", "check", "two.yaml", "--branch", "main").err


def test_a_server_s_file_is_known_by_its_keys(files: Path) -> None:
    """It is linted itself; warnings alone are status 0."""
    done = cli.run(files, "atlantis", "check", "server.yaml", "--format", "json")

    document = json.loads(done.out)
    assert done.status == document["status"] == 0 and document["data"] == {"kind": "server"}
    assert [problem["severity"] for problem in document["problems"]] == ["warning"]


def test_what_we_write_is_in_order(zone: Path) -> None:
    """The file of a landing zone, in that landing zone."""
    done = cli.must(zone, "atlantis", "check", "atlantis.yaml", "--tree", ".")

    assert done.out.endswith("0 errors, 0 warnings, 0 notes.\n") and not done.err


def test_the_example_is_in_order() -> None:
    """The landing zone that comes with the program."""
    done = cli.must(cli.REPOSITORY / "examples/acme", "atlantis", "check", "atlantis.yaml", "--tree", ".")

    assert not done.err


@pytest.mark.parametrize("call", [["nowhere.yaml"], ["some.yaml", "--server", "nowhere.yaml"], ["repository"]])
def test_a_file_that_is_not_there_is_status_1(call: list[str], files: Path) -> None:
    """It could not be checked."""
    done = cli.run(files, "atlantis", "check", *call)

    assert done.status == 1 and not done.out and call[-1] in done.err


def test_a_file_is_named_from_the_directory_that_is_worked_in(files: Path) -> None:
    """As every path behind -C."""
    assert cli.run(files / "repository", "atlantis", "check", "server.yaml", "-C", str(files)).status == 0
