"""The peering module and the stack that calls it: what they refuse, in their own words, and the near twins they accept.

The guards run in `terraform test` with mocked providers: one file for each case, one command for all of them.
"""

from __future__ import annotations

import ipaddress
import json
import random
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support import terraform
from tests.support.peering import MODULE, Side, bury, pair, side, write_stack
from tests.support.root_modules import SKELETONS

pytestmark = pytest.mark.terraform

SIDES = ("requester", "accepter")
NETWORKS: Mapping[str, Side] = {
    name: side(*identity, cidr_blocks=[range], route_table_ids=[table])
    for name, identity, range, table in (
        ("requester", ("prod-ml", "111111111111", "us-east-1", "vpc-0aaaaaaaaaaaaaaaa"), "10.1.0.0/16", "rtb-0aaaaaaaaaaaaaaaa"),
        ("accepter", ("prod-pay", "222222222222", "eu-west-1", "vpc-0bbbbbbbbbbbbbbbb"), "10.2.0.0/16", "rtb-0bbbbbbbbbbbbbbbb"),
    )
}
RENEW = 'run "scaffold pull" and "scaffold sync", and review the change.'
_IPV4, _IPV6, _TABLES = "cidr_blocks", "ipv6_cidr_blocks", "route_table_ids"
_LIE, _TWICE = "the ranges these lie in are", "names a range twice"

# what is wrong -> argument of a side, wrong value, its right twin, how the message goes on after the argument's name
ARGUMENTS: Mapping[str, tuple[str, Any, Any, str]] = {
    "id of 11 digits": ("id", "12345678901", "000000000000", 'is "12345678901"; give the 12 digits'),
    "id with a letter": ("id", "11111111111a", "111111111110", 'is "11111111111a"; give the 12 digits'),
    "zone for region": ("region", "us-east-1a", "us-gov-west-1", 'is "us-east-1a"; give a region such as us-east-1.'),
    "short vpc id": ("vpc_id", "vpc-0a1b2c3", "vpc-0a1b2c3d", 'is "vpc-0a1b2c3"; give the id of a VPC'),
    "id of another thing": ("vpc_id", "rtb-0a1b2c3d", "vpc-0a1b2c3e", 'is "rtb-0a1b2c3d"; give the id of a VPC'),
    "no ipv4 range": (_IPV4, [], ["10.9.0.0/16"], "is empty; give every IPv4 range"),
    "address for range": (_IPV4, ["10.9.0.0"], ["10.9.0.0/32"], "is 10.9.0.0; give IPv4 ranges such as 10.20.0.0/20."),
    "ipv6 among ipv4": (_IPV4, ["10.9.0.0/16", "fd00::/64"], ["10.9.0.0/16", "10.8.0.0/16"], "is 10.9.0.0/16, fd00::/64; give IPv4"),
    "ipv4 host bits": (_IPV4, ["10.9.1.0/20"], ["10.9.16.0/20"], f"is 10.9.1.0/20; {_LIE} 10.9.0.0/20: write those, "),
    "ipv4 twice": (_IPV4, ["10.9.0.0/20"] * 2, ["10.9.0.0/20", "10.9.0.0/21"], f"{_TWICE}: 10.9.0.0/20, 10.9.0.0/20; give each"),
    "ipv4 among ipv6": (_IPV6, ["10.9.0.0/16"], ["64:ff9b::/96"], "is 10.9.0.0/16; give IPv6 ranges such as "),
    "prefix too long": (_IPV6, ["fd00::/129"], ["fd00::/128"], "is fd00::/129; give IPv6 ranges such as "),
    "ipv6 host bits": (_IPV6, ["fd00:0:0:101::/56"], ["fd00:0:0:100::/56"], f"is fd00:0:0:101::/56; {_LIE} fd00:0:0:100::/56: "),
    "ipv6 in capitals": (_IPV6, ["FD00::/56"], ["fd00::/56"], f"is FD00::/56; {_LIE} fd00::/56: write those, "),
    "ipv6 twice": (_IPV6, ["fd00::/56"] * 2, ["fd00::/56", "fd00::/57"], f"{_TWICE}: fd00::/56, fd00::/56; give each once."),
    "no table": (_TABLES, [], ["rtb-0a1b2c3d"], "is empty; give the tables that are to lead to the other side"),
    "id of no table": (_TABLES, ["vpc-0a1b2c3d"], ["rtb-0a1b2c3d4e5f60718"], "is vpc-0a1b2c3d; give ids of route tables"),
    "table twice": (_TABLES, ["rtb-0a1b2c3d"] * 2, ["rtb-0a1b2c3d", "rtb-0a1b2c3e"], "names a table twice: rtb-0a1b2c3d, rtb-0a1b2c3d; "),
}

# ranges of the requester, of the accepter: these overlap ...
OVERLAPPING = (
    ("10.1.0.0/16", "10.1.0.0/16"),
    ("10.0.0.0/8", "10.255.255.0/24"),
    ("10.1.128.0/17", "10.1.0.0/16"),
    ("0.0.0.0/0", "192.168.0.0/24"),
    ("2001:db8::/56", "2001:db8::/56"),
    ("2001:db8::/32", "2001:db8:ffff:ff00::/56"),
    ("2001:db8:0:80::/57", "2001:db8::/56"),
)
# ... and these do not.
APART = (
    ("10.1.0.0/16", "10.2.0.0/16"),
    ("10.0.0.0/9", "10.128.0.0/9"),
    ("10.1.0.0/17", "10.1.128.0/17"),
    ("10.0.0.0/8", "11.0.0.0/24"),
    ("2001:db8::/56", "2001:db8:0:100::/56"),
    ("2001:db8::/57", "2001:db8:0:80::/57"),
    ("fd00::/8", "2001:db8::/32"),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One plan: both sides as reviewed, and what is live where that differs from it."""

    sides: Mapping[str, Side] = field(default_factory=lambda: NETWORKS)
    live: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def document(self) -> str:
        """The test file that plans the module with these values."""
        mocks = [
            {"alias": name, "mock_data": {"aws_vpc": {"defaults": {**as_reviewed(self.sides[name]), **self.live.get(name, {})}}}}
            for name in SIDES
        ]
        run = {"plan": {"command": "plan"}}
        return json.dumps({"mock_provider": {"aws": mocks}, "variables": {**self.sides, "dns": True}, "run": run})


def as_reviewed(network: Side) -> dict[str, Any]:
    """A live VPC that is what was reviewed."""
    ipv6 = network[_IPV6][0] if network[_IPV6] else ""
    return {"owner_id": network["id"], "cidr_block_associations": associations(network[_IPV4]), "ipv6_cidr_block": ipv6}


def associations(ranges: Iterable[str], state: str = "associated") -> list[dict[str, str]]:
    """Ranges as the data source shows them."""
    return [{"association_id": "vpc-cidr-assoc-0a1b2c3d", "cidr_block": range, "state": state} for range in ranges]


def reviewed(name: str, **changes: Any) -> Case:
    """A case in which the data of one side differs."""
    return Case({**NETWORKS, name: {**NETWORKS[name], **changes}})


def ranges(requester: str, accepter: str) -> Case:
    """A case in which each side has one more range."""
    kind = _IPV6 if ":" in requester else _IPV4
    return Case({name: {**NETWORKS[name], kind: [range]} for name, range in zip(SIDES, (requester, accepter), strict=True)})


def live_cases(name: str) -> Iterator[tuple[str, Case, Case, str]]:
    """What is live in the VPC of a side and was not reviewed: what is wrong, the case, its right twin, the message's start."""
    network = NETWORKS[name]
    said, mine = f"{network['vpc_id']} of {network['name']}", network[_IPV4]
    two = reviewed(name, cidr_blocks=[*mine, "100.64.0.0/20"])
    six = reviewed(name, ipv6_cidr_blocks=["2001:db8::/56", "2001:db8:0:100::/56"])

    def live(case: Case, **changes: Any) -> Case:
        return Case(case.sides, {name: changes})

    def turned(case: Case) -> list[str]:
        return list(reversed(case.sides[name][_IPV4]))

    yield (
        "owner", live(Case(), owner_id="999999999999"), live(Case(), owner_id=network["id"]),
        f"{said} belongs to account 999999999999; the pair was reviewed with account {network['id']}: {RENEW}",
    )  # fmt: skip
    yield (
        "range added",
        live(Case(), cidr_block_associations=associations([*mine, "100.64.0.0/20"])),
        live(Case(), cidr_block_associations=associations(mine) + associations(["100.64.0.0/20"], "disassociated")),
        f"{said} has the IPv4 ranges {mine[0]}, 100.64.0.0/20; the pair was reviewed with {mine[0]}: {RENEW}",
    )
    yield (
        "range gone", live(two, cidr_block_associations=associations(mine)), live(two, cidr_block_associations=associations(turned(two))),
        f"{said} has the IPv4 ranges {mine[0]}; the pair was reviewed with {mine[0]}, 100.64.0.0/20: {RENEW}",
    )  # fmt: skip
    yield (
        "ipv6 added", live(Case(), ipv6_cidr_block="2001:db8::/56"), live(Case(), ipv6_cidr_block=None),
        f"{said} has the IPv6 range 2001:db8::/56; the pair was reviewed with none: {RENEW}",
    )  # fmt: skip
    yield (
        "another ipv6", live(six, ipv6_cidr_block="2001:db8:0:200::/56"), live(six, ipv6_cidr_block="2001:db8:0:100::/56"),
        f"{said} has the IPv6 range 2001:db8:0:200::/56; the pair was reviewed with 2001:db8:0:100::/56, 2001:db8::/56: {RENEW}",
    )  # fmt: skip


def table() -> Iterator[tuple[str, Case, Case, str]]:
    """Every guard: a name, a case that it refuses, the near twin that it accepts, the start of its message."""
    for name in SIDES:
        for what, (argument, wrong, right, message) in ARGUMENTS.items():
            refused, accepted = (reviewed(name, **{argument: value}) for value in (wrong, right))
            yield f"{name} {what}", refused, accepted, f"{name}.{argument} {message}"
        for what, wrong_case, right_case, message in live_cases(name):
            yield f"{name} live {what}", wrong_case, right_case, message
    one = NETWORKS["requester"]["vpc_id"]
    own = "prod-ml and prod-pay are both vpc-0aaaaaaaaaaaaaaaa; a VPC has no peering with itself"
    yield "itself", reviewed("accepter", vpc_id=one, cidr_blocks=["10.1.0.0/16"]), reviewed("accepter", vpc_id=f"{one[:-1]}b"), own
    for number, (wrong_pair, right_pair) in enumerate(zip(OVERLAPPING, APART, strict=True)):
        message = f"Ranges of prod-ml and prod-pay overlap: {' and '.join(wrong_pair)}. AWS lets such a connection fail: give one"
        yield f"overlap {number}", ranges(*wrong_pair), ranges(*right_pair), message


TABLE = {what: (refused, accepted, message) for what, refused, accepted, message in table()}


def random_ranges(count: int, version: int) -> Iterator[tuple[str, str]]:
    """Pairs of ranges in a small part of the address space, so that many overlap."""
    rnd = random.Random(version)
    base, bits, top = (0x0A000000, 32, 24) if version == 4 else (0x20010DB8 << 96, 128, 56)
    for _ in range(count):
        drawn = [(base + (rnd.getrandbits(6) << (bits - top - 6)), rnd.randint(top, top + 6)) for _ in SIDES]
        one, other = (str(ipaddress.ip_network(each, strict=False)) for each in drawn)
        yield one, other


RANDOM = [*random_ranges(40, 4), *random_ranges(40, 6)]


@pytest.fixture(scope="module")
def verdicts(validate_env: dict[str, str], initialised: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    """Name of a case -> the messages of its plan, warnings included; a twin's name ends in "twin"."""
    root = tmp_path_factory.mktemp("guards") / "module"
    shutil.copytree(MODULE, root)
    cases = {
        **{what: refused for what, (refused, _, _) in TABLE.items()},
        **{f"{what} twin": accepted for what, (_, accepted, _) in TABLE.items()},
        **{f"random {number}": ranges(*drawn) for number, drawn in enumerate(RANDOM)},
    }
    for name, case in cases.items():
        (root / f"{name}.tftest.json").write_text(case.document(), encoding="utf-8")
    terraform.prepared(root, initialised, validate_env)
    return messages(terraform.run(["test", "-json"], root, validate_env).stdout, cases)


def messages(output: str, cases: Iterable[str]) -> dict[str, list[str]]:
    """The first paragraph of every diagnostic by case; a case that was not planned to its end is missing."""
    events = [json.loads(line) for line in output.splitlines()]
    ended = {event["test_run"]["path"] for event in events if event["type"] == "test_run" and event["test_run"]["progress"] == "complete"}
    found: dict[str, list[str]] = {name: [] for name in cases if f"{name}.tftest.json" in ended}
    for event in events:
        if event["type"] == "diagnostic":
            detail = event["diagnostic"].get("detail") or event["diagnostic"]["summary"]
            found[event["@testfile"].removesuffix(".tftest.json")].append(detail.split("\n\n")[0])
    return found


# Guards


@pytest.mark.parametrize("what", TABLE)
def test_a_guard_says_what_it_refuses_and_what_to_do(verdicts: Mapping[str, list[str]], what: str) -> None:
    """One message, the module's own: a second one would send the reader after a second mistake."""
    (message,) = verdicts[what]

    assert message.startswith(TABLE[what][2])


@pytest.mark.parametrize("what", TABLE)
def test_a_guard_accepts_the_near_twin(verdicts: Mapping[str, list[str]], what: str) -> None:
    """Without so much as a warning."""
    assert verdicts[f"{what} twin"] == []


def test_ranges_overlap_where_python_says_so(verdicts: Mapping[str, list[str]]) -> None:
    """Drawn from a narrow space; both outcomes are there in number."""
    expected = [ipaddress.ip_network(one).overlaps(ipaddress.ip_network(other)) for one, other in RANDOM]

    assert [bool(verdicts[f"random {number}"]) for number in range(len(RANDOM))] == expected
    assert 10 < sum(expected) < len(expected) - 10


@pytest.mark.parametrize("file", ["guards.tf", "options.tf", "routes.tf", "variables.tf"])
def test_both_sides_are_treated_alike(file: str) -> None:
    """A guard or a route that only one side had would be found by one half of all pairs."""
    text = (MODULE / file).read_text(encoding="utf-8")
    swapped = re.sub(r"(?<!connection_)(requester|accepter)", lambda found: SIDES[1 - SIDES.index(found[0])], text)

    assert blocks(swapped) == blocks(text)
    assert blocks(text)


def blocks(text: str) -> list[str]:
    """The variables, data sources and resources, without descriptions, in the order of their text."""
    bare = re.sub(r'description = ".*"', "", text)
    return sorted(re.findall(r"^(?:variable|data|resource) .*?^}$", bare, re.MULTILINE | re.DOTALL))


# The stack as rendered

STACKS: Mapping[str, Mapping[str, str]] = {
    "usual": {},
    "without a key": {"kms_key": ""},
    "with a lock table": {"lock_table": "terraform-locks"},
}


@pytest.mark.parametrize("variant", STACKS)
@pytest.mark.parametrize("buried", [False, True], ids=["live", "tombstone"])
def test_a_stack_validates_without_a_diagnostic(
    variant: str, buried: bool, initialised: Path, validate_env: dict[str, str], tmp_path: Path
) -> None:
    """With its backend; the tombstone's constant files need nothing of what is gone."""
    root = write_stack(tmp_path, pair(NETWORKS["requester"], NETWORKS["accepter"]), backend=True, **STACKS[variant])
    terraform.prepared(root, initialised, validate_env)
    if buried:
        bury(root)

    assert terraform.validate_json(root, validate_env) == []


def test_everything_is_formatted(tf_env: dict[str, str], tmp_path: Path) -> None:
    """A first `terraform fmt` changes nothing, in the stacks and in the module."""
    for name, context in STACKS.items():
        write_stack(tmp_path / name, pair(NETWORKS["requester"], NETWORKS["accepter"]), backend=True, **context)

    done = terraform.run(["fmt", "-check", "-diff", "-recursive"], tmp_path, tf_env)

    assert (done.status, done.stdout) == (0, "")


def test_pairs_differ_in_three_lines(tmp_path: Path) -> None:
    """The identity, the state key and the module's version: all else of a pair is data."""
    other = {**NETWORKS["accepter"], "name": "prod-vpn"}
    one = write_stack(tmp_path, pair(NETWORKS["requester"], NETWORKS["accepter"]), backend=True)
    two = write_stack(tmp_path, pair(NETWORKS["requester"], other, dns=False), backend=True, version="1.1.0")

    assert {path.name: different(path, two / path.name) for path in one.glob("*.tf")} == {
        "backend.tf": ["# peering prod-ml -- prod-vpn", '    key    = "peering/prod-ml--prod-vpn"'],
        "main.tf": ['  source = "../../modules/peering/1.1.0"'],
        "outputs.tf": [],
        "providers.tf": [],
        "versions.tf": [],
    }


def different(one: Path, two: Path) -> list[str]:
    """The lines of the second file that differ from the first file's."""
    lines = zip(one.read_text().splitlines(), two.read_text().splitlines(), strict=True)
    return [new for old, new in lines if old != new]


def test_the_backend_is_that_of_every_stack() -> None:
    """Settings of the state are rendered alike; only the path is a pair's own."""
    frame, own = (SKELETONS / name / "{{cookiecutter.stack}}/backend.tf" for name in ("root-module", "peering"))

    assert own.read_bytes() == frame.read_bytes()
