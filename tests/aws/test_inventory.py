"""The inventory as a file, and what a reading of AWS changes in it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.inventory import Candidate, Gap, Inventory, LiveAccount, LiveNetwork, Seen, Snapshot, project, read, write

IDS = ["111111111111", "222222222222", "333333333333"]
NAMES = ["prod-ml", "prod-ml.eu-west-1", "dev-ml"]

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
lists = st.lists(texts, max_size=3).map(tuple)
numbers = st.dictionaries(st.sampled_from(["peerings", "routes"]), st.integers(0))
networks = st.builds(LiveNetwork, texts, texts, lists, lists, lists, st.booleans(), st.booleans(), numbers, numbers)
candidates = st.builds(Candidate, texts, lists)
networks_by_name = st.dictionaries(st.sampled_from(NAMES) | texts, networks, max_size=3)
candidates_by_name = st.dictionaries(st.sampled_from(NAMES) | texts, st.lists(candidates, max_size=2).map(tuple), max_size=2)
states = st.sampled_from(["ACTIVE", "SUSPENDED", "PENDING_CLOSURE"])


def account(id: str) -> st.SearchStrategy[LiveAccount]:
    """Any account of an id."""
    return st.builds(LiveAccount, st.just(id), texts, texts, states, st.booleans(), st.booleans(), networks_by_name, candidates_by_name)


def listed(id: str) -> st.SearchStrategy[LiveAccount]:
    """Any account of an id as the organization lists it."""
    return st.builds(LiveAccount, st.just(id), texts, texts, states)


inventories = st.fixed_dictionaries({}, optional={id: account(id) for id in IDS}).map(Inventory)
seen = st.builds(Seen, networks_by_name, candidates_by_name, st.frozensets(st.sampled_from(NAMES)), st.booleans())
snapshots = st.builds(
    Snapshot,
    st.fixed_dictionaries({}, optional={id: listed(id) for id in IDS}).map(lambda found: tuple(found.values())),
    st.dictionaries(st.sampled_from(IDS), seen),
    st.lists(st.builds(Gap, st.sampled_from(IDS), texts), max_size=2).map(tuple),
)


@given(inventories)
def test_what_is_written_is_read_again(inventory: Inventory) -> None:
    """The file says everything that is known."""
    assert read(write(inventory)) == (inventory, [])


@given(inventories)
def test_one_content_has_one_spelling(inventory: Inventory) -> None:
    """The order in which AWS answers never shows in a diff."""
    turned = Inventory(dict(reversed([*inventory.accounts.items()])))

    assert write(turned) == write(inventory)


@given(snapshots, inventories)
def test_a_reading_never_drops_an_account_or_a_network(snapshot: Snapshot, previous: Inventory) -> None:
    """Whatever was seen: every account, network and VPC id known before is still there, or seen anew."""
    after = project(snapshot, previous).accounts

    for id, known in previous.accounts.items():
        assert set(known.networks) <= set(after[id].networks)
        assert after[id].reachable >= known.reachable
        for name, network in known.networks.items():
            news = snapshot.seen[id].networks if id in snapshot.seen and after[id].state else {}
            assert after[id].networks[name].vpc_id in (network.vpc_id, news[name].vpc_id if name in news else network.vpc_id)


@given(snapshots, inventories)
def test_what_was_not_seen_is_stale(snapshot: Snapshot, previous: Inventory) -> None:
    """Nobody takes an old value for a fresh one."""
    there = {found.id for found in snapshot.accounts}
    after = project(snapshot, previous).accounts

    for id in previous.accounts:
        fresh = snapshot.seen[id].networks if id in there and id in snapshot.seen else {}
        assert all(network.stale for name, network in after[id].networks.items() if name not in fresh)


@given(snapshots, inventories)
def test_the_same_reading_twice_changes_nothing_more(snapshot: Snapshot, previous: Inventory) -> None:
    """A second pull writes nothing."""
    once = project(snapshot, previous)

    assert write(project(snapshot, once)) == write(once)


def test_the_account_in_use_has_the_address() -> None:
    """An address is free again after an account was closed, and the closed one stays known."""
    closed = LiveAccount("999999999999", "prod-ml", "aws+prod-ml@acme.com", "SUSPENDED", True, True)
    gone = LiveAccount("888888888888", "prod-ml", "aws+prod-ml@acme.com", "ACTIVE", True, True)
    used = LiveAccount("111111111111", "prod-ml", "AWS+prod-ml@acme.com", "ACTIVE", True)

    for order in ([closed, gone, used], [used, gone, closed]):
        assert Inventory({account.id: account for account in order}).by_email() == {"aws+prod-ml@acme.com": used}


def test_an_account_is_found_by_its_id() -> None:
    """Without an id there is none to find."""
    known = LiveAccount("111111111111", "prod-ml", "aws+prod-ml@acme.com", "ACTIVE")

    found = Inventory({known.id: known}).account_by_id

    assert (found("111111111111"), found("222222222222"), found(None)) == (known, None, None)


NETWORK = LiveNetwork("us-east-1", "vpc-1", quotas={"routes": 500, "peerings": 50}, used_elsewhere={"routes": 2, "peerings": 0})


def _file(network: LiveNetwork) -> bytes:
    return write(Inventory({"1": LiveAccount("1", "a", "a@b.c", "ACTIVE", networks={"a": network})}))


def test_numbers_that_are_not_known_are_not_written() -> None:
    """A file of an earlier release keeps its bytes, and one number is spelled one way."""
    (known,) = json.loads(_file(NETWORK))["accounts"]["1"]["networks"].values()
    (unknown,) = json.loads(_file(LiveNetwork("us-east-1", "vpc-1")))["accounts"]["1"]["networks"].values()

    assert list(known)[-4:] == ["dns", "quotas", "used_elsewhere", "stale"]
    assert list(known["quotas"].items()) == [("peerings", 50), ("routes", 500)]
    assert list(known["used_elsewhere"].items()) == [("peerings", 0), ("routes", 2)]
    assert known.keys() - unknown.keys() == {"quotas", "used_elsewhere"}


@pytest.mark.parametrize("numbers", [None, [], 50, {"peerings": "50"}, {"peerings": True}, {"peerings": 1.5}, {"routes": -1}, {"vpcs": 5}])
@pytest.mark.parametrize("name", ["quotas", "used_elsewhere"])
def test_what_are_no_numbers_is_not_read(name: str, numbers: object) -> None:
    """A quota that is guessed lets a peering be planned that AWS refuses."""
    document = json.loads(_file(NETWORK))
    document["accounts"]["1"]["networks"]["a"][name] = numbers

    inventory, problems = read(json.dumps(document).encode())

    assert (inventory, [(problem.id, problem.incomplete) for problem in problems]) == (Inventory(), [("inventory-unreadable", True)])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"null",
        b"[]",
        b"{}",
        b'{"version": 1}',
        b'{"version": 1, "accounts": []}',
        b'{"version": 1, "accounts": {"111111111111": {}}}',
        b'{"version": 1, "accounts": {"111111111111": null}}',
        b'{"version": 1, "accounts": {"1": {"name": 1, "email": null, "state": [], "reachable": 1, "stale": 0, "networks": {}}}}',
        b'{"version": 1, "accounts": {}}\n>>>>>>> main\n',
        b"[" * 100_000,
        json.dumps({"version": 1, "accounts": {"1": {"name": "a", "email": "a@b.c", "state": "ACTIVE", "networks": {}}}}).encode(),
    ],
)
def test_what_is_no_inventory_is_a_problem_and_never_an_empty_organization(content: bytes) -> None:
    """A merge conflict in the file must not read as "nothing is there"."""
    inventory, problems = read(content)

    assert (inventory, [(problem.id, problem.incomplete) for problem in problems]) == (Inventory(), [("inventory-unreadable", True)])


def test_a_missing_inventory_is_an_empty_one() -> None:
    """A new landing zone has none yet."""
    assert read(None) == (Inventory(), [])
