"""The inventory as a file, and what a reading of AWS changes in it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import reduce
from operator import getitem
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.inventory import Candidate, Gap, Inventory, LiveAccount, LiveNetwork, Seen, Snapshot, project, read, write
from generator.problems import Refused

IDS = ["111111111111", "222222222222", "333333333333"]
NAMES = ["prod-ml", "prod-ml.eu-west-1", "dev-ml"]


def resources(kind: str) -> st.SearchStrategy[str]:
    """Ids of AWS: 17 digits, and 8 as the first ones have."""
    return st.builds(lambda length, number: f"{kind}-{number:0{length}x}", st.sampled_from([8, 17]), st.integers(0, 16**8 - 1))


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
vpcs, tables = resources("vpc"), st.lists(resources("rtb"), max_size=3).map(tuple)
blocks = st.lists(st.builds("10.{}.0.0/16".format, st.integers(0, 255)), min_size=1, max_size=3).map(tuple)
ipv6 = st.lists(st.builds("2001:db8:{:x}::/56".format, st.integers(1, 255)), max_size=2).map(tuple)
numbers = st.dictionaries(st.sampled_from(["peerings", "routes"]), st.integers(0))
networks = st.builds(LiveNetwork, texts, vpcs, blocks, ipv6, tables, st.booleans(), st.booleans(), numbers, numbers)
candidates = st.builds(Candidate, vpcs, blocks)
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
names = st.frozensets(st.sampled_from(NAMES))
seen = st.builds(Seen, networks_by_name, candidates_by_name, names, st.booleans(), names)
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


ID, NAME, VPC = "111122223333", "prod-ml", "vpc-0123456789abcdef0"
PLACE = f"accounts.{ID}.networks.{NAME}"
NETWORK = LiveNetwork(
    "us-east-1",
    VPC,
    ("10.0.0.0/20", "100.64.0.0/16"),
    ("2001:db8:1::/56",),
    ("rtb-0123456789abcdef0", "rtb-01234567"),
    True,
    quotas={"routes": 500, "peerings": 50},
    used_elsewhere={"routes": 2, "peerings": 0},
)
ACCOUNT = LiveAccount(
    ID, NAME, "aws+prod-ml@acme.com", "ACTIVE", True, False, {NAME: NETWORK}, {"prod-ml.eu-west-1": (Candidate(VPC, ("10.32.0.0/20",)),)}
)


def _document(network: LiveNetwork = NETWORK) -> Any:
    return json.loads(write(Inventory({ID: replace(ACCOUNT, networks={NAME: network})})))


def _told(document: object) -> list[str]:
    """What is wrong with a file; it is never read in part, and always said to be incomplete."""
    inventory, problems = read(json.dumps(document).encode())

    assert inventory == Inventory() and {(found.id, found.incomplete) for found in problems} == {("inventory-unreadable", True)}
    return [problem.message.removeprefix("not readable as an inventory: ") for problem in problems]


def test_numbers_that_are_not_known_are_not_written() -> None:
    """A file of an earlier release keeps its bytes, and one number is spelled one way."""
    known = _document()["accounts"][ID]["networks"][NAME]
    unknown = _document(replace(NETWORK, quotas={}, used_elsewhere={}))["accounts"][ID]["networks"][NAME]

    assert list(known)[-4:] == ["dns", "quotas", "used_elsewhere", "stale"]
    assert list(known["quotas"].items()) == [("peerings", 50), ("routes", 500)]
    assert list(known["used_elsewhere"].items()) == [("peerings", 0), ("routes", 2)]
    assert known.keys() - unknown.keys() == {"quotas", "used_elsewhere"}


# What a reading changes


def _after(known: LiveNetwork, found: LiveNetwork | None, **seen: Any) -> LiveNetwork:
    """The network after a reading that found it so; None: the reading did not find it."""
    networks = {} if found is None else {NAME: found}
    listed = replace(ACCOUNT, networks={}, candidates={})
    previous = Inventory({ID: replace(ACCOUNT, networks={NAME: known})})
    return project(Snapshot((listed,), {ID: Seen(networks, reachable=True, **seen)}), previous).accounts[ID].networks[NAME]


FOUND = replace(NETWORK, dns=False, route_table_ids=("rtb-76543210",), quotas={}, used_elsewhere={})


def test_numbers_that_a_reading_does_not_give_stay() -> None:
    """Whoever may not read quotas knows nothing of them; each number is replaced by a newer one only."""
    assert _after(NETWORK, FOUND) == replace(FOUND, quotas=NETWORK.quotas, used_elsewhere=NETWORK.used_elsewhere)
    newer = replace(FOUND, quotas={"peerings": 125, "routes": 1000}, used_elsewhere={"routes": 0})
    assert _after(NETWORK, newer) == replace(newer, used_elsewhere={"peerings": 0, "routes": 0})


def test_numbers_of_another_vpc_are_not_those_of_this_one() -> None:
    """A network that was built anew starts with what is usual."""
    rebuilt = replace(FOUND, vpc_id="vpc-fedcba98")

    assert _after(NETWORK, rebuilt) == rebuilt


def test_tables_without_their_tags_stay_and_are_stale() -> None:
    """No route moves because a tag is gone; with the tags, whatever they say is right."""
    untagged, tagged = replace(FOUND, route_table_ids=()), FOUND
    numbers: dict[str, Any] = {"quotas": NETWORK.quotas, "used_elsewhere": NETWORK.used_elsewhere}

    kept = _after(NETWORK, untagged, untagged=frozenset({NAME}))
    assert kept == replace(untagged, route_table_ids=NETWORK.route_table_ids, stale=True, **numbers)
    assert _after(kept, tagged) == replace(tagged, **numbers)
    assert _after(NETWORK, untagged) == replace(untagged, **numbers)


@pytest.mark.parametrize("known", [replace(NETWORK, route_table_ids=()), replace(NETWORK, vpc_id="vpc-fedcba98")])
def test_tables_that_were_never_known_are_none(known: LiveNetwork) -> None:
    """Not even those of the VPC that the network was before."""
    after = _after(known, replace(FOUND, route_table_ids=()), untagged=frozenset({NAME}))

    assert (after.route_table_ids, after.stale) == ((), False)


@pytest.mark.parametrize(
    "snapshot",
    [
        Snapshot(()),
        Snapshot((replace(ACCOUNT, networks={}, candidates={}),)),
        Snapshot((replace(ACCOUNT, networks={}, candidates={}),), {ID: Seen({}, {}, frozenset({NAME}), True)}),
    ],
    ids=["it left the organization", "it does not answer", "its region does not answer"],
)
def test_what_is_stale_keeps_every_fact(snapshot: Snapshot) -> None:
    """A peering that stands on it must not change."""
    after = project(snapshot, Inventory({ID: ACCOUNT})).accounts[ID]

    assert after.networks == {NAME: replace(NETWORK, stale=True)}
    assert (after.id, after.state, after.reachable) == (ID, "ACTIVE", True)


# What is no inventory


OPTIONAL = {"candidates", "quotas", "used_elsewhere"}
LEVELS = [(), ("accounts", ID), ("accounts", ID, "networks", NAME), ("accounts", ID, "candidates", "prod-ml.eu-west-1", 0)]
KEYS = [(level, key) for level in LEVELS for key in reduce(getitem, level, _document())]


@pytest.mark.parametrize(("level", "key"), KEYS)
def test_a_key_that_is_always_written_is_never_guessed(level: tuple[str | int, ...], key: str) -> None:
    """Without "dns" a peering would have its names taken away, without "route_table_ids" its routes: only what may be left out may be."""
    document = _document()
    del reduce(getitem, level, document)[key]

    if key in OPTIONAL:
        assert read(json.dumps(document).encode())[1] == []
    else:
        where = ".".join(map(str, level)).replace(".0", "[0]") or "the file"
        assert _told(document) == [f"{where}: the key {key} is missing"]


WRONG: list[tuple[str, object, str]] = [
    ("dns", "yes", '.dns: "yes" is neither true nor false'),
    ("dns", None, ".dns: null is neither true nor false"),
    ("stale", 0, ".stale: 0 is neither true nor false"),
    ("region", 1, ".region: 1 is no text"),
    ("vpc_id", "vpc-1", '.vpc_id: "vpc-1" is no id such as vpc-0123456789abcdef0'),
    ("vpc_id", f"{VPC}\n", f'.vpc_id: "{VPC}\\n" is no id such as vpc-0123456789abcdef0'),
    ("vpc_id", "rtb-0123456789abcdef0", '.vpc_id: "rtb-0123456789abcdef0" is no id such as vpc-0123456789abcdef0'),
    ("route_table_ids", None, ".route_table_ids: null is no list"),
    ("route_table_ids", "rtb-01234567", '.route_table_ids: "rtb-01234567" is no list'),
    ("route_table_ids", ["rtb-01234567", "rtb-X"], '.route_table_ids[1]: "rtb-X" is no id such as rtb-0123456789abcdef0'),
    ("cidr_blocks", [], ".cidr_blocks is empty: a VPC has a range"),
    ("cidr_blocks", ["10.0.0.0/33"], '.cidr_blocks[0]: "10.0.0.0/33" is not an IPv4 range such as 10.12.16.0/20'),
    ("cidr_blocks", ["10.1.2.3/16"], '.cidr_blocks[0]: "10.1.2.3/16" has host bits set: the range that holds it is 10.1.0.0/16'),
    ("cidr_blocks", ["2001:db8::/56"], '.cidr_blocks[0]: "2001:db8::/56" is not an IPv4 range such as 10.12.16.0/20'),
    ("cidr_blocks", [{}], ".cidr_blocks[0]: {} is no text"),
    ("ipv6_cidr_blocks", ["10.0.0.0/16"], '.ipv6_cidr_blocks[0]: "10.0.0.0/16" is not an IPv6 range such as 2001:db8::/56'),
    ("quotas", {"vpcs": 5}, '.quotas: the key vpcs is none of peerings, routes'),
    ("quotas", {"routes": -1}, ".quotas.routes: -1 is no whole number from 0"),
    ("used_elsewhere", {"routes": True}, ".used_elsewhere.routes: true is no whole number from 0"),
    ("used_elsewhere", [], ".used_elsewhere: [] is no mapping"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "said"), WRONG)
def test_a_value_of_a_network_that_is_none_is_told_with_its_path(key: str, value: object, said: str) -> None:
    """A range that cannot be read is no network without a range."""
    document = _document()
    document["accounts"][ID]["networks"][NAME][key] = value

    assert _told(document) == [f"{PLACE}{said}"]


@pytest.mark.parametrize(
    "change",
    [
        {"route_table_ids": ()},
        {"ipv6_cidr_blocks": ()},
        {"dns": False},
        {"vpc_id": "vpc-01234567"},
        {"quotas": {"peerings": 0}, "used_elsewhere": {}},
        {"cidr_blocks": ("10.0.0.0/32",)},
        {"ipv6_cidr_blocks": ("2001:DB8:0:0::/56",)},
    ],
)
def test_what_aws_may_say_is_read(change: dict[str, Any]) -> None:
    """The near twins of what is refused."""
    network = replace(NETWORK, **change)

    inventory, problems = read(json.dumps(_document(network)).encode())

    assert (inventory.accounts[ID].networks[NAME], problems) == (network, [])


@pytest.mark.parametrize("id", ["1", "11112222333", "1111222233334", "11112222333x", " 11112222333", "١١١١٢٢٢٢٣٣٣٣"])
def test_an_account_has_an_id_of_twelve_digits(id: str) -> None:
    """It becomes the account that Terraform assumes a role in."""
    document = _document()
    document["accounts"][id] = document["accounts"].pop(ID)

    assert _told(document) == [f'accounts.{id}: "{id}" is no account id: twelve digits']


def test_several_accounts_that_are_wrong_are_told_and_not_all_of_them() -> None:
    """A file of another release is wrong everywhere."""
    document = _document()
    account = document["accounts"].pop(ID)
    account["networks"] = {}
    good = dict(account)
    del account["state"]
    document["accounts"] = {"000000000000": good, **{f"{number:012}": account for number in range(1, 9)}}

    *told, last = _told(document)

    assert told == [f"accounts.{number:012}: the key state is missing" for number in range(1, 5)]
    assert last == "accounts.000000000005: the key state is missing (and 3 more accounts cannot be read)"


def test_a_key_that_stands_twice_is_told() -> None:
    """A merge can leave both; whichever counts, the other one is forgotten."""
    text = json.dumps(_document()).replace('"dns": true', '"dns": true, "dns": false')

    inventory, (problem,) = read(text.encode())

    assert (inventory, problem.incomplete) == (Inventory(), True)
    assert problem.message == 'not readable as an inventory: the key "dns" stands twice'


def test_a_broken_file_is_told_with_its_line() -> None:
    """The place of the conflict, and no word of the parser's."""
    text = json.dumps(_document(), indent=2).replace('    "111122223333"', '<<<<<<< HEAD\n    "111122223333"')

    _, (problem,) = read(text.encode())

    assert (problem.line, problem.message) == (4, "not readable as an inventory: it is no JSON from column 1 on")


def test_a_newer_file_is_refused() -> None:
    """Its words may mean anything."""
    with pytest.raises(Refused, match="version 2; install a newer scaffold"):
        read(b'{"version": 2, "accounts": {}}')


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"null",
        b"[]",
        b"{}",
        b'{"version": 1}',
        b'{"version": true, "accounts": {}}',
        b'{"version": 1.0, "accounts": {}}',
        b'{"version": "1", "accounts": {}}',
        b'{"version": 1, "accounts": []}',
        b'{"version": 1, "accounts": {"111111111111": {}}}',
        b'{"version": 1, "accounts": {"111111111111": null}}',
        b'{"version": 1, "accounts": {"111111111111": {"name": 1, "email": null, "state": [], "reachable": 1, "networks": {}}}}',
        b'{"version": 1, "accounts": {}}\n>>>>>>> main\n',
        b"[" * 100_000,
        b'{"version": 1, "accounts": {}, "big": ' + b"1" * 10_000 + b"}",
    ],
)
def test_what_is_no_inventory_is_a_problem_and_never_an_empty_organization(content: bytes) -> None:
    """A merge conflict in the file must not read as "nothing is there"."""
    inventory, problems = read(content)

    assert (inventory, [(problem.id, problem.incomplete) for problem in problems]) == (Inventory(), [("inventory-unreadable", True)])
    assert not re.search("Error|char [0-9]|object|None|line [0-9]+ column", problems[0].message)


def test_a_missing_inventory_is_an_empty_one() -> None:
    """A new landing zone has none yet."""
    assert read(None) == (Inventory(), [])
