"""The plan step of the Atlantis server: below peering/ a plan that does anything but what was decided is no plan."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support import cli, verified
from tests.support.workflows import EMITTED, Machine

SH = ("/bin/sh",)
PLAN = '{"format_version": "1.2", "note": "it\'s $(touch owned) 100% \\\\n"}'
BINARY = b"PK\x03\x04 \x00\xff"


def _server() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((EMITTED / "atlantis/repos.yaml").read_text())
    return found


STEP = _server()["workflows"]["scaffold"]["plan"]["steps"][2]["run"]


@pytest.fixture
def server(machine: Machine) -> Machine:
    """A server whose Terraform has made a plan and shows it, and whose scaffold accepts it and keeps what it was given."""
    (machine.root / "plan.json").write_text(PLAN)
    (machine.root / "plan file").write_bytes(BINARY)
    machine.tool("terraform1.10.5", f'[ "$# $1 $2" = "3 show -json" ] && [ -s "$3" ] && cat "{machine.root}/plan.json"')
    machine.tool("scaffold", f'printf "%s\\n" "$@" > "{machine.temp}/arguments"; cat > "{machine.temp}/given"')
    return machine


def _plan(server: Machine, directory: str, path: str | None = None, **more: str) -> cli.Outcome:
    place = server.root / "clone" / directory
    place.mkdir(parents=True, exist_ok=True)
    said = {"REPO_REL_DIR": directory, "DIR": str(place), "PLANFILE": f"{server.root}/plan file", "ATLANTIS_TERRAFORM_VERSION": "1.10.5"}
    return server.run(STEP, place, SH, {**said, **more}, path)


def _arguments(server: Machine) -> list[str]:
    file = server.temp / "arguments"
    return file.read_text().splitlines() if file.exists() else []


def _plans(server: Machine) -> dict[str, bytes]:
    """What Atlantis would find to apply, and whatever else the step left beside it."""
    return {path.name: path.read_bytes() for path in server.root.glob("plan file*")}


def _bare(server: Machine) -> str:
    """A PATH with nothing of this machine on it but what every server has."""
    bare = server.root / "bare"
    bare.mkdir()
    for name in ("cat", "mv", "rm"):
        (bare / name).symlink_to(str(shutil.which(name)))
    return str(bare)


def test_a_peering_is_judged(server: Machine) -> None:
    """verify-plan gets the plan's own bytes, the stack's directory, and the clone as its landing zone."""
    done = _plan(server, "peering/prod-hub--prod-ml")

    assert done.status == 0, done.err
    clone = str(server.root / "clone")
    assert _arguments(server) == ["peering", "verify-plan", "-", "--stack", "peering/prod-hub--prod-ml", "-C", clone]
    assert (server.temp / "given").read_text() == PLAN and _plans(server) == {"plan file": BINARY}


@pytest.mark.parametrize("directory", ["stacks/prod-ml/us-east-1/network", "bootstrap/platform", "peering-old/a--b", "stacks/peering/a--b"])
def test_everything_else_has_the_default_plan(server: Machine, directory: str) -> None:
    """Neither tool is called: a stack's plan stands as Terraform made it."""
    done = _plan(server, directory)

    assert (done.status, done.out, done.err, _arguments(server)) == (0, "", "", []) and _plans(server) == {"plan file": BINARY}


@pytest.mark.parametrize("status", [1, 2, 3, 64])
def test_a_refusal_fails_the_plan(server: Machine, status: int) -> None:
    """Whatever verify-plan says, only 0 is a yes, and of a refused plan nothing is left: an older Atlantis applies what it finds."""
    server.tool("scaffold", f"cat > /dev/null; echo refused; exit {status}")

    done = _plan(server, "peering/a--b")

    assert done.status == status and done.out == "refused\n" and _plans(server) == {}


def test_while_it_is_judged_there_is_no_plan(server: Machine) -> None:
    """A server that is stopped in the middle, too fast for any cleaning up, has nothing to apply either."""
    server.tool("scaffold", "kill -9 $PPID")

    done = _plan(server, "peering/a--b")

    assert done.status == -9 and "plan file" not in _plans(server)


def test_no_plan_is_no_yes(server: Machine) -> None:
    """Where Terraform cannot show the plan, nothing is judged, and the plan fails."""
    server.tool("terraform1.10.5", "echo cannot >&2; exit 1")

    assert _plan(server, "peering/a--b").status == 1 and _arguments(server) == [] and _plans(server) == {}


@pytest.mark.parametrize(("tool", "said"), [("scaffold", "scaffold is not installed on this server"), ("terraform1.10.5", "terraform")])
def test_without_a_tool_no_peering_is_planned(server: Machine, tool: str, said: str) -> None:
    """A server that lost one says so, and keeps no plan of a peering; a stack needs neither here."""
    (server.bin / tool).unlink()
    bare = _bare(server)

    stack = _plan(server, "stacks/a/b/c", bare)
    assert (stack.status, stack.err, _plans(server)) == (0, "", {"plan file": BINARY})

    peering = _plan(server, "peering/a--b", bare)
    assert peering.status in (1, 127) and said in peering.err and _plans(server) == {} and _arguments(server) == []


def test_a_missing_variable_fails(server: Machine) -> None:
    """An Atlantis that does not say where it is has no judgement either."""
    place = server.root / "clone"
    place.mkdir()

    assert server.run(STEP, place, SH, {"REPO_REL_DIR": "peering/a--b"}).status != 0 and _arguments(server) == []


def test_one_terraform_on_the_server_is_enough(server: Machine) -> None:
    """A server with no binary of that version's name plans with the plain one."""
    (server.bin / "terraform1.10.5").rename(server.bin / "terraform")

    assert _plan(server, "peering/a--b").status == 0 and (server.temp / "given").read_text() == PLAN


@pytest.mark.parametrize(
    "name", ["$(touch owned)", "`touch owned`", "a b", "a;touch owned", "a'b", 'a"b', "*", "a\nb", "--help", "%s", "a\\b", "${HOME}"]
)
def test_a_hostile_name_stays_a_name(server: Machine, name: str) -> None:
    """A pull request names directories; whoever opens it must not run anything on the server."""
    done = _plan(server, f"peering/{name}")

    assert done.status == 0, done.err
    assert "\n".join(_arguments(server)) == f"peering\nverify-plan\n-\n--stack\npeering/{name}\n-C\n{server.root / 'clone'}"
    assert list(server.root.rglob("owned")) == []


REAL = f'PYTHONPATH="{cli.REPOSITORY}" exec "{cli.command()[0]}" -m generator "$@"'


def test_a_directory_outside_the_clone_is_refused_by_scaffold(server: Machine) -> None:
    """Where the directory does not end in its own name there is no landing zone, and the real scaffold says so."""
    server.tool("scaffold", REAL)

    done = _plan(server, "peering/a--b", DIR=str(server.root))

    assert done.status == 1 and "scaffold.yaml" in done.err


def test_the_real_scaffold_judges_a_real_plan(server: Machine) -> None:
    """The plan of a decided pair passes; the same plan of a connection to another network does not."""
    server.tool("scaffold", REAL)
    plan = verified.stored()
    cli.written(server.root / "clone", verified.landing_zone(plan))
    for vpc, status in ((None, 0), ("vpc-0bad", 2)):
        if vpc:
            verified.change(plan, "aws_vpc_peering_connection.this")["change"]["after"]["peer_vpc_id"] = vpc
        (server.root / "plan.json").write_text(json.dumps(plan))

        done = _plan(server, verified.STACK)

        assert done.status == status and verified.STACK in done.out, done.err
        assert list(_plans(server)) == ([] if status else ["plan file"])


def test_the_repository_chooses_nothing() -> None:
    """What judges a pull request is the server's: no override, no workflow of its own, and applying needs all three."""
    (entry,) = _server()["repos"]

    assert entry["allowed_overrides"] == [] and entry["allow_custom_workflows"] is False and entry["workflow"] == "scaffold"
    assert entry["apply_requirements"] == entry["import_requirements"] == ["approved", "mergeable", "undiverged"]
    assert "--gh-allow-mergeable-bypass-apply" in (EMITTED / "atlantis/repos.yaml").read_text()
    assert set(_server()["workflows"]["scaffold"]) == {"plan"}


def test_the_entry_is_of_the_repository_that_init_was_told(tmp_path: Path) -> None:
    """The id is that of scaffold.yaml."""
    cli.must(tmp_path, "init", "--repository", "umbrella/zone")

    (entry,) = yaml.safe_load((tmp_path / "atlantis/repos.yaml").read_text())["repos"]
    assert entry["id"] == "github.com/umbrella/zone"
