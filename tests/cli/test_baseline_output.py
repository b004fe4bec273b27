"""What a command says of the baseline: AFT runs nothing in accounts that exist before somebody tells it to."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from generator.landing_zone.global_customizations import APART, DATA, FOLDER, STACK_SET
from tests.support import cli

LAST = "  ci: acme-scaffold-ci\n"
COMMAND = (
    "  aws stepfunctions start-execution --region us-east-1 --state-machine-arn "
    "arn:aws:states:us-east-1:222222222222:stateMachine:aft-invoke-customizations \\\n"
    '    --input \'{"include": [{"type": "all"}]}\'\n'
)


@pytest.fixture
def zone(tmp_path: Path) -> Path:
    """A new landing zone."""
    root = tmp_path / "zone"
    root.mkdir()
    cli.must(root, "init")
    return root


def say(root: Path, more: str) -> None:
    """Add lines to the end of `roles` in scaffold.yaml, or below it."""
    cli.replace(root / "scaffold.yaml", LAST, LAST + more)


def test_a_change_of_the_baseline_says_how_to_run_it(zone: Path) -> None:
    """The one file that differs, and the whole call."""
    say(zone, "baseline: {imdsv2: false}\n")

    done = cli.must(zone, "sync")

    assert f"{FOLDER}/{DATA}" in done.out
    assert done.out.endswith(COMMAND)


def test_what_is_no_change_of_the_baseline_says_nothing(zone: Path) -> None:
    """Neither an account, nor a sync that has nothing to do."""
    outs = [cli.must(zone, "account", "prod-ml", "--owner", "ml").out, cli.must(zone, "sync").out]

    assert not any("aft-invoke-customizations" in out for out in outs)


def test_a_change_of_bootstrap_says_who_applies_it(zone: Path) -> None:
    """Somebody, by hand: Atlantis plans neither root. A check only lists the files."""
    cli.replace(zone / "scaffold.yaml", LAST, LAST.replace("scaffold-ci", "ci"))
    said = "bootstrap/platform and bootstrap/management have changed, and nobody plans them: after the merge, terraform apply there by hand"

    assert said not in cli.run(zone, "sync", "--check").out
    assert said in cli.must(zone, "sync").out and said not in cli.must(zone, "sync").out


def test_bootstrap_that_changed_is_data_too(zone: Path) -> None:
    """The roots in the order in which they are applied."""
    cli.replace(zone / "scaffold.yaml", LAST, LAST.replace("scaffold-ci", "ci"))

    found = [json.loads(cli.must(zone, "sync", "--format", "json").out)["data"]["apply_by_hand"] for _ in range(2)]

    assert found == [["bootstrap/platform", "bootstrap/management"], []]


def test_the_same_as_data(zone: Path) -> None:
    """A script sends the input as it is; null where there is nothing to run."""
    say(zone, "baseline: {imdsv2: false}\n")
    machine = "arn:aws:states:us-east-1:222222222222:stateMachine:aft-invoke-customizations"

    found = [json.loads(cli.must(zone, "sync", "--format", "json").out)["data"]["invoke"] for _ in range(2)]

    assert found == [{"state_machine_arn": machine, "input": {"include": [{"type": "all"}]}}, None]


def test_a_check_says_it_only_as_data(zone: Path) -> None:
    """Nothing is written, so there is nothing to run yet."""
    say(zone, "baseline: {imdsv2: false}\n")

    done = cli.run(zone, "sync", "--check")

    assert (done.status, "aft-invoke-customizations" in done.out) == (2, False)


def test_another_repository_is_told_and_not_written_to(zone: Path) -> None:
    """Its folder stays as it is; the files stand in this repository, and the steps say where they go."""
    other = zone.parent / "global"
    (other / "terraform").mkdir(parents=True)
    (other / "terraform/main.tf").write_text("# theirs\n")
    say(zone, "paths: {global_customizations: ../global}\n")

    done = cli.must(zone, "sync")

    assert cli.snapshot(other) == {"terraform/main.tf": b"# theirs\n"}
    assert (zone / APART / DATA).is_file()
    assert f"  - copy {APART}/scaffold-* into ../global/terraform, and merge that there too\n{COMMAND}" in done.out


def test_a_repository_of_requests_only_is_told_where_the_files_go(zone: Path) -> None:
    """AFT's frame is elsewhere, and so is what it applies."""
    shutil.rmtree(zone / "aft-global-customizations")

    done = cli.must(zone, "sync")

    assert (zone / APART / DATA).is_file() and not (zone / FOLDER).exists()
    assert f"  - copy {APART}/scaffold-* into terraform/ of the repository that AFT reads, beside its two .jinja files" in done.out


def test_a_repository_that_is_older_gets_all_of_it(zone: Path) -> None:
    """Its frame is there, and nothing of the baseline yet; a check says so, and lint has nothing to say."""
    for path in (*(zone / FOLDER).glob("scaffold-*"), zone / STACK_SET):
        path.unlink()

    checks = [cli.run(zone, "sync", "--check").status, cli.run(zone, "lint").status, cli.run(zone, "atlantis", "check").status]
    done = cli.must(zone, "sync")

    assert checks == [2, 0, 0]
    assert (zone / FOLDER / DATA).is_file() and (zone / STACK_SET).is_file() and done.out.endswith(COMMAND)


def test_an_edited_file_is_left_alone(zone: Path) -> None:
    """As every managed file: the rest is written, and the edit is a conflict."""
    edited = zone / FOLDER / "scaffold-roles.tf"
    edited.write_text(edited.read_text() + "# mine\n")
    say(zone, "baseline: {imdsv2: false}\n")

    done = cli.run(zone, "sync")

    assert (done.status, edited.read_text().endswith("# mine\n")) == (2, True)
    assert '"imdsv2": false' in (zone / FOLDER / DATA).read_text()


def test_people_keep_what_stands_beside(zone: Path) -> None:
    """Their files are neither read nor written."""
    theirs = zone / FOLDER / "main.tf"
    theirs.write_text("terraform {\n  required_providers {\n  }\n}\n")

    cli.must(zone, "sync")

    assert theirs.read_text() == "terraform {\n  required_providers {\n  }\n}\n"


def test_roles_of_others_take_the_template_away(zone: Path) -> None:
    """With `roles.create: false`."""
    assert (zone / STACK_SET).is_file()
    say(zone, "  create: false\n")

    cli.must(zone, "sync")

    assert not (zone / STACK_SET).exists()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('baseline: {ebs_encryption: "off"}\n', 'baseline.ebs_encryption is the text "off"'),
        ("baseline: {ebs: true}\n", 'the key "baseline.ebs" is unknown'),
        ("baseline: {budget: {monthly_usd: 0, email: a@b.c}}\n", "baseline.budget.monthly_usd is 0"),
        ("baseline: {budget: {monthly_usd: 5}}\n", 'the key "baseline.budget.email" is missing'),
        ('  external_id: "a b"\n', 'roles.external_id is "a b"'),
    ],
)
def test_wrong_values_are_refused(zone: Path, written: str, said: str) -> None:
    """Each with its line, and nothing is written."""
    say(zone, written)

    done = cli.run(zone, "sync")

    line = (zone / "scaffold.yaml").read_text().partition(written)[0].count("\n") + 1
    assert done.status == 1
    assert f"scaffold.yaml:{line}: {said}" in done.err
