"""`scaffold peering plan` and `explain`: what is decided about pairs, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.accounts.model import FOLDER
from tests.support import cli
from tests.support.cli import written
from tests.support.peered import POLICY_FILE


@pytest.fixture
def zone(company: Mapping[str, bytes], tmp_path: Path) -> Path:
    """The company on the disk, after sync."""
    return written(tmp_path / "zone", company)


def _data(done: cli.Outcome) -> Any:
    return json.loads(done.out)["data"]


def test_the_plan_as_data(zone: Path) -> None:
    """The documented form: every network, the pairs worth naming in order, and how many are denied."""
    data = _data(cli.must(zone, "peering", "plan", "--format", "json"))

    assert data["networks"] == ["dev-hub", "dev-ml", "dev-web", "prod-hub", "prod-ml", "prod-pay", "staging-pay"]
    assert [(pair["a"], pair["b"]) for pair in data["pairs"]] == [
        ("dev-hub", "dev-ml"), ("dev-hub", "dev-web"), ("prod-hub", "prod-ml"), ("prod-hub", "prod-pay"), ("prod-pay", "staging-pay"),
    ]  # fmt: skip
    assert data["denied"] == 16 and data["undetermined"] == 0
    first = data["pairs"][0]
    assert {key: first[key] for key in ("decision", "rules", "proposed", "feasible", "refusals", "action", "stack")} == {
        "decision": "allow", "rules": ["vpn-reaches-its-environment"], "proposed": False, "feasible": True, "refusals": [],
        "action": "keep", "stack": "live",
    }  # fmt: skip


def test_all_lists_every_pair(zone: Path) -> None:
    """Denied ones too, each once, in order."""
    data = _data(cli.must(zone, "peering", "plan", "--all", "--format", "json"))
    names = [(pair["a"], pair["b"]) for pair in data["pairs"]]

    assert len(names) == 21 == len(set(names)) and names == sorted(names) and all(a < b for a, b in names)
    assert sum(pair["decision"] == "deny" for pair in data["pairs"]) == data["denied"]


EXPLAINED = """\
prod-ml -- dev-ml   DENY
  by        production-meets-only-production   peering/policy.yaml:16   customer data stays in production
    between   environment In prod     prod-ml  prod  true
    and       environment NotIn prod  dev-ml   dev   true
    unless    1 exception, about another pair
  overrides allow same-owner                   peering/policy.yaml:10
"""


def test_a_denied_pair_is_explained(zone: Path) -> None:
    """Rule, place and reason; each requirement with the value seen; what it overrides; and what would flip it."""
    out = cli.must(zone, "peering", "explain", "prod-ml", "dev-ml").out

    assert out.startswith(EXPLAINED)
    rest = out[len(EXPLAINED) :].splitlines()
    assert rest[0].startswith("  would flip an exception for this pair; or ")
    assert "dev-ml environment=prod, which also connects 1 more network and disconnects 1 network" in rest[0]
    assert rest[1:] == [
        "  feasible  yes: ranges disjoint, 1 and 1 of 50 peerings",
        "  not judged transit gateways, PrivateLink, security groups",
    ]


def test_what_would_flip_a_pair_does_flip_it(zone: Path) -> None:
    """Every change that an explanation offers is tried, and connects as many more as it said."""
    data = _data(cli.must(zone, "peering", "explain", "prod-ml", "dev-ml", "--format", "json"))

    assert data["would_flip"]
    for flip in data["would_flip"]:
        cli.commit(zone)
        cli.must(zone, "account", flip["network"], "--tag", f"{flip['tag']}={flip['value']}")
        explained = _data(cli.must(zone, "peering", "explain", "prod-ml", "dev-ml", "--format", "json"))
        changes = _data(cli.must(zone, "peering", "plan", "--base", "HEAD", "--format", "json"))["changes"]
        assert explained["decision"] == "allow"
        assert len(changes["connect"]) - 1 == flip["connects"] and len(changes.get("disconnect", [])) == flip["disconnects"]
        cli.git(zone, "reset", "--quiet", "--hard")
        cli.git(zone, "clean", "--quiet", "-fd")


def test_an_exception_ends_on_its_day(zone: Path) -> None:
    """Its last day is valid; the day after the pair is taken down."""
    last = _data(cli.must(zone, "peering", "plan", "--date", "2026-12-31", "--format", "json"))
    after = _data(cli.must(zone, "peering", "plan", "--date", "2027-01-01", "--format", "json"))

    assert {f"{pair['a']}--{pair['b']}": pair["action"] for pair in last["pairs"]}["prod-pay--staging-pay"] == "keep"
    assert {f"{pair['a']}--{pair['b']}": pair["action"] for pair in after["pairs"]}["prod-pay--staging-pay"] == "tombstone"


@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-30", "tomorrow", "2026-1-1"])
def test_a_day_that_is_none(day: str, zone: Path) -> None:
    """A wrong date is wrong usage: it must not decide what has expired."""
    done = cli.run(zone, "peering", "plan", "--date", day)

    assert done.status == 64 and day in done.err


def test_a_name_that_may_have_been_unread_gets_the_nearest_too(zone: Path) -> None:
    """It is not said to be wrong; a letter too many is still what it is most often."""
    (zone / "aft-account-request/terraform/broken.tf").write_text("oops {")

    assert 'not everything could be. Did you mean "prod-ml"?\n' in cli.run(zone, "peering", "explain", "prod-mll", "dev-ml").out
    assert 'not everything could be. Did you mean "prod-ml"?\n' in cli.run(zone, "status", "prod-mll").out


def test_an_account_without_a_network_is_said_to_have_none(zone: Path) -> None:
    """It is there: the reader would look for a typo that is none."""
    cli.must(zone, "account", "prod-bare", "--owner", "web")
    cli.replace(zone / "aft-account-request/terraform/prod-bare.tf", '"vpc_cidr"', '"other"')

    done = cli.run(zone, "peering", "explain", "prod-bare", "dev-ml")
    assert "prod-bare is an account that declares no network; scaffold account prod-bare --network REGION declares one" in done.err


def test_names_that_are_none(zone: Path) -> None:
    """An unknown network gets the nearest; both are told at once; one network is no pair."""
    wrong, same = cli.run(zone, "peering", "explain", "prod-mll", "nobody"), cli.run(zone, "peering", "explain", "prod-ml", "prod-ml")

    assert wrong.status == same.status == 1
    assert 'there is no network "prod-mll"; did you mean "prod-ml"?' in wrong.err and 'there is no network "nobody"' in wrong.err
    assert "prod-ml is given twice" in same.err


def test_markdown_names_everything(zone: Path) -> None:
    """Both accounts, ranges, the deciding rule and tags, for a comment on the pull request."""
    out = cli.must(zone, "peering", "plan", "--format", "markdown").out
    (row,) = [line for line in out.splitlines() if line.startswith("| prod-hub -- prod-ml |")]

    for word in ("vpn-reaches-its-environment", "10.0.0.0/20", "10.0.16.0/20", "environment=prod", "tier=vpn", "tier=app", "us-east-1"):
        assert word in row
    assert "security groups still decide" in out


@pytest.mark.parametrize("call", [("pull",), ("accounts",), ("status", "prod-ml"), ("skeletons",)])
def test_what_judges_no_pair_needs_no_policy(call: tuple[str, ...], zone: Path) -> None:
    """A broken policy does not keep anybody from looking, nor from learning what AWS has."""
    (zone / POLICY_FILE).write_text("rules: [")

    assert "peering/policy.yaml" not in cli.run(zone, *call).err


def test_what_would_keep_a_retiring_account(zone: Path) -> None:
    """The field alone denies what the policy allows; where the policy denies it too, taking the field away is no way."""
    cli.replace(zone / FOLDER / "prod-ml.tf", "  custom_fields = {\n", '  custom_fields = {\n    "retiring" = "true"\n')

    allowed = cli.run(zone, "peering", "explain", "prod-hub", "prod-ml").out
    denied = cli.run(zone, "peering", "explain", "dev-hub", "prod-ml").out

    assert f"would flip prod-ml without retiring ({FOLDER}/prod-ml.tf)" in allowed
    assert "without retiring" not in denied
