"""Every rule of `scaffold lint` that is about a request, a change or the baseline, one case file each: the whole of stderr is golden."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from generator.organization.catalogue import GROUPS, RULES, Kind
from tests.cli import cases
from tests.support import cli
from tests.support.landing_zones import LandingZone

DAY = ("--date", "2026-11-24")
QUIET = 'lint: {rules: {no-lock: "off"}}\n'
POLICY = """\
version: 1
rules:
  - {id: production, effect: allow, within: {matchTags: {environment: prod}}, reason: production meets itself}
"""
NOT_HERE = {
    "blind-base": "cli/test_lint_rules.py",
    "mesh": "unit/peering/test_policy_lint.py",
    "lint-bound": "unit/peering/test_useless_rules.py",
    "waves": "unit/peering/test_plan_problems.py",
    "policy-in-doubt": "unit/peering/test_plan_problems.py",
    "stack-in-doubt": "unit/peering/test_plan.py",
    "other-end": "unit/peering/test_plan.py",
    "occupied": "unit/peering/test_plan.py",
    "account-not-active": "unit/peering/test_feasibility.py",
    "illegal-id": "unit/peering/test_feasibility.py",
    "other-partition": "unit/peering/test_feasibility.py",
    "ipv6-overlap": "unit/peering/test_feasibility.py",
    "route-quota": "unit/peering/test_feasibility.py",
}
"""Rules that need more than an edit to be broken, and where each is."""


@pytest.fixture(scope="module")
def quiet(populated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The accounts prod-ml, which AWS has, and dev-ml, which it has not yet; and nothing to say about them."""
    root = tmp_path_factory.mktemp("quiet") / "zone"
    shutil.copytree(populated, root)
    with (root / "scaffold.yaml").open("a") as file:
        file.write(QUIET)
    accounts = {
        "444455556666": {"name": "prod-ml", "email": "aws+prod-ml@acme.com", "reachable": False},
        "777788889999": {"name": "somebody", "email": "somebody@acme.com", "reachable": False},
    }
    _know(root, accounts)
    return root


@pytest.fixture(scope="module")
def grown(initialised: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Accounts with everything that a change could take away: a peering, customizations, a tag; committed."""
    root = tmp_path_factory.mktemp("grown") / "zone"
    shutil.copytree(initialised, root)
    with (root / "scaffold.yaml").open("a") as file:
        file.write(QUIET)
    cli.replace(root / "scaffold.yaml", "propagate: false}\n", 'propagate: false}\n  pci: {values: ["yes", "no"]}\n')
    (root / "peering/policy.yaml").write_text(POLICY)
    for name, number in (("prod-ml", 1), ("prod-app", 2)):
        cli.must(root, "account", name, "--owner", "ml-platform", "--tag", "pci=no", "--network", f"us-east-1=10.{number}.0.0/20")
    cli.must(root, "account", "prod-bare", "--owner", "ml-platform", "--without", "network", "--without", "ecr")
    folder = root / "aft-account-customizations"
    shutil.copytree(folder / "ACCOUNT_TEMPLATE", folder / "ml")
    (folder / "ml/terraform/queue.tf").write_text('resource "aws_sqs_queue" "this" {}\n')
    cli.replace(root / "aft-account-request/terraform/prod-app.tf", 'customizations_name = ""', 'customizations_name = "ml"')
    _know(root, {f"44445555666{number}": _live(name, number) for name, number in (("prod-ml", 1), ("prod-app", 2))})
    cli.run(root, "sync")
    cli.commit(root)
    return root


def _live(name: str, number: int) -> dict[str, object]:
    network = {
        "region": "us-east-1",
        "vpc_id": f"vpc-0123456{number}",
        "cidr_blocks": [f"10.{number}.0.0/20"],
        "ipv6_cidr_blocks": [],
        "route_table_ids": [f"rtb-0123456{number}"],
        "dns": True,
        "quotas": {"peerings": 50, "routes": 500},
        "used_elsewhere": {"peerings": 0, "routes": 0},
        "stale": False,
    }
    return {"name": name, "email": f"aws+{name}@acme.com", "networks": {name: network}}


def _know(root: Path, accounts: dict[str, dict[str, object]]) -> None:
    LandingZone(root).know(accounts)
    document = json.loads((root / "inventory.json").read_text())
    (root / "inventory.json").write_text(json.dumps(document, indent=2) + "\n")


def _compare(kind: str, name: str, done: cli.Outcome, shown: str, update: bool) -> None:
    golden = cases.GOLDEN / f"{kind}-{name}.txt"
    text = f"$ scaffold {shown}\n{done.err}status {done.status}\n"
    if update:
        golden.write_text(text)
    assert golden.read_text() == text


def _rule(name: str) -> str:
    """The rule that a case is about: its name begins with the rule's id."""
    return max((id for id in RULES if name == id or name.startswith(f"{id}-")), key=len)


def _ids(root: Path, *arguments: str) -> set[str]:
    return {problem["id"] for problem in json.loads(cli.run(root, "lint", *arguments, "--format", "json").out)["problems"]}


def test_the_zone_of_the_cases_has_nothing_to_say(quiet: Path) -> None:
    """So whatever a case says, its edit says."""
    done = cli.run(quiet, "lint")

    assert (done.status, done.err) == (0, "")


@pytest.mark.parametrize("name", cases.names("lint"))
def test_a_broken_rule_says_where_and_what_to_do(name: str, quiet: Path, tmp_path: Path, update_golden: bool) -> None:
    """One thing of a good landing zone is otherwise; the rule of the case is told, at the severity of the catalogue."""
    root = Path(shutil.copytree(quiet, tmp_path / "zone"))
    cases.apply(root, "lint", name)

    done, document = cli.run(root, "lint"), json.loads(cli.run(root, "lint", "--format", "json").out)

    _compare("lint", name, done, "lint", update_golden)
    found = {problem["id"]: problem["severity"] for problem in document["problems"]}
    assert found[_rule(name)] == RULES[_rule(name)].severity.value


def test_the_grown_zone_is_silent_beside_its_base(grown: Path) -> None:
    """A change that changes nothing causes nothing."""
    assert _ids(grown, "--base", "HEAD") == _ids(grown) == set()


@pytest.mark.parametrize("name", cases.names("change"))
def test_a_change_that_cannot_be_undone_says_so(name: str, grown: Path, tmp_path: Path, update_golden: bool) -> None:
    """Compared with its base, and only so: without one the rule has nothing to compare."""
    root = Path(shutil.copytree(grown, tmp_path / "zone"))
    if name in cases.names("base"):
        cases.apply(root, "base", name)
        cli.commit(root)
    cases.apply(root, "change", name)

    done = cli.run(root, "lint", "--base", "HEAD")

    _compare("change", name, done, "lint --base HEAD", update_golden)
    assert _rule(name) in _ids(root, "--base", "HEAD") - _ids(root)


@pytest.mark.parametrize("name", cases.names("grown"))
def test_a_broken_rule_of_stacks_policies_and_files_says_so(name: str, grown: Path, tmp_path: Path, update_golden: bool) -> None:
    """One thing of a landing zone with stacks and a peering is otherwise."""
    root = Path(shutil.copytree(grown, tmp_path / "zone"))
    cases.apply(root, "grown", name)

    done = cli.run(root, "lint", *DAY)

    _compare("grown", name, done, "lint", update_golden)
    assert _rule(name) in _ids(root, *DAY)


def test_a_base_that_cannot_be_read_is_said(quiet: Path, tmp_path: Path) -> None:
    """The change that repairs it must be able to pass; what it takes away nobody sees."""
    root = Path(shutil.copytree(quiet, tmp_path / "zone"))
    conventions = (root / "scaffold.yaml").read_text()
    (root / "scaffold.yaml").write_text("version: 1\n")
    cli.commit(root)
    (root / "scaffold.yaml").write_text(conventions)

    done = cli.run(root, "lint", "--base", "HEAD")

    assert (done.status, done.err) == (
        0,
        "warning: HEAD has no conventions and policy that can be read, so what was there before is not known;"
        " look yourself for stacks that are deleted, and for values that can never change\n",
    )


def test_every_rule_has_a_case() -> None:
    """Its words are golden; the rules of the command itself (no git, no disk) are those of every command."""
    wanted = {rule.id for name, group in GROUPS.items() for rule in group if name != "Files and the command itself"}
    there = {_rule(name) for kind in ("lint", "change", "grown") for name in cases.names(kind)}

    assert sorted(wanted - there - set(NOT_HERE)) == [] and not there & set(NOT_HERE)
    assert all((cli.REPOSITORY / "tests" / module).is_file() for module in NOT_HERE.values())


@pytest.mark.parametrize("id", RULES)
def test_every_rule_is_explained(id: str, tmp_path: Path) -> None:
    """In words and as data, and without a landing zone."""
    text, document = (
        cli.must(tmp_path, "lint", "--explain", id),
        json.loads(cli.must(tmp_path, "lint", "--explain", id, "--format", "json").out),
    )

    rule = RULES[id]
    assert all(part in text.out for part in (id, rule.why, rule.remedy, rule.source, rule.severity.value))
    assert document["data"] == {
        "id": id,
        "severity": rule.severity.value,
        "kind": rule.kind.value,
        "source": rule.source,
        "why": rule.why,
        "remedy": rule.remedy,
    }


def test_a_rule_that_is_none_gets_the_nearest(tmp_path: Path) -> None:
    """And the list that has them all."""
    done, listed = cli.run(tmp_path, "lint", "--explain", "same-emial"), cli.must(tmp_path, "lint", "--rules")

    assert done.status == 1 and 'did you mean "same-email"?' in done.err and "--rules" in done.err
    assert all(id in listed.out for id in RULES)


@pytest.mark.parametrize(
    ("level", "status", "word"), [("off", 0, None), ("note", 0, "note: "), ("warning", 0, "warning: "), ("error", 2, "error: ")]
)
def test_advice_has_the_severity_that_the_organization_chooses(
    level: str, status: int, word: str | None, quiet: Path, tmp_path: Path
) -> None:
    """From off to error."""
    root = Path(shutil.copytree(quiet, tmp_path / "zone"))
    cases.apply(root, "lint", "unread-file")
    cli.replace(root / "scaffold.yaml", QUIET, f'lint: {{rules: {{no-lock: "off", unread-file: "{level}"}}}}\n')

    done = cli.run(root, "lint")

    assert done.status == status and (done.err.startswith(word) if word else not done.err)


def test_what_could_not_be_read_stays_incomplete_whatever_is_chosen(quiet: Path, tmp_path: Path) -> None:
    """Only advice can be chosen, and no advice is ever incomplete: the file beside it still gives status 3."""
    root = Path(shutil.copytree(quiet, tmp_path / "zone"))
    (root / "aft-account-request/terraform/broken.tf").write_text('module "broken" {\n')
    off = ", ".join(f'{rule.id}: "off"' for rule in RULES.values() if rule.kind is Kind.ADVICE)
    cli.replace(root / "scaffold.yaml", QUIET, f"lint: {{rules: {{{off}}}}}\n")

    assert cli.run(root, "lint").status == 3
