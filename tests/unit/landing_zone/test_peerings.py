"""The files of pairs: what they follow from, so that a change of it is seen; and what of a stack is never written anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from generator.accounts.model import FOLDER
from generator.hcl import managed
from generator.landing_zone.desired import desired
from generator.landing_zone.peerings import before, plan_of
from generator.peering.existing import State
from generator.peering.plan import Action
from generator.problems import Refused
from tests.support import peered, zones
from tests.support.peered import Account
from tests.support.records import known, replaced

Files = dict[str, bytes]
HERE = "peering/prod-hub--prod-ml"
BACKEND, DATA, MAIN, OUTPUTS = (f"{HERE}/{name}" for name in ("backend.tf", "peering.tf.json", "main.tf", "outputs.tf"))
REQUEST, ID = f"{FOLDER}/prod-ml.tf", "100000000001"
OWNER = ('    "owner"       = "ml"\n', "")
ACCOUNTS = (Account("prod-hub", tier="vpn"), Account("prod-ml", "ml"))
FILES = peered.landing_zone(ACCOUNTS, peered.ALONE)


def _less(after: Mapping[str, bytes], files: Mapping[str, bytes] = FILES) -> set[str]:
    """The files of the pair that a change writes: what is wanted after it, less what was wanted before."""
    fresh = desired(zones.zone(after)).less(desired(zones.zone(files)))
    return {path for path in fresh.files if path.startswith("peering/")}


def _network(change: Callable[[dict[str, Any]], object]) -> Files:
    return known(FILES, lambda accounts: change(accounts[ID]["networks"]["prod-ml"]))


def test_what_is_equal_writes_nothing() -> None:
    """Two readings of one tree."""
    assert _less(FILES) == set()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"dns": False}, id="DNS"),
        pytest.param({"route_table_ids": ["rtb-0000000a"]}, id="a route table"),
        pytest.param({"cidr_blocks": ["10.0.16.0/20", "10.8.0.0/20"]}, id="a second range"),
        pytest.param({"ipv6_cidr_blocks": ["2001:db8::/56"]}, id="an IPv6 range"),
    ],
)
def test_what_aws_says_of_a_network_is_in_its_pairs(change: dict[str, Any]) -> None:
    """Nothing else changes: no tag, no decision, no action. The data file is written, and it alone."""
    after = _network(lambda network: network.update(change))

    assert plan_of(zones.zone(after)).pairs["prod-hub", "prod-ml"].action is Action.KEEP
    assert _less(after) == {DATA}


def test_a_role_is_in_every_pair() -> None:
    """It stands in scaffold.yaml."""
    role = zones.organization().roles.atlantis
    assert role.encode() in FILES[DATA]

    after = {**FILES, "scaffold.yaml": FILES["scaffold.yaml"].replace(role.encode(), b"another-role")}

    assert DATA in _less(after)


@pytest.mark.parametrize("change", [{"quotas": {"peerings": 60}}, {"stale": True}])
def test_what_no_file_says_writes_nothing(change: dict[str, Any]) -> None:
    """The near twin."""
    assert _less(_network(lambda network: network.update(change))) == set()


def test_a_doubt_that_ends_brings_the_files_back() -> None:
    """The same action and the same facts; but a pair in doubt keeps its data and its module call as they are."""
    doubtful = replaced(FILES, REQUEST, OWNER)
    one, other = (plan_of(zones.zone(files)).pairs["prod-hub", "prod-ml"] for files in (doubtful, FILES))
    assert (one.action, bool(one.error), other.action, other.error) == (Action.KEEP, True, Action.KEEP, "")

    assert _less(FILES, doubtful) == {DATA, MAIN, OUTPUTS}
    assert _less(doubtful) == set()
    assert {DATA, MAIN, OUTPUTS}.isdisjoint(desired(zones.zone(doubtful)).files) and BACKEND in desired(zones.zone(doubtful)).files


def test_a_pair_in_doubt_keeps_its_bytes_whatever_else_changes() -> None:
    """Also where its networks are others meanwhile: what nobody can judge is not written."""
    doubtful = known(replaced(FILES, REQUEST, OWNER), lambda accounts: accounts[ID]["networks"]["prod-ml"].update(dns=False))

    after = peered.synced(doubtful)

    assert {path: after[path] for path in (DATA, MAIN, OUTPUTS, BACKEND)} == {path: FILES[path] for path in (DATA, MAIN, OUTPUTS, BACKEND)}


# what is read back from a stack


def _calling(version: str) -> Files:
    """The landing zone whose pair calls another release, all of whose files are ours."""
    body = FILES[MAIN].split(b"\n", 1)[1].decode()
    assert body.count("peering/1.0.0") == 1
    outputs = managed.text_file(FILES[OUTPUTS].split(b"\n", 1)[1].decode() + "# of that release\n")
    return {**FILES, MAIN: managed.text_file(body.replace("peering/1.0.0", f"peering/{version}")), OUTPUTS: outputs}


@pytest.mark.parametrize("version", ["0.9.0", "2.0.0"])
def test_a_pair_keeps_the_release_of_the_module_that_it_calls(version: str) -> None:
    """A release of ours moves nobody; its data follows AWS all the same."""
    files = _calling(version)

    after = peered.synced(known(files, lambda accounts: accounts[ID]["networks"]["prod-ml"].update(dns=False)))

    assert (after[MAIN], after[OUTPUTS]) == (files[MAIN], files[OUTPUTS])
    assert json.loads(after[DATA])["locals"]["dns"] is False


def test_what_calls_our_release_is_written() -> None:
    """The near twin: a module call of another form, with the header of ours, is brought up to date."""
    older = {**FILES, MAIN: managed.text_file(FILES[MAIN].split(b"\n", 1)[1].decode() + "# of an older skeleton\n")}

    assert peered.synced(older)[MAIN] == FILES[MAIN]


def test_a_pair_that_is_made_again_calls_our_release() -> None:
    """A tombstone calls nothing, so nothing is kept of it but who requested."""
    dead = peered.synced({**_calling("0.9.0"), peered.POLICY_FILE: b"version: 1\nrules: []\n"})
    assert peered.stacks(dead) == {"prod-hub--prod-ml": "tombstone"} and OUTPUTS not in dead

    assert peered.synced({**dead, peered.POLICY_FILE: FILES[peered.POLICY_FILE]}) == FILES


def test_the_requester_that_a_stack_records_stays() -> None:
    """Live, dead, and made again: an adopted connection keeps its direction."""
    sides = json.loads(FILES[DATA])["locals"]
    turned = {**FILES, DATA: managed.json_file({"locals": {**sides, "requester": sides["accepter"], "accepter": sides["requester"]}})}
    dead = peered.synced({**turned, peered.POLICY_FILE: b"version: 1\nrules: []\n"})

    assert peered.synced(turned) == turned
    assert peered.synced({**dead, peered.POLICY_FILE: FILES[peered.POLICY_FILE]}) == turned


# a base without a policy


def test_a_base_without_a_policy_keeps_what_it_has() -> None:
    """What a change is compared with then: live pairs stay, nothing else is wanted, and nobody knows why."""
    base = zones.zone({path: content for path, content in FILES.items() if path != peered.POLICY_FILE})

    found = before(base)

    assert [(pair.name, pair.state, pair.action) for pair in found.pairs.values()] == [("prod-hub--prod-ml", State.LIVE, Action.KEEP)]
    assert found.pairs["prod-hub", "prod-ml"].judgement.why == "the base has no peering/policy.yaml that can be read"
    assert dict(before(None).pairs) == {}


def test_without_a_policy_no_pair_is_judged() -> None:
    """It is refused, with what to do."""
    zone = zones.zone({path: content for path, content in FILES.items() if path != peered.POLICY_FILE})

    with pytest.raises(Refused, match="there is no peering policy here, so no pair can be judged; restore it from git"):
        plan_of(zone)
