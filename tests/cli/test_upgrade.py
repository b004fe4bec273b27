"""`scaffold upgrade`: chosen stacks call another version, and every other byte stays."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.files import Listing
from generator.hcl.managed import text_file
from generator.repository.worktree import WorkTree
from tests.support import cli
from tests.support.upgrades import DEV, NEW_SOURCE, OLD_SOURCE, PROD, upgrade


def _told(done: cli.Outcome) -> set[str]:
    return {problem["id"] for problem in json.loads(done.out)["problems"]}


def test_development_moves_and_production_keeps_its_bytes(databases: Path) -> None:
    """One version in one line, the module's folder, and what Atlantis watches for that stack."""
    before = cli.snapshot(databases)

    done = upgrade(databases)
    after = cli.snapshot(databases)

    changed = {path for path in after if before.get(path) != after[path]}
    module = {path.replace("skeletons/rds/module", "modules/rds/1.1.0") for path in before if path.startswith("skeletons/rds/module/")}
    assert changed == {DEV, "atlantis.yaml", *module} and set(before) <= set(after)
    assert after[DEV] == before[DEV].replace(OLD_SOURCE.encode(), NEW_SOURCE.encode())
    listed = {project["dir"]: project["autoplan"]["when_modified"] for project in _projects(databases)}
    assert "modules/rds/1.1.0" in str(listed[DEV.rpartition("/")[0]]) and "modules/rds/1.0.0" not in str(listed[DEV.rpartition("/")[0]])
    assert "modules/rds/1.0.0" in str(listed[PROD.rpartition("/")[0]])
    assert f"error: {DEV}:1: rds 1.1.0 needs cost_center" in done.err
    assert "new input, which every call must give: cost_center\n" in done.out and "new input, which a call may give: extra\n" in done.out
    assert "--- a/modules/rds/1.0.0/variables.tf\n+++ b/modules/rds/1.1.0/variables.tf\n" in done.out
    assert cli.run(databases, "sync", "--check").status == 0


def _projects(root: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((root / "atlantis.yaml").read_text())["projects"]
    return found


def test_check_tells_the_same_and_writes_nothing(databases: Path) -> None:
    """`--diff` shows the line."""
    before = cli.snapshot(databases)

    done = upgrade(databases, "--where", "environment=dev", "--check", "--diff")

    assert cli.snapshot(databases) == before
    assert f"-  source = {OLD_SOURCE}\n+  source = {NEW_SOURCE}\n" in done.out and "Nothing written: --check." in done.out


def test_it_is_said_as_data(databases: Path) -> None:
    """Which stack, from where, what is to be done there; and of the module what its text says."""
    data = json.loads(upgrade(databases, "--where", "environment=dev", "--format", "json").out)["data"]

    to_do = [{"id": "missing-argument", "file": DEV, "value": "cost_center"}]
    assert data["moved"] == [{"stack": DEV.rpartition("/")[0], "from": "1.0.0", "to_do": to_do}]
    (module,) = data["module"]
    assert module["inputs"] == {"required": ["cost_center"], "optional": ["extra"], "removed": [], "changed": {}}
    assert (data["to"], data["current"], data["left"]) == ("1.1.0", [], []) and "cost_center" in module["diff"]


def test_a_second_time_there_is_nothing_to_do(databases: Path) -> None:
    """And back again leaves what was there."""
    before = cli.snapshot(databases)
    upgrade(databases)

    again = upgrade(databases, status=0)
    back = upgrade(databases, to="1.0.0", status=0)

    assert again.out == "Nothing to do.\n1 stack called 1.1.0 already.\n"
    assert "1.1.0 to 1.0.0 goes back to an older version" in back.err
    after = cli.snapshot(databases)
    assert {path: after[path] for path in before} == before


STYLES: dict[str, Callable[[str], str]] = {
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "byte order mark": lambda text: "\ufeff" + text,
    "odd spacing": lambda text: text.replace("  source = ", "\tsource=   "),
    "a comment behind": lambda text: text.replace(OLD_SOURCE, f"{OLD_SOURCE} # 1.0.0, see modules/rds/1.0.0"),
    "comments around": lambda text: f'# source = {OLD_SOURCE}\n/* module "rds" {{ */\n{text}',
    "another call": lambda text: f'{text}\nmodule "other" {{\n  source = "../../../../modules/network/1.0.0"\n}}\n',
    "another path": lambda text: text.replace(OLD_SOURCE, '"./../../../../modules//rds/1.0.0/"'),
    "another name": lambda text: text.replace('module "rds"', 'module "orders_db"'),
    "no last line end": lambda text: text.rstrip("\n"),
    "a heredoc": lambda text: f'locals {{\n  x = <<-EOT\n    source = {OLD_SOURCE}\n  EOT\n}}\n{text}',
}  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
def test_every_other_byte_of_a_file_survives(style: str, databases: Path) -> None:
    """However somebody writes: the version in the call is all that moves."""
    text = STYLES[style]((databases / DEV).read_text())
    (databases / DEV).write_bytes(text.encode())

    upgrade(databases)

    after = (databases / DEV).read_bytes().decode()
    call = text.index("module ", text.index("EOT\n}") if "EOT" in text else text.index("*/") if "*/" in text else 0)
    at = text.index("rds/1.0.0", call)
    assert after == text[:at] + "rds/1.1.0" + text[at + len("rds/1.0.0") :]


LEFT: dict[str, tuple[Callable[[str], str], str, int]] = {
    "computed": (lambda text: text.replace(OLD_SOURCE, "var.source"), "untold-call", 2),
    "twice": (lambda text: text + text.replace('module "rds"', 'module "again"'), "untold-call", 2),
    "broken": (lambda text: text + "}\n", "untold-call", 2),
    "no call": (lambda text: "locals {}\n", "untold-call", 2),
    "own source": (lambda text: text.replace(OLD_SOURCE, '"git::https://example.com/rds?ref=v3"'), "own-source", 0),
    "own folder": (lambda text: text.replace(OLD_SOURCE, '"../../../../modules/our-rds/1.0.0"'), "own-source", 0),
}


@pytest.mark.parametrize("case", LEFT)
def test_what_cannot_be_moved_is_left_alone_and_listed(case: str, databases: Path) -> None:
    """A source of its own is somebody's choice; what is not understood is a finding."""
    edit, id, status = LEFT[case]
    cli.replace(databases / DEV, (databases / DEV).read_text(), edit((databases / DEV).read_text()))
    before = cli.snapshot(databases)

    done = upgrade(databases, "--where", "environment=dev", "--format", "json", status=status)

    assert _told(done) == {id} and cli.snapshot(databases) == before
    assert [each["file"] for each in json.loads(done.out)["data"]["left"]] == [DEV]


REPLICA = f'# A reader.\nmodule "replica" {{\n  source = {OLD_SOURCE}\n}}\n'


def test_a_further_call_in_another_file_is_left_alone_and_listed(databases: Path) -> None:
    """Only `main.tf` is moved; the rest of the stack is told until it calls that version, too."""
    replica = databases / DEV.replace("main.tf", "replica.tf")
    replica.write_text(REPLICA)

    first = upgrade(databases)
    again = upgrade(databases, "--where", "environment=dev", "--format", "json", status=0)

    told = "replica.tf:2: left alone: it calls rds 1.0.0, too; edit it by hand: modules/rds/1.1.0\n"
    assert f"warning: {DEV.replace('main.tf', told)}" in first.err and NEW_SOURCE in (databases / DEV).read_text()
    assert replica.read_text() == REPLICA and _told(again) == {"further-call"}
    assert [each["file"] for each in json.loads(again.out)["data"]["left"]] == [DEV.replace("main.tf", "replica.tf")]
    replica.write_text(REPLICA.replace(OLD_SOURCE, NEW_SOURCE))
    assert upgrade(databases, status=0).err == ""


def test_a_further_file_that_is_not_understood_is_listed(databases: Path) -> None:
    """It may call the module; one that does not name it is nobody's business."""
    (databases / DEV).with_name("replica.tf").write_text(REPLICA + "}\n")
    (databases / DEV).with_name("odd.tf").write_text("module }\n")
    (databases / DEV).with_name("other.tf").write_text('module "own" {\n  source = "../../../../modules/our/rds/1.0.0"\n}\n')

    told = upgrade(databases).err

    assert "replica.tf: left alone: it is not understood: a } closes nothing; see whether it calls modules/rds/1.1.0\n" in told
    assert "odd.tf" not in told and "other.tf" not in told


def test_an_override_is_no_guess(databases: Path) -> None:
    """Terraform lays it over `main.tf`, so what is called cannot be told from that alone."""
    (databases / DEV).with_name("main_override.tf").write_text('module "rds" {\n  source = "./x"\n}\n')

    assert "main_override.tf may say otherwise" in upgrade(databases).err


def test_a_tombstone_is_left_out(databases: Path) -> None:
    """It calls nothing, and is about to go."""
    cli.must(databases, "account", "dev-ml", "--retire")
    tombstone = '# Managed by scaffold; run "scaffold sync". sha256:'
    done = cli.run(databases, "account", "dev-ml", "--retire", "--destroy", "rds-orders")
    assert (databases / DEV).read_text().startswith(tombstone), done

    refused = upgrade(databases, status=1)
    listed = json.loads(cli.must(databases, "outdated", "--format", "json").out)["data"]

    assert "no stack of rds matches environment=dev" in refused.err
    assert DEV.rpartition("/")[0] not in [row["stack"] for row in listed]


def test_a_release_with_other_bytes_is_refused(databases: Path) -> None:
    """A version never changes; line ends are a checkout's, and nothing else is."""
    folder = databases / "modules/rds/1.1.0"
    upgrade(databases)
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    upgrade(databases, "--where", "environment=prod")
    (folder / "key.tf").write_text("# other\n")
    before = cli.snapshot(databases)

    assert "modules/rds/1.1.0/key.tf: rds 1.1.0 is there with other bytes" in upgrade(databases, "--all", status=1).err
    (folder / "key.tf").unlink()
    (folder / "more.tf").write_text("# more\n")
    assert "modules/rds/1.1.0/more.tf" in upgrade(databases, "--all", status=1).err
    (folder / "more.tf").unlink()
    assert before.keys() - cli.snapshot(databases).keys() == {"modules/rds/1.1.0/key.tf"}


def test_a_version_that_is_only_in_the_repository_will_do(databases: Path) -> None:
    """Sideways, or back; one that is nowhere is refused with those that are somewhere."""
    shutil.copytree(databases / "modules/rds/1.0.0", databases / "modules/rds/0.9.0")

    assert "1.0.0 to 0.9.0 goes back" in upgrade(databases, to="0.9.0", status=0).err
    assert "modules/rds/0.9.0" in (databases / DEV).read_text()
    assert "expected one of 0.9.0, 1.0.0, 1.1.0" in upgrade(databases, to="7", status=1).err


@pytest.mark.parametrize("to", ["../../../outside", "1.0.0/../../../../outside", "1.0.0-/../../../../outside", ".", ""])
def test_a_version_that_is_a_path_is_refused_before_anything_is_read_there(
    to: str, databases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names a folder of modules/rds, and nothing else of this computer."""
    (databases.parent / "outside").mkdir()
    (databases.parent / "outside/main.tf").write_text("")
    listed, listing = list[str](), WorkTree.list

    def seen(tree: WorkTree, directory: str) -> Listing:
        listed.append(directory)
        return listing(tree, directory)

    monkeypatch.setattr(WorkTree, "list", seen)

    refused = upgrade(databases, "--all", "--check", to=to, status=1)

    assert f'there is no version "{to}" of rds; expected one of 1.0.0, 1.1.0' in refused.err
    assert "modules/rds" in listed and f"modules/rds/{to}" not in listed


def test_what_a_stack_gives_and_takes_too_much_is_named(databases: Path) -> None:
    """An argument and an output that the new version has no more, each with its file."""
    folder = databases / "skeletons/rds/module"
    cli.replace(folder / "variables.tf", 'variable "multi_az"', 'variable "standby"')
    outputs = (folder / "outputs.tf").read_text()
    name = outputs.partition('output "')[2].partition('"')[0]
    cli.replace(folder / "outputs.tf", f'output "{name}"', 'output "renamed"')

    done = upgrade(databases, "--where", "environment=dev", "--format", "json")

    told = {problem["id"]: (problem["file"], problem["value"]) for problem in json.loads(done.out)["problems"]}
    assert told == {
        "missing-argument": (DEV, "cost_center, standby"),
        "unknown-argument": (DEV, "multi_az"),
        "lost-output": (DEV.replace("main.tf", "outputs.tf"), name),
    }


def test_a_module_says_nothing_to_the_terminal(databases: Path) -> None:
    """A sequence that hides text would hide what a person is to look at; as data the difference is what it is."""
    variables = databases / "skeletons/rds/module/variables.tf"
    variables.write_text(f'{variables.read_text()}# \x1b[8m\nvariable "odd" {{\n  default = "\x1b[2K"\n}}\n')
    cli.replace(variables, "type    = bool\n  default = false", 'type    = bool\n  default = true == "\x1b[1A"')

    done = upgrade(databases, "--where", "environment=dev", "--check")
    (module,) = json.loads(upgrade(databases, "--check", "--all", "--format", "json").out)["data"]["module"]

    assert "\x1b" not in done.out and "\n+# \\x1b[8m\n" in done.out
    assert "\n+# \x1b[8m\n" in module["diff"]


INDEXES = ("", "[0]", "[*]", ".*", ".0", '["a"]', '["a]"]', "[each.key]", "[local.names[0]]", "[ var.x ]", "[\n    0\n  ]")


@pytest.mark.parametrize("index", INDEXES)
def test_an_output_that_is_gone_is_found_behind_an_index(index: str, databases: Path) -> None:
    """A module with count or for_each gives its outputs that way."""
    cli.replace(databases / "skeletons/rds/module/outputs.tf", 'output "address"', 'output "renamed"')
    outputs = databases / DEV.replace("main.tf", "outputs.tf")
    outputs.write_text(f"locals {{\n  x = [module.rds{index}.address, module.rds{index}.port, module.rds_two{index}.other]\n}}\n")

    done = upgrade(databases, "--where", "environment=dev", "--format", "json")

    assert [each["value"] for each in json.loads(done.out)["problems"] if each["id"] == "lost-output"] == ["address"]


def test_the_frame_and_what_has_no_module_cannot_be_upgraded(databases: Path) -> None:
    """There is nothing to call."""
    assert 'no skeleton "landing-zone"' in cli.run(databases, "upgrade", "landing-zone", "--to", "1.0.0", "--all").err


# Pairs


@pytest.fixture
def pairs(company: dict[str, bytes], tmp_path: Path) -> Path:
    """A company whose pairs call an older release of their module, which is in the repository."""
    root = cli.written(tmp_path / "company", company)
    shutil.copytree(root / "modules/peering/1.0.0", root / "modules/peering/0.9.0")
    for main in root.glob("peering/*/main.tf"):
        _, _, body = main.read_text().partition("\n")
        main.write_bytes(text_file(body.replace("modules/peering/1.0.0", "modules/peering/0.9.0")))
    cli.run(root, "sync", "--date", "2026-11-24")
    return root


def test_pairs_move_where_both_sides_match(pairs: Path) -> None:
    """And the managed file stays managed: sync has nothing to say of it, before and after."""
    mains = {path.parent.name: path for path in pairs.glob("peering/*/main.tf")}
    assert mains and all("peering/0.9.0" in path.read_text() for path in mains.values())

    done = cli.run(pairs, "upgrade", "peering", "--to", "1.0.0", "--where", "environment=prod", "--date", "2026-11-24")

    assert done.status == 0, done
    assert "peering/prod-pay--staging-pay/main.tf: not chosen: staging-pay does not match, and a pair is one piece" in done.err
    moved = {name for name, path in mains.items() if "peering/1.0.0" in path.read_text()}
    assert moved and moved == {name for name in mains if all(side.startswith("prod-") for side in name.split("--"))}
    assert cli.run(pairs, "sync", "--check", "--date", "2026-11-24").status == 0


def test_pairs_can_go_to_a_release_of_the_repository(pairs: Path) -> None:
    """Only the version moves then; and an edited file is a conflict that is left alone."""
    one, *_, edited = sorted(pairs.glob("peering/*/main.tf"))
    shutil.copytree(pairs / "modules/peering/0.9.0", pairs / "modules/peering/0.9.1")
    edited.write_text(edited.read_text() + "# ours\n")
    before = one.read_text(), edited.read_text()

    done = cli.run(pairs, "upgrade", "peering", "--to", "0.9.1", "--all", "--date", "2026-11-24")

    assert done.status == 2 and "left alone: this managed file was edited by hand" in done.err
    assert edited.read_text() == before[1]
    assert one.read_text().partition("\n")[2] == before[0].partition("\n")[2].replace("0.9.0", "0.9.1")
    rows = json.loads(cli.must(pairs, "outdated", "--format", "json").out)["data"]
    assert {row["version"] for row in rows if row["skeleton"] == "peering"} == {"0.9.0", "0.9.1"}
