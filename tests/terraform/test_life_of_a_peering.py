"""Two peerings from a tag to the directories that are deleted: real git, real Terraform, a server that answers as AWS.

The commands tell one story, each fixture a chapter of it; the tests look at what a chapter left. Both pairs are planned and
applied at once, as Atlantis does: prod-hub meets the home network of prod-ml, and its network in another region.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support import cli, moto_server, terraform
from tests.support.aws import Aws
from tests.support.landing_zones import LandingZone
from tests.support.peering import Side, pair
from tests.support.peering_company import (
    BUCKET,
    CALLING,
    NEAR,
    PAIRS,
    REQUEST,
    STACK,
    Chapter,
    Company,
    Doubt,
    Planned,
    Pruned,
    Seen,
    requested,
    vended,
)

pytestmark = pytest.mark.terraform

each_pair = pytest.mark.parametrize("name", PAIRS, ids=["one region", "two regions"])


@pytest.fixture(scope="module")
def company(tf_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Two accounts, requested and vended, with networks as their stacks would have made them.

    The server is these tests' own: an organization is founded once.
    """
    folder = tmp_path_factory.mktemp("peering")
    with moto_server.running() as url, pytest.MonkeyPatch.context() as patch:
        env = {**tf_env, "AWS_ENDPOINT_URL": url}
        for name, value in env.items():
            if name.startswith("AWS_"):
                patch.setenv(name, value)
        aws = Aws(url)
        zone = requested(folder / "zone", env)
        yield Company(aws, zone, vended(aws), env, folder)


@pytest.fixture(scope="module")
def written(company: Company) -> frozenset[str]:
    """The first chapter, in git only: `pull` and `sync`; the paths they changed."""
    company.zone.run("pull")
    company.zone.run("sync")
    return company.merge()


@pytest.fixture(scope="module")
def connected(company: Company, written: frozenset[str]) -> Chapter:
    """What was written is applied."""
    company.each(lambda name: company.terraform(name, "init", "-no-color").check())
    return Chapter("", written, company.plan(), company.apply())


@pytest.fixture(scope="module")
def second(company: Company, connected: Chapter) -> dict[str, Planned]:
    """A second plan of what was applied."""
    return company.plan()


@pytest.fixture(scope="module")
def ended(company: Company, second: Mapping[str, Planned]) -> tuple[Chapter, Pruned]:
    """A tag takes both pairs down; `prune` is tried before and after the tombstones are applied."""
    said = company.zone.run("account", NEAR, "--tag", "environment=dev").out
    company.zone.run("sync", "--check")
    changed, plans = company.merge(), company.plan()
    clone = company.folder / "clone"
    cli.git(company.folder, "clone", "--quiet", str(company.zone.root), str(clone))
    too_early = prune(clone)
    shown = company.apply()
    return Chapter(said, changed, plans, shown), Pruned(clone, too_early, prune(clone))


def prune(root: Path) -> Mapping[str, Any]:
    """What `prune` answers, judging by AWS as it is."""
    answer: Mapping[str, Any] = json.loads(cli.run(root, "peering", "prune", "--base", "HEAD", "--format", "json").out)
    return answer


@pytest.fixture(scope="module")
def disconnected(ended: tuple[Chapter, Pruned]) -> Chapter:
    """The chapter in which a tag takes both pairs down."""
    return ended[0]


@pytest.fixture(scope="module")
def pruned(ended: tuple[Chapter, Pruned]) -> Pruned:
    """The chapter's clone, in which the directories are deleted."""
    return ended[1]


@pytest.fixture(scope="module")
def returned(company: Company, disconnected: Chapter) -> tuple[str, dict[str, cli.Outcome]]:
    """The tag comes back: what the command said, and what is said now of the plans that were made before."""
    said = company.zone.run("account", NEAR, "--tag", "environment=prod").out
    return said, {name: company.verify(name) for name in PAIRS}


@pytest.fixture(scope="module")
def again(company: Company, returned: tuple[str, Mapping[str, cli.Outcome]]) -> Chapter:
    """Both pairs are connected again, by the directories that had been tombstones."""
    return Chapter(returned[0], company.merge(), company.plan(), company.apply())


@pytest.fixture(scope="module")
def doubts(company: Company, again: Chapter) -> tuple[dict[str, Doubt], dict[str, Planned]]:
    """`sync` after each loss; and, while the last one lasts, a plan."""
    found: dict[str, Doubt] = {}
    for harm, (lose, _) in HARMS.items():
        cli.git(company.zone.root, "checkout", "--quiet", "--", ".")
        lose(company.zone)
        before = stacks(company.zone)
        found[harm] = Doubt(cli.run(company.zone.root, "sync"), before, stacks(company.zone))
    return found, company.plan()


def stacks(zone: LandingZone) -> dict[str, bytes]:
    """Every file of both pairs, Terraform's own left out."""
    return {path: content for path, content in cli.snapshot(zone.root / "peering").items() if "/.terraform/" not in path}


def forget_account(zone: LandingZone) -> None:
    """Delete prod-ml from the inventory."""
    known = zone.data("inventory.json")
    del known["accounts"][zone.inventory()[NEAR]["id"]]
    (zone.root / "inventory.json").write_text(json.dumps(known))


def forget_networks(zone: LandingZone) -> None:
    """Delete the networks of prod-ml from the inventory."""
    known = zone.data("inventory.json")
    known["accounts"][zone.inventory()[NEAR]["id"]]["networks"] = {}
    (zone.root / "inventory.json").write_text(json.dumps(known))


def compute_environment(zone: LandingZone) -> None:
    """A request whose environment nobody can tell without Terraform."""
    request = zone.root / REQUEST
    request.write_text(request.read_text().replace('= "prod"', "= var.environment"))


def break_request(zone: LandingZone) -> None:
    """A request that ends in the middle."""
    request = zone.root / REQUEST
    request.write_text(request.read_text()[:-40])


# What is lost -> how, and the status of `sync`. The last one is a request that is broken.
HARMS: Mapping[str, tuple[Callable[[LandingZone], None], int]] = {
    "the account's inventory": (forget_account, 2),
    "the networks' inventory": (forget_networks, 2),
    "the inventory": (lambda zone: (zone.root / "inventory.json").unlink(), 2),
    "the request": (lambda zone: (zone.root / REQUEST).unlink(), 2),
    "the policy": (lambda zone: (zone.root / "peering/policy.yaml").unlink(), 1),
    "the environment": (compute_environment, 3),
    "the request's end": (break_request, 3),
}


def routes(own: Side, peer: Side) -> dict[str, str]:
    """All routes that one side needs, each of them active; IPv6 crosses a peering only where both sides have it."""
    ranges = [*peer["cidr_blocks"], *(peer["ipv6_cidr_blocks"] if own["ipv6_cidr_blocks"] else ())]
    return {f"{table}|{range}": "active" for table in own["route_table_ids"] for range in ranges}


def test_sync_writes_the_directories_of_exactly_these_pairs(written: frozenset[str]) -> None:
    """The two networks of prod-ml never meet each other; the module comes along; nothing but data changes elsewhere."""
    module = {path for path in written if path.startswith("modules/peering/1.0.0/")}
    others = {path for path in written - module if not path.startswith("peering/")}

    assert written - module - others == {f"peering/{name}/{file}" for name in PAIRS for file in STACK}
    assert len(module) == 7
    assert {path.rsplit("/", 1)[-1] for path in others} == {"inventory.json", "account.tf.json", "atlantis.yaml"}


@each_pair
def test_the_data_is_what_aws_has(company: Company, written: frozenset[str], name: str) -> None:
    """Every range, and the tagged tables only; the name that sorts first requests."""
    one, other = PAIRS[name]
    wanted = pair(company.networks[one], company.networks[other])

    assert company.zone.data(f"peering/{name}/peering.tf.json")["locals"] == wanted["locals"]


def test_what_was_written_is_clean(company: Company, written: frozenset[str]) -> None:
    """The gate of the pull request has nothing to say, and neither has the formatter."""
    linted = company.zone.run("lint")
    formatted = terraform.run(["fmt", "-check", "-diff", "-recursive"], company.zone.root, company.env)

    assert (linted.out, linted.err) == ("2 accounts checked: 0 errors, 0 warnings, 0 notes.\n", "")
    assert (formatted.status, formatted.stdout, formatted.stderr) == (0, "", "")
    company.zone.run("sync", "--check")


@each_pair
def test_the_directory_validates_without_a_diagnostic(
    company: Company, connected: Chapter, validate_env: dict[str, str], name: str
) -> None:
    """As it lies there, with the dependency lock that was copied into it."""
    root = company.zone.root

    assert terraform.validate_json(root / "peering" / name, validate_env) == []
    assert (root / "peering" / name / ".terraform.lock.hcl").read_bytes() == (root / "providers/.terraform.lock.hcl").read_bytes()


def test_state_and_locks_are_in_the_bucket(company: Company, connected: Chapter) -> None:
    """One object for each directory, under its path; each was locked, and no lock is left."""
    listed = company.aws.client("s3").list_object_versions(Bucket=BUCKET)

    assert {found["Key"] for found in listed["Versions"] if found["IsLatest"]} == {f"peering/{name}" for name in PAIRS}
    assert {found["Key"] for found in listed["DeleteMarkers"]} == {f"peering/{name}.tflock" for name in PAIRS}


@each_pair
@pytest.mark.parametrize("chapter", ["connected", "again"])
def test_both_sides_are_connected(company: Company, request: pytest.FixtureRequest, chapter: str, name: str) -> None:
    """Active, names resolved, marked, and every tagged table leads to every range of the other side: in both accounts."""
    shown = request.getfixturevalue(chapter).shown[name]
    one, other = (company.networks[side] for side in PAIRS[name])
    marked = {"managed-by": "scaffold", "peering": name, "Name": name}

    id = shown.requester.id

    assert id.startswith("pcx-")
    assert shown.requester == Seen("active", routes(one, other), True, marked, id)
    assert shown.accepter == Seen("active", routes(other, one), True, marked, id)


@each_pair
def test_a_second_plan_changes_nothing(second: dict[str, Planned], name: str) -> None:
    """Neither side undoes what the other has made, and neither account's own tags creep in."""
    assert second[name].status == 0


@each_pair
def test_the_command_that_sets_the_tag_says_disconnect(disconnected: Chapter, name: str) -> None:
    """Before anybody has to find it in a plan, with the rule; and nothing of the pair changes but the module call."""
    one, other = PAIRS[name]

    assert re.search(rf"^  to disconnect  {one} -- {other} +production-meets-only-production$", disconnected.said, re.MULTILINE)
    assert {path for path in disconnected.changed if path.startswith(f"peering/{name}/")} == {f"peering/{name}/{file}" for file in CALLING}


@each_pair
def test_a_tombstone_destroys_everything_that_was_made(connected: Chapter, disconnected: Chapter, name: str) -> None:
    """The plan deletes each object of the first one, and does nothing else."""
    made = connected.plans[name].actions()

    assert set(map(tuple, made.values())) == {("create",)}
    assert disconnected.plans[name].actions() == {address: ["delete"] for address in made}


@each_pair
def test_nothing_is_left_on_either_side(disconnected: Chapter, name: str) -> None:
    """No connection, no route, not even one that leads nowhere; no object and no output in the state."""
    shown = disconnected.shown[name]

    assert (shown.requester, shown.accepter) == (Seen("", {}), Seen("", {}))
    assert (shown.state["resources"], shown.state["outputs"]) == ([], {})


def test_prune_waits_for_the_destroy(pruned: Pruned) -> None:
    """The tombstones were on the base already; the connections were still there."""
    assert (pruned.too_early["data"]["pruned"], pruned.too_early["data"]["kept"]) == ([], sorted(PAIRS))
    assert {problem["id"] for problem in pruned.too_early["problems"]} == {"still-connected"}


def test_prune_deletes_what_is_gone_from_aws(pruned: Pruned) -> None:
    """Both directories go, the policy stays, and nobody wants them back."""
    assert (pruned.in_time["status"], pruned.in_time["problems"], pruned.in_time["data"]["pruned"]) == (0, [], sorted(PAIRS))
    assert [path.name for path in (pruned.root / "peering").iterdir()] == ["policy.yaml"]
    for command in (("sync", "--check"), ("lint",)):
        cli.must(pruned.root, *command)


@each_pair
def test_the_tag_that_comes_back_connects_again(returned: tuple[str, Mapping[str, cli.Outcome]], again: Chapter, name: str) -> None:
    """The same directory, which is no tombstone any more."""
    one, other = PAIRS[name]

    assert re.search(rf"^  to connect  {one} -- {other} +vpn-reaches-its-environment$", again.said, re.MULTILINE)
    assert {path for path in again.changed if path.startswith(f"peering/{name}/")} == {f"peering/{name}/{file}" for file in CALLING}


@each_pair
def test_connected_again_is_a_new_connection(connected: Chapter, again: Chapter, name: str) -> None:
    """The same objects as at first; AWS never revives a connection that was deleted."""
    assert again.plans[name].actions() == connected.plans[name].actions()
    assert again.shown[name].requester.id != connected.shown[name].requester.id


@each_pair
def test_each_plan_is_the_decisions(
    connected: Chapter, second: dict[str, Planned], disconnected: Chapter, again: Chapter, name: str
) -> None:
    """What the real provider plans is accepted: the creation, the plan that changes nothing, the destruction."""
    plans = [connected.plans[name], second[name], disconnected.plans[name], again.plans[name]]

    assert [(plan.verdict.status, plan.verdict.err) for plan in plans] == [(0, "")] * 4


@each_pair
def test_a_plan_of_yesterdays_decision_is_refused(returned: tuple[str, Mapping[str, cli.Outcome]], name: str) -> None:
    """The tombstone's plan, once the tag is back."""
    verdict = returned[1][name]

    assert verdict.status == 2
    assert re.fullmatch(rf"peering/{name}: the plan is refused: \d+ to delete\.\n", verdict.out)


@pytest.mark.parametrize("harm", HARMS)
def test_a_loss_changes_no_byte_of_a_pair(doubts: tuple[dict[str, Doubt], dict[str, Planned]], harm: str) -> None:
    """What is not known disconnects nothing, and it is said."""
    doubt = doubts[0][harm]

    assert doubt.done.status == HARMS[harm][1], doubt.done
    assert doubt.done.err.startswith("error: ")
    assert doubt.after == doubt.before


@each_pair
def test_a_plan_in_doubt_changes_nothing(doubts: tuple[dict[str, Doubt], dict[str, Planned]], name: str) -> None:
    """What Atlantis would plan while a request cannot be read; and that plan is accepted."""
    plan = doubts[1][name]

    assert (plan.status, plan.verdict.status, plan.verdict.err) == (0, 0, "")


def test_terraform_leaves_no_change_in_git(company: Company, doubts: tuple[dict[str, Doubt], dict[str, Planned]]) -> None:
    """Neither init nor any plan or apply touched what is committed: only the last loss is seen."""
    assert company.merge() == {REQUEST}
