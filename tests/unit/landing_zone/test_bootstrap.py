"""What of `bootstrap/` follows `scaffold.yaml`, and which landing zones have it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from generator.files import Kind, MemoryTree
from generator.hcl.managed import Ownership, ownership
from generator.landing_zone import bootstrap, dangers, lint, projects
from generator.landing_zone.bootstrap import DATA, MANAGEMENT, PLATFORM, REGIONS
from generator.landing_zone.desired import desired
from generator.repository.changes import compare
from generator.stacks.alerts import Alert, topic_arn
from tests.support.bootstrap import FOLDER as BOOTSTRAP
from tests.support.zones import files, organization, settled, zone

MANAGED = ("backend.tf", DATA, "versions.tf")
EVERY = {*(f"{root}/{name}" for root in (PLATFORM, MANAGEMENT) for name in MANAGED), f"{PLATFORM}/{REGIONS}"}
LOCK = "providers/.terraform.lock.hcl"
TOPIC = 'alerts: {critical: {secret_arn: "arn:aws:secretsmanager:us-east-1:333333333333:secret:pagerduty-AbCdEf"}}'


def _ours(content: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of the two root modules that `sync` keeps; the template beside them is the baseline's."""
    kept = desired(zone(content)).files.items()
    return {path: file.body for path, file in kept if path.startswith("bootstrap/") and not path.endswith(".yaml")}


def _facts(*replacements: tuple[str, str]) -> dict[str, Any]:
    """What the data file says, after replacements in `scaffold.yaml`."""
    found: dict[str, Any] = json.loads(bootstrap.data_file(organization(*replacements)))["locals"]["organization"]
    return found


def test_a_new_landing_zone_has_both_roots() -> None:
    """`init` has written what `sync` would."""
    content = files()

    assert set(_ours(content)) == EVERY
    assert all(ownership(path, body) is Ownership.INTACT for path, body in _ours(content).items())


def test_a_landing_zone_without_them_gets_nothing() -> None:
    """One that was made before: half a root module would be worse than none."""
    old = {path: body for path, body in files().items() if not path.startswith("bootstrap/") or path.endswith("README.md")}

    assert _ours(old) == {}


@pytest.mark.parametrize(("kept", "other"), [(PLATFORM, MANAGEMENT), (MANAGEMENT, PLATFORM)])
def test_each_root_stands_by_itself(kept: str, other: str) -> None:
    """Whoever has no use for one deletes it, and it does not come back."""
    content = {path: body for path, body in files().items() if not path.startswith(f"{other}/")}

    assert set(_ours(content)) == {path for path in EVERY if path.startswith(f"{kept}/")}


def test_the_lock_is_copied_once_there_is_one() -> None:
    """The same provider in the same version as everywhere, byte for byte."""
    content = settled(files(), desired(zone({**files(), LOCK: b"# lock\n"})))

    assert content[f"{PLATFORM}/.terraform.lock.hcl"] == content[f"{MANAGEMENT}/.terraform.lock.hcl"] == b"# lock\n"


def test_a_lock_that_lags_fails_nothing() -> None:
    """As in a stack: an update of the provider is one pull request, and what takes it over another."""
    content = settled(files(), desired(zone({**files(), LOCK: b"# lock\n"})))
    newer = {**content, LOCK: b"# newer\n"}

    changes = [change for change in compare(desired(zone(newer)), MemoryTree(newer)) if change.written]

    assert [change.path for change in changes] == [f"{root}/.terraform.lock.hcl" for root in (MANAGEMENT, PLATFORM)]
    assert all(change.lags and change.kind is Kind.COPY for change in changes)


def test_no_other_command_has_anything_to_say_of_them() -> None:
    """Neither is a project of Atlantis, a stray root module or a danger; they are applied by hand."""
    found = zone(settled(files(), desired(zone(files()))))
    said = [problem for problem in (*lint.lint(found), *dangers.dangers(found)) if (problem.file or "").startswith("bootstrap")]

    assert said == []
    assert not any(project.directory.startswith("bootstrap") for project in projects.projects(found))


def test_an_edited_file_is_left_alone() -> None:
    """As everywhere: whoever changed it is told."""
    edited = {**files(), f"{PLATFORM}/{REGIONS}": files()[f"{PLATFORM}/{REGIONS}"] + b"# ours\n"}

    assert settled(edited, desired(zone(edited)))[f"{PLATFORM}/{REGIONS}"].endswith(b"# ours\n")


def test_another_region_has_topics_of_its_own() -> None:
    """An alarm publishes within its region only: what scaffold.yaml names, alarms of its stacks publish to."""
    text = bootstrap.regions(organization())

    assert [line for line in text.splitlines() if line.startswith("module")] == [
        'module "alerts_eu_west_1" {',
        'module "alerts_us_east_1" {',
    ]
    assert '"eu-west-1" = module.alerts_eu_west_1.topic_arns' in text and "aws = aws.eu_west_1" in text


def test_the_topics_are_those_that_stacks_publish_to() -> None:
    """One name, said in one place."""
    topics = _facts()["topics"]

    assert topics == {"critical": "acme-critical", "notice": "acme-notice"}
    assert all(topic_arn(organization(), "us-east-1", alert).endswith(f":{topics[alert.value]}") for alert in Alert)


def test_the_data_says_what_scaffold_yaml_says() -> None:
    """Nothing of it is computed twice."""
    lock = ("kms_key: alias/terraform-state}", "lock_table: locks}")
    said = _facts(lock)

    assert said["state"] == {"bucket": "acme-terraform-state", "region": "us-east-1", "kms_key": None, "lock_table": "locks"}
    assert (said["id"], said["partition"], said["home_region"], said["regions"]) == (
        "o-a1b2c3d4e5",
        "aws",
        "us-east-1",
        ["eu-west-1", "us-east-1"],
    )
    assert said["roles"] == {
        "atlantis": "acme-atlantis",
        "atlantis_server": "acme-atlantis-server",
        "ci": "acme-scaffold-ci",
        "reader": "acme-reader",
    }
    assert said["accounts"] == {"management": "111111111111", "platform": "333333333333"}


def test_a_bill_is_split_by_tags_that_resources_carry() -> None:
    """`tier` does not reach them."""
    assert _facts()["cost_allocation_tags"] == ["environment", "owner"]


def test_only_a_topic_with_a_secret_has_a_subscriber() -> None:
    """None at first."""
    said = _facts(("stacks: [network, ecr]", f"stacks: [network, ecr]\n{TOPIC}"))

    assert _facts()["alerts"] == {}
    assert said["alerts"] == {"critical": "arn:aws:secretsmanager:us-east-1:333333333333:secret:pagerduty-AbCdEf"}


def test_the_readme_says_these_steps() -> None:
    """In this order."""
    readme = (BOOTSTRAP / "README.md").read_text()
    wanted = [
        "> local_override.tf",
        "terraform init\n",
        "terraform apply\n",
        "rm local_override.tf",
        "terraform init -migrate-state -force-copy",
        "terraform plan",
        "rm terraform.tfstate terraform.tfstate.backup",
    ]
    places = [readme.index(step) for step in wanted]

    assert places == sorted(places)
