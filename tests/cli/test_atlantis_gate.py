"""`scaffold atlantis check` and `summary`: what they say, of whom, and how long it may be."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from generator.accounts.model import FOLDER
from generator.atlantis import region
from generator.hcl.managed import text_file
from generator.landing_zone import gate
from generator.peering.existing import TOMBSTONE
from tests.support import cli, peered
from tests.support.peered import Account

PAIR = "peering/dev-hub--dev-ml"
GATE = (("lint",), ("atlantis", "check"), ("sync", "--check"))
"""What `gate.yml` lets a pull request fail for."""


@pytest.fixture
def zone(company: Mapping[str, bytes], tmp_path: Path) -> Path:
    """The company after sync, committed."""
    root = cli.written(tmp_path / "zone", company)
    cli.commit(root)
    return root


def _check(root: Path, *arguments: str) -> cli.Outcome:
    return cli.run(root, "atlantis", "check", *arguments)


def _unlist(root: Path, *names: str) -> None:
    (root / region.FILE).write_bytes(region.without((root / region.FILE).read_bytes(), names))


def test_what_is_in_order_has_no_problem(zone: Path) -> None:
    """With a base and without one."""
    for arguments in ((), ("--base", "HEAD")):
        done = _check(zone, *arguments)
        assert done.status == 0 and done.out == "5 projects checked: 0 errors, 0 warnings, 0 notes.\n" and not done.err


def test_a_region_that_is_not_current(zone: Path) -> None:
    """Each project that is not as sync would write it, with what is wrong with it."""
    _unlist(zone, PAIR)
    text = (zone / region.FILE).read_text().replace('"../../modules/peering/1.0.0"]', '"../../modules/peering/0.9.0"]', 1)
    (zone / region.FILE).write_text(text.replace("  # scaffold: end", "  - name: peering/x--y\n    dir: peering/x--y\n  # scaffold: end"))

    done = _check(zone)

    assert done.status == 2
    assert f"{PAIR} (not listed, so nobody plans it), peering/dev-hub--dev-web (listed otherwise)" in done.err
    assert "peering/x--y (listed, and not there); run scaffold sync" in done.err


def test_what_could_not_be_read_on_the_base_already_fails_no_other_change(zone: Path) -> None:
    """As in lint and sync --check: a request by somebody else's variable must not close the gate for good."""
    cli.replace(zone / FOLDER / "dev-web.tf", '"aws+dev-web@acme.com"', "var.mail")
    here = {command: cli.run(zone, *command, "--base", "HEAD").status for command in GATE}
    cli.commit(zone)

    assert here == dict.fromkeys(GATE, 3)
    assert {command: cli.run(zone, *command, "--base", "HEAD").status for command in GATE} == dict.fromkeys(GATE, 0)
    assert _check(zone).status == 3 and "warning: aft-account-request/terraform/dev-web.tf" in _check(zone, "--base", "HEAD").err


def test_what_the_base_lacks_already_is_a_warning(zone: Path) -> None:
    """And what this change lacks besides is an error."""
    _unlist(zone, PAIR)
    cli.commit(zone)
    old = _check(zone, "--base", "HEAD")
    _unlist(zone, "peering/prod-hub--prod-ml")

    new = _check(zone, "--base", "HEAD")

    assert old.status == 0 and f"warning: atlantis.yaml: on the base already, the region is not what sync writes: {PAIR}" in old.err
    assert new.status == 2 and "error: atlantis.yaml: the region is not what sync writes: peering/prod-hub--prod-ml" in new.err


def test_a_danger_on_the_base_is_a_warning(zone: Path) -> None:
    """Somebody else's program stops nobody's pull request; one of this change does."""
    (zone / PAIR / "id.tf").write_text('data "external" "id" {\n  program = ["id"]\n}\n')
    new = _check(zone, "--base", "HEAD")
    cli.commit(zone)

    old = _check(zone, "--base", "HEAD")

    assert new.status == 2 and f"error: {PAIR}/id.tf:1: data.external.id runs a program at every plan" in new.err
    assert old.status == 0 and f"warning: {PAIR}/id.tf:1: data.external.id" in old.err


@pytest.mark.parametrize(("limit", "value"), [("MOST_PROJECTS", 2), ("MOST_FILES", 4)])
def test_a_change_that_is_too_large(limit: str, value: int, zone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A warning with the waves to split it into; the same change below the limit is none."""
    cli.must(zone, "account", "dev-web", "--tag", "owner=ml")
    cli.must(zone, "account", "prod-pay", "--tag", "owner=ml")

    small = _check(zone, "--base", "HEAD")
    monkeypatch.setattr(gate, limit, value)
    large = _check(zone, "--base", "HEAD")

    assert small.status == 0 and "waves" not in small.err
    assert large.status == 0 and "plans 3 stacks" in large.err and "waves, each its own pull request: scaffold sync --only" in large.err


def test_a_summary_needs_a_base(zone: Path) -> None:
    """A change is one from something."""
    done = cli.run(zone, "atlantis", "summary")

    assert done.status == 64 and "--base REF" in done.err


def test_a_summary_stays_below_what_a_comment_holds(tmp_path: Path) -> None:
    """Hundreds of pairs at once: it is clipped, and says how much is missing."""
    accounts = [Account(f"prod-app{number:02}", "one") for number in range(34)]
    root = cli.written(tmp_path, peered.unsettled(accounts, peered.ALONE))
    cli.commit(root)
    cli.must(root, "sync")

    text = cli.must(root, "atlantis", "summary", "--base", "HEAD").out
    data = json.loads(cli.must(root, "atlantis", "summary", "--base", "HEAD", "--format", "json").out)["data"]

    assert len(data["pairs"]["connect"]) == len(data["planned"]) == 561
    assert 20_000 < len(text) < 60_000
    assert "pairs left out" in text and "To connect (561)" in text and "Planned (561): " in text and " more" in text


def test_a_value_cannot_speak_in_a_summary(zone: Path) -> None:
    """A tag is hostile: no mention, no HTML, no end of a line; and the requester's words are no part of it."""
    request = zone / FOLDER / "dev-web.tf"
    request.write_text(request.read_text().replace('"owner"       = "web"', '"owner"       = "@acme/all <img src=x> | \\n# done"'))

    out = cli.run(zone, "atlantis", "summary", "--base", "HEAD").out

    assert "<img" not in out and "@acme" not in out and "\n# done" not in out
    assert "&#60;img src=x&#62;" in out


def test_permanent_fields_are_marked(zone: Path) -> None:
    """What AFT never changes, and tags that stay on the account although the request says them no more."""
    request = zone / FOLDER / "dev-web.tf"
    request.write_text(request.read_text().replace("aws+dev-web@acme.com", "aws+other@acme.com").replace('    "tier"        = "app"\n', ""))

    out = cli.run(zone, "atlantis", "summary", "--base", "HEAD").out

    assert "<span>@</span>acme.com</code> (permanent: AFT refuses or ignores it)" in out
    assert "<code>app</code> → absent (AFT never untags: it stays on the account)" in out


def test_a_request_that_is_gone_and_one_that_cannot_be_read(zone: Path) -> None:
    """The first is removed, which closes nothing; of the second nothing is concluded."""
    (zone / FOLDER / "dev-web.tf").unlink()
    gone = cli.run(zone, "atlantis", "summary", "--base", "HEAD")
    (zone / FOLDER / "dev-web.tf").write_text("module {{{")

    unread = cli.run(zone, "atlantis", "summary", "--base", "HEAD")

    assert "- **dev-web** removed (" in gone.out and "AFT keeps the account and everything in it" in gone.out
    assert unread.status == 3 and "- **dev-web** cannot be read (" in unread.out and "so this is incomplete" in unread.out


FOREIGN = "  - name: dns\n    dir: live/dns\n  - name: rest\n    dir: live/r*\n"


@pytest.mark.parametrize(("kept", "status"), [(b'resource "aws_vpc" "a" {}\n', 2), (b"terraform {}\n", 0)], ids=["a resource", "emptied"])
def test_somebody_elses_directory_that_is_deleted(kept: bytes, status: int, zone: Path) -> None:
    """With its project, so that nothing matches any more: also one that a pattern stands for. Emptied before, it may go."""
    before = (zone / region.FILE).read_text()
    (zone / region.FILE).write_text(before.replace("projects:\n", f"projects:\n{FOREIGN}"))
    for name in ("dns", "rest"):
        (zone / "live" / name).mkdir(parents=True)
        (zone / "live" / name / "main.tf").write_bytes(kept)
    cli.commit(zone)
    for name in ("dns", "rest"):
        (zone / "live" / name / "main.tf").unlink()
    (zone / region.FILE).write_text(before)

    done = _check(zone, "--base", "HEAD")

    assert done.status == status
    assert all((f"live/{name}: this directory is deleted" in done.err) is (status == 2) for name in ("dns", "rest"))


@pytest.mark.parametrize(
    ("old", "new"), [("projects:\n", "emoji_reaction: |\n"), ("projects:\n", "projects: []\n---\nprojects:\n")], ids=["text", "document"]
)
def test_a_region_that_atlantis_does_not_read(old: str, new: str, zone: Path) -> None:
    """The two comments may stand anywhere; what counts is what Atlantis parses."""
    (zone / region.FILE).write_text((zone / region.FILE).read_text().replace(old, new))

    done = _check(zone)

    assert done.status == 2 and f"Atlantis reads no such projects, though the region lists them: {PAIR}, " in done.err


def test_files_outside_the_landing_zone_count(zone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GitHub lists 3,000 files of a change, whatever they are; what git ignores is none of them."""
    (zone / "docs").mkdir()
    (zone / ".gitignore").write_text("*.log\n")
    for number in range(6):
        (zone / f"docs/{number}.md").write_text("x")
        (zone / f"docs/{number}.log").write_text("x")
    monkeypatch.setattr(gate, "MOST_FILES", 6)

    done = _check(zone, "--base", "HEAD")

    assert done.status == 0 and "this change has 7 files and plans 0 stacks" in done.err


def test_a_long_value_hides_no_other_account(zone: Path) -> None:
    """Values are cut, and what is permanent comes first."""
    for name, old, new in (("dev-ml", '"vpc_cidr"', f'"note" = "{"x" * 9000}"\n    "vpc_cidr"'), ("prod-ml", "aws+prod-ml@", "aws+moved@")):
        request = zone / FOLDER / f"{name}.tf"
        request.write_text(request.read_text().replace(old, new))

    out = cli.run(zone, "atlantis", "summary", "--base", "HEAD").out

    assert out.index("**prod-ml** changed") < out.index("**dev-ml** changed") and "permanent" in out and "left out" not in out


def test_a_tombstone_that_nothing_denies(zone: Path) -> None:
    """Made by hand, or its reason is gone again: it would be applied, and nobody could say why."""
    (zone / PAIR / "main.tf").write_bytes(text_file(TOMBSTONE))
    (zone / PAIR / "outputs.tf").unlink()
    hand = _check(zone, "--base", "HEAD")
    cli.git(zone, "checkout", "--quiet", ".")
    cli.must(zone, "account", "dev-ml", "--tag", "environment=prod")

    denied = _check(zone, "--base", "HEAD")

    assert hand.status == 2 and f"{PAIR}: this change destroys the peering, and the policy does not deny it" in hand.err
    assert denied.status == 0


def test_a_branch_behind_its_base_is_asked_for_its_own_change(zone: Path) -> None:
    """What main got meanwhile is nothing that the branch took away."""
    cli.git(zone, "switch", "--quiet", "--create", "branch")
    cli.git(zone, "switch", "--quiet", "main")
    cli.must(zone, "account", "dev-web", "--tag", "owner=ml")
    cli.commit(zone)
    cli.git(zone, "switch", "--quiet", "branch")

    done = [cli.run(zone, *call, "--base", "main").status for call in (("lint",), ("atlantis", "check"), ("sync", "--check"))]

    assert done == [0, 0, 0]
    assert "Atlantis plans 0 stacks" in cli.must(zone, "atlantis", "summary", "--base", "main").out


def test_sync_names_what_it_takes_off_the_list(zone: Path) -> None:
    """A stack that was listed and is gone is not made anew: who requested it, and which release it called, nobody can tell."""
    shutil.rmtree(zone / PAIR)

    done = cli.run(zone, "sync")

    assert done.status == 2 and f"{PAIR}: it was listed, and is gone; what it managed stays unless it was destroyed" in done.err
    assert not (zone / PAIR).exists()


def test_an_emptied_stack_would_be_destroyed(zone: Path) -> None:
    """A main.tf that declares nothing is as good as none; one with a resource of theirs is their business."""
    cli.must(zone, "account", "prod-ml")
    stack = zone / "stacks/prod-ml/us-east-1/ecr"
    for name in ("main.tf", "outputs.tf"):
        (stack / name).write_text("")
    empty = cli.run(zone, "lint")
    (stack / "main.tf").write_text('resource "aws_ecr_repository" "x" {\n  name = "x"\n}\n')

    assert empty.status == 2 and "nothing is declared here any more: the next plan would destroy everything" in empty.err
    assert "nothing is declared" not in cli.run(zone, "lint").err


def test_a_file_that_atlantis_cannot_read_is_an_error_of_lint_and_sync(zone: Path) -> None:
    """A broken file plans nothing, whatever its region says."""
    (zone / region.FILE).write_text((zone / region.FILE).read_text() + "[\n")

    for call in ("lint", "sync"):
        done = cli.run(zone, call)
        assert done.status == 2 and "Atlantis reads no such projects" in done.err


def test_a_state_that_is_looked_for_elsewhere(zone: Path) -> None:
    """One letter in scaffold.yaml, or headers taken off for another key: all would be made once more, and every plan says so too late."""
    conventions = zone / "scaffold.yaml"
    content = conventions.read_text()
    conventions.write_text(content.replace("acme-terraform-state", "acme-terraform-stat"))
    cli.must(zone, "sync")
    all_of_them = _check(zone, "--base", "HEAD")
    cli.git(zone, "checkout", "--quiet", ".")
    for path in (zone / PAIR).glob("*.tf"):
        path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]).replace(f'"{PAIR}"', '"elsewhere"'))

    one = _check(zone, "--base", "HEAD")

    assert all_of_them.status == 2 and all_of_them.err.count("nothing moves it") == 5
    assert f"{PAIR}: its state was acme-terraform-state/{PAIR}, and is acme-terraform-stat/{PAIR} now" in all_of_them.err
    assert one.status == 2 and f"{PAIR}: its state was acme-terraform-state/{PAIR}, and is acme-terraform-state/elsewhere now" in one.err


@pytest.mark.parametrize("call", [("lint",), ("atlantis", "check")])
def test_a_base_that_cannot_be_read_is_no_clean_one(call: tuple[str, ...], company: Mapping[str, bytes], tmp_path: Path) -> None:
    """What the change took away is not seen then, and that is said."""
    root = cli.written(tmp_path, {path: content for path, content in company.items() if path != "scaffold.yaml"})
    cli.commit(root)
    (root / "scaffold.yaml").write_bytes(company["scaffold.yaml"])
    shutil.rmtree(root / PAIR)

    assert "warning: HEAD has no conventions and policy that can be read" in cli.run(root, *call, "--base", "HEAD").err
