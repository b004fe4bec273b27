"""The files of a pair's stack: what is lost, emptied, half done or added is said, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from generator.accounts.model import FOLDER
from tests.support import cli
from tests.support.cli import written


@pytest.fixture
def zone(company: Mapping[str, bytes], tmp_path: Path) -> Path:
    """The company on the disk, after sync."""
    return written(tmp_path / "zone", company)


def test_a_stack_that_lost_its_main_is_said(zone: Path) -> None:
    """The next plan would destroy the peering: lint says so, and sync does not guess which release of the module it called."""
    main = zone / "peering/prod-hub--prod-ml/main.tf"
    main.unlink()

    lint, sync = cli.run(zone, "lint"), cli.run(zone, "sync")

    assert lint.status == 2 and "this peering is not declared any more" in lint.err
    assert sync.status == 2 and "which one it called cannot be told" in sync.err
    assert not main.exists()


def test_a_stack_that_lost_its_data_keeps_its_sides(zone: Path) -> None:
    """Which side requested is known from the data file alone: written anew, the sides could be exchanged, and all be replaced."""
    data = zone / "peering/prod-hub--prod-ml/peering.tf.json"
    data.unlink()

    sync = cli.run(zone, "sync")

    assert sync.status == 2 and "restore the files of peering/prod-hub--prod-ml from git" in sync.err
    assert not data.exists()


def test_half_a_tombstone_is_completed(zone: Path) -> None:
    """Outputs that came back, by a merge say, name a module that is not called any more: Terraform fails there."""
    outputs = zone / "peering/prod-hub--prod-ml/outputs.tf"
    content = outputs.read_bytes()
    request = zone / "aft-account-request/terraform/prod-ml.tf"
    request.write_text(request.read_text().replace('"environment" = "prod"', '"environment" = "dev"'))
    assert cli.run(zone, "sync").status == 0 and not outputs.exists()
    outputs.write_bytes(content)

    again = cli.run(zone, "sync")

    assert again.status == 0 and not outputs.exists()


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("main.tf", "", "calls no module"),
        ("peering.tf.json", '{"locals": {}}', "says which networks are connected, and it is not what scaffold wrote"),
    ],
)
def test_an_emptied_stack_is_an_error(file: str, content: str, said: str, zone: Path) -> None:
    """A file without its header is somebody's; but a peering without its module or its data is not declared any more."""
    (zone / "peering/prod-hub--prod-ml" / file).write_text(content)

    done, lint = cli.run(zone, "sync"), cli.run(zone, "lint")

    assert done.status == lint.status == 2 and said in done.err and said in lint.err


def test_no_tombstone_without_data(zone: Path) -> None:
    """Its providers take the accounts from the data file: without it nothing could be destroyed."""
    (zone / "peering/prod-hub--prod-ml/peering.tf.json").unlink()
    cli.replace(zone / FOLDER / "prod-ml.tf", '"environment" = "prod"\n    "owner"', '"environment" = "dev"\n    "owner"')

    done = cli.run(zone, "sync")

    assert done.status == 2 and "its data cannot be read, so it is not taken down" in done.err
    assert "Tombstone" not in (zone / "peering/prod-hub--prod-ml/main.tf").read_text()


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        (
            "main_override.tf",
            'module "peering" {\n  count = 0\n}\n',
            "main_override.tf: Terraform reads this file, and it is none of a peering's",
        ),
        ("x.tofu", "", "x.tofu: Terraform reads this file"),
        (
            "main.tf",
            'module "peering" {\n  source = "../../modules/peering/1.0.0"\n  count = 0\n}\n',
            "main.tf: this file decides what is connected",
        ),
    ],
)
def test_a_file_that_changes_what_is_connected(path: str, content: str, said: str, zone: Path) -> None:
    """All of a peering's directory is managed: what else Terraform reads there is an error of every check."""
    (zone / "peering/prod-hub--prod-ml" / path).write_text(content)

    for call in (("lint",), ("sync", "--check"), ("peering", "plan")):
        done = cli.run(zone, *call)
        assert done.status == 2 and said in done.err


def test_a_note_beside_a_peering_is_nobodys_business(zone: Path) -> None:
    """The near twin: Terraform does not read it. A root module below one is named."""
    (zone / "peering/prod-hub--prod-ml/README.md").write_text("why")
    clean = cli.run(zone, "lint")
    (zone / "peering/prod-hub--prod-ml/sub").mkdir()
    (zone / "peering/prod-hub--prod-ml/sub/main.tf").write_text("locals {\n}\n")

    assert clean.status == 0 and "where no stack can be" not in clean.err
    assert "peering/prod-hub--prod-ml/sub: Terraform files where no stack can be: peerings are peering/A--B" in cli.run(zone, "lint").err
