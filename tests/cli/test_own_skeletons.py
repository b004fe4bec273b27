"""A landing zone's own skeletons in every command that meets them, from the first stack to the last."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.support import cli
from tests.support.landing_zones import LandingZone
from tests.support.own_skeletons import ROOT, below, manifest, next_version, queue

STACK = "stacks/dev-ml/us-east-1/queue-jobs"
KNOWN = {
    "region": "us-east-1", "vpc_id": "vpc-01234567", "cidr_blocks": ["10.1.0.0/20"], "ipv6_cidr_blocks": [], "route_table_ids": [],
    "dns": True, "quotas": {}, "used_elsewhere": {}, "stale": False,
}  # fmt: skip


@pytest.fixture(scope="module")
def prepared(initialised: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An account in AWS, whose network is not built, in a landing zone with a skeleton of its own; committed."""
    root = tmp_path_factory.mktemp("own") / "zone"
    shutil.copytree(initialised, root)
    cli.must(root, "account", "dev-ml", "--owner", "ml-platform", "--network", "us-east-1=10.1.0.0/20")
    LandingZone(root).know({"444455556666": {"name": "dev-ml"}})
    cli.run(root, "sync")
    cli.written(root, below("skeletons/queue", queue()))
    cli.commit(root)
    return root


@pytest.fixture
def zone(prepared: Path, tmp_path: Path) -> Path:
    """The same for one test."""
    return Path(shutil.copytree(prepared, tmp_path / "zone"))


def _listed(root: Path) -> str:
    return (root / "atlantis.yaml").read_text()


def test_it_is_listed_with_its_source(zone: Path) -> None:
    """And explained as any other; the folder of a program's own checkout is no landing zone's."""
    listed, explained = cli.must(zone, "skeletons").out, cli.must(zone, "skeletons", "queue").out
    data = json.loads(cli.must(zone, "skeletons", "--format", "json").out)["data"]

    assert "skeletons/queue" in listed and "Source: skeletons/queue." in explained
    assert {each["name"]: each["source"] for each in data} == {
        "queue": "skeletons/queue", **dict.fromkeys(("ecr", "elasticache", "network", "rds", "vpn"), "built-in")
    }  # fmt: skip
    assert "queue" not in cli.must(zone.parent, "skeletons").out and "queue" in cli.must(zone.parent, "skeletons", "-C", str(zone)).out
    assert cli.must(zone.parent, "skeletons", "-C", str(zone), "queue").out == explained


def test_its_life_from_the_first_stack_to_the_last(zone: Path) -> None:
    """Added, listed for Atlantis, current, checked, called in another version, and taken down in steps."""
    cli.must(zone, "account", "dev-ml", "--with", "queue:jobs")
    assert f"dir: {STACK}\n" in _listed(zone) and 'modules/queue/1.0.0"' in _listed(zone)
    assert (zone / STACK / "backend.tf").read_text().splitlines()[1] == "# skeleton queue, instance jobs"
    assert cli.run(zone, "sync", "--check").status == cli.run(zone, "lint").status == 0
    assert "nothing" not in cli.must(zone, "status", "dev-ml").err
    cli.written(zone, below("skeletons/queue", queue({"version": "1.1.0"})))
    cli.must(zone, "upgrade", "queue", "--to", "1.1.0", "--where", "account=dev-ml")
    assert "modules/queue/1.1.0" in (zone / STACK / "main.tf").read_text() and 'modules/queue/1.1.0"' in _listed(zone)

    cli.must(zone, "account", "dev-ml", "--retire")
    cli.run(zone, "account", "dev-ml", "--retire", "--destroy", "queue-jobs")

    assert "# Tombstone" in (zone / STACK / "main.tf").read_text() and f"dir: {STACK}\n" in _listed(zone)


def test_its_inputs_hold_for_the_command_line(zone: Path) -> None:
    """The pattern of its instance, with the words of its help."""
    done = cli.run(zone, "account", "dev-ml", "--with", f"queue:{'j' * 31}")

    assert done.status == 1 and "the application that reads the queue" in done.err


def test_what_needs_a_network_waits_for_it(zone: Path) -> None:
    """Also once its skeleton is broken or gone: what a stack stands on is in its identity."""
    cli.written(zone, below("skeletons/queue", queue({"needs": "network"})))
    cli.must(zone, "account", "dev-ml", "--with", "queue:jobs")
    assert f"{STACK}\n" not in _listed(zone)

    for spoil in (lambda: (zone / "skeletons/queue/cookiecutter.json").write_text("{"), lambda: shutil.rmtree(zone / "skeletons/queue")):
        spoil()
        cli.must(zone, "sync")
        assert f"{STACK}\n" not in _listed(zone)
        assert "the network dev-ml" in cli.must(zone, "status", "dev-ml").out

    LandingZone(zone).know({"444455556666": {"name": "dev-ml", "networks": {"dev-ml": KNOWN}}})
    cli.must(zone, "sync")
    assert f"{STACK}\n" in _listed(zone)


def test_it_can_be_a_standard_stack(zone: Path) -> None:
    """One of which every account has one; broken, it stops what would make it, and nothing else."""
    files = queue({"instance": None, "inputs": {}})
    files[f"{ROOT}/main.tf"] = files[f"{ROOT}/main.tf"].replace(b"cookiecutter.instance", b"cookiecutter.stack")
    cli.written(zone, below("skeletons/queue", files))
    cli.replace(zone / "scaffold.yaml", "stacks: [network, ecr]", "stacks: [network, ecr, queue]")
    cli.must(zone, "account", "dev-web", "--owner", "web")
    assert (zone / "stacks/dev-web/us-east-1/queue/main.tf").is_file()

    (zone / "skeletons/queue/cookiecutter.json").write_text("{")

    refused = cli.run(zone, "account", "dev-app", "--owner", "web")
    assert refused.status == 1 and "skeletons/queue/cookiecutter.json: it is no JSON" in refused.err
    assert cli.run(zone, "account", "dev-app", "--owner", "web", "--without", "queue", "--check").status == 2
    assert cli.must(zone, "sync", "--check").status == cli.must(zone, "accounts").status == 0


def test_a_broken_one_is_a_finding_of_lint(zone: Path) -> None:
    """With the file; everything that does not need it goes on."""
    cli.written(zone, {"skeletons/queue/cookiecutter.json": manifest(_extensions=["os.system"])})

    linted, listed = cli.run(zone, "lint"), cli.run(zone, "skeletons")
    refused = cli.run(zone, "account", "dev-ml", "--with", "queue:jobs")

    assert linted.status == listed.status == 2 and refused.status == 1
    for done in (linted, listed, refused):
        assert "error: skeletons/queue/cookiecutter.json: it has _extensions, which would run code; remove it" in done.err
    assert cli.run(zone, "account", "dev-ml", "--with", "rds:orders", "--check").status == 2


def test_a_linked_folder_of_skeletons_is_a_finding(zone: Path) -> None:
    """What is in it is not looked at, so nobody may take it for empty."""
    (zone / "skeletons").rename(zone.parent / "elsewhere")
    (zone / "skeletons").symlink_to(zone.parent / "elsewhere")

    done = cli.run(zone, "lint")

    assert done.status == 2 and "error: skeletons: a symbolic link, which is not followed" in done.err
    assert "queue" not in cli.run(zone, "skeletons").out


def test_lint_renders_each_once(zone: Path) -> None:
    """What is wrong in a template is found before somebody wants a stack."""
    (zone / "skeletons/queue" / ROOT / "main.tf").write_text("{{ cookiecutter.whom }}\n")

    done = cli.run(zone, "lint")

    assert done.status == 2 and "skeletons/queue: a template of it cannot be rendered" in done.err


def test_lint_tells_of_a_module_that_is_called_by_another_name(zone: Path) -> None:
    """Before somebody wants a stack of it: that one would call what is not there."""
    cli.written(zone, below("skeletons/jobs", {**queue(), "cookiecutter.json": manifest({"module": "jobs"})}))

    done = cli.run(zone, "lint")

    assert done.status == 2 and f'skeletons/jobs/{ROOT}/main.tf:2: it calls the module "queue"' in done.err


def test_a_base_has_the_skeletons_of_its_own_tree(zone: Path) -> None:
    """What is broken there already is no doing of the change; what the change breaks is."""
    (zone / "skeletons/queue/cookiecutter.json").write_text("{")
    assert cli.run(zone, "lint", "--base", "HEAD").status == 2

    cli.commit(zone)

    done = cli.run(zone, "lint", "--base", "HEAD")
    assert done.status == 0 and "warning: skeletons/queue/cookiecutter.json" in done.err


def test_its_module_is_judged_as_anybodys(zone: Path) -> None:
    """It is no excuse for a provisioner that a skeleton beside it holds the same."""
    risky = b'resource "terraform_data" "x" {\n  provisioner "local-exec" {\n    command = "true"\n  }\n}\n'
    cli.written(zone, {**below("skeletons/queue", {**queue(), "module/run.tf": risky})})
    cli.must(zone, "account", "dev-ml", "--with", "queue:jobs")

    done = cli.run(zone, "atlantis", "summary", "--base", "HEAD")

    assert "provisioner" in done.out + done.err and done.status != 0


def test_a_replaced_one_leaves_what_is_there(zone: Path) -> None:
    """Stacks that call the built-in version keep it; new ones call the one of the landing zone."""
    cli.must(zone, "account", "dev-ml", "--with", "rds:orders")
    cli.written(zone, below("skeletons/rds", next_version("rds", "2.0.0", 'variable "more" {\n  default = 1\n}\n')))
    cli.must(zone, "account", "dev-ml", "--with", "rds:events")
    stacks = zone / "stacks/dev-ml/us-east-1"

    assert "modules/rds/1.0.0" in (stacks / "rds-orders/main.tf").read_text()
    assert "modules/rds/2.0.0" in (stacks / "rds-events/main.tf").read_text()
    assert cli.run(zone, "lint").status == 0
    (zone / "modules/rds/1.0.0/key.tf").write_text("# changed\n")
    assert "modules/rds/1.0.0/key.tf: this file of a released module was changed" in cli.run(zone, "lint").err


def test_a_template_cannot_write_outside_its_stack(zone: Path) -> None:
    """A name is rendered too, and is looked at once it is."""
    cli.written(zone, {f"skeletons/queue/{ROOT}/{{{{'..'}}}}/x.tf": b"x\n"})
    before = cli.snapshot(zone)

    done = cli.run(zone, "account", "dev-ml", "--with", "queue:jobs")

    assert done.status == 1 and "would leave the root" in done.err and cli.snapshot(zone) == before


def test_a_template_cannot_stand_in_for_a_managed_file(zone: Path) -> None:
    """Whatever its name becomes: which role and which state a stack has is not its skeleton's to say."""
    cli.written(zone, {f"skeletons/queue/{ROOT}/{{{{'backend'}}}}.tf": b"terraform {}\n"})

    cli.must(zone, "account", "dev-ml", "--with", "queue:jobs")

    assert "# skeleton queue, instance jobs" in (zone / STACK / "backend.tf").read_text()
