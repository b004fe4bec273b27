"""`accounts.yaml`: accounts that were made without a request, and networks (older VPCs) that no request declares.

The request stays the one record of an account that has one: of such an account only networks are described here.
Reading keeps every value that can be held, right or wrong; what is left out is a problem marked incomplete, so
that a file that cannot be read never looks like an empty one. The rules are those of a request, checked by `check`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from generator import inventory, ranges
from generator.accounts import tags
from generator.accounts.model import Account, home_of, network_name
from generator.documents import strict_yaml
from generator.documents.shape import Items, Key, Number, Reader, Record, Shape, Table, Text, json_schema, lines_of
from generator.documents.strict_yaml import Node
from generator.organization.model import Organization
from generator.organization.read import legal_values
from generator.organization.schema import ACCOUNT_ID, REGION, SLUG, Cidr
from generator.problems import Problem, nearest
from generator.ranges import Range

FILE = "accounts.yaml"


@dataclass(frozen=True, slots=True)
class OtherNetwork:
    """One VPC that takes part and that no request declares; `vpc_id` None: it is found by its tag and first range.

    `cidr_blocks` are its IPv4 ranges, the primary one first.
    """

    name: str
    account: str
    region: str
    vpc_id: str | None
    cidr_blocks: tuple[Range, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Other:
    """What the file says of one account; `id` and `tags` are None where it does not say them."""

    slug: str
    id: str | None
    tags: Mapping[str, str] | None
    networks: tuple[OtherNetwork, ...]
    line: int

    @property
    def is_account(self) -> bool:
        """Does it describe an account without a request? Else it only adds networks to one that has a request."""
        return self.id is not None or self.tags is not None


@dataclass(frozen=True, slots=True)
class Others:
    """The whole file: accounts by slug, and what is wrong with its form. Empty where there is no file."""

    accounts: Mapping[str, Other] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    node: Node = field(default_factory=lambda: Node({}, 1, {}), repr=False, compare=False)

    @property
    def networks(self) -> Iterator[OtherNetwork]:
        """Every network of the file, in its order."""
        return (network for other in self.accounts.values() for network in other.networks)

    @property
    def unreadable(self) -> bool:
        """Was something left out? Nothing may be concluded from what is not there then."""
        return any(problem.incomplete for problem in self.problems)


VPC_ID = Text(inventory.VPC_ID, "a VPC's id: vpc- and 8 or 17 digits 0-9a-f")
NAME = Text(
    rf"{SLUG.pattern}(\.{REGION.pattern}(\.{SLUG.pattern})?)?",
    "the name of a network: ACCOUNT, ACCOUNT.REGION or ACCOUNT.REGION.LABEL",
)
# AWS: a VPC's range is a /16 to /28, and a VPC has at most 50 of them ("VPC CIDR blocks", "Amazon VPC quotas")
SHORTEST, LONGEST, MOST_BLOCKS = 16, 28, 50


def _shape(region: Shape, block: Shape) -> Record:
    """The form of the file. An editor is told the sizes of ranges and how regions look; reading keeps a range of any size."""
    network = Record(
        {
            "region": Key(region, "its region, one of scaffold.yaml's", required=True),
            "vpc_id": Key(VPC_ID, "the id of the VPC; without it the VPC is found by its tag scaffold:network and its first range"),
            "cidr_blocks": Key(Items(block, 1, MOST_BLOCKS), "its IPv4 ranges, the primary one first", required=True),
        }
    )
    account = Record(
        {
            "id": Key(ACCOUNT_ID, "the account's id, in quotes; only without a request"),
            "tags": Key(Table(Text(wanted="a tag key"), Text(r"[^\x00-\x1f]*", "a tag value")), "as a request's; only without a request"),
            "networks": Key(Table(NAME, network), "networks that no request declares"),
        }
    )
    return Record(
        {
            "version": Key(Number(1, 1), "1", required=True),
            "accounts": Key(Table(SLUG, account), "accounts by their slug", required=True),
        }
    )


def schema() -> dict[str, Any]:
    """The JSON Schema of `accounts.yaml`."""
    return json_schema(FILE, _shape(REGION, Cidr(SHORTEST, LONGEST)))


# problems of what the model cannot hold; every other value is kept, and is merely wrong
_LEFT_OUT = frozenset({"yaml-unreadable", "duplicate-key", "unknown-key", "missing-key", "wrong-type", "wrong-range"})


def read(content: bytes | None, organization: Organization) -> Others:
    """What the file says; None, no file, is empty. Problems of its form are in the answer, those of `check` are not."""
    if content is None:
        return Others()
    node, problems = strict_yaml.read(content, FILE)
    reader = Reader(FILE)
    reader.problems.extend(problems)
    if node is None:
        return Others(problems=_sorted(_incomplete(problem) for problem in reader.problems))
    _shape(Text(values=tuple(organization.regions)), Cidr(0, 32)).read(node, "", reader)
    if _entries(node).get("version", node).value != 1:  # another version may mean anything
        return Others({}, _sorted(_incomplete(problem) for problem in reader.problems), node)
    said = _entries(node, "accounts")
    accounts = {slug: _other(slug, item, lines_of(node, "accounts", slug)) for slug, item in said.items()}
    wrong = (_incomplete(problem) if problem.id in _LEFT_OUT else problem for problem in reader.problems)
    return Others(accounts, _sorted(wrong), node)


def _incomplete(problem: Problem) -> Problem:
    return replace(problem, incomplete=True)


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.line or 0, problem.id, problem.message)))


def _entries(node: Node, *path: str) -> Mapping[str, Node]:
    """The entries of the mapping at a path; none where there is no mapping."""
    for step in path:
        node = node.value.get(step, Node(None, node.line)) if isinstance(node.value, Mapping) else Node(None, node.line)
    return node.value if isinstance(node.value, Mapping) else {}


def _other(slug: str, node: Node, line: int) -> Other:
    said = _entries(node)
    found = {key: text for key, item in _entries(node, "tags").items() if (text := _text(item)) is not None}
    lines = said["networks"].lines or {} if "networks" in said else {}
    networks = (_network(slug, name, item, lines[name]) for name, item in _entries(node, "networks").items())
    return Other(
        slug,
        _text(said.get("id")),
        found if "tags" in said else None,
        tuple(network for network in networks if network is not None),
        line,
    )


def _text(node: Node | None) -> str | None:
    return node.value if node is not None and isinstance(node.value, str) else None


def _network(account: str, name: str, node: Node, line: int) -> OtherNetwork | None:
    said = _entries(node)
    region = _text(said.get("region"))
    if region is None:
        return None
    return OtherNetwork(name, account, region, _text(said.get("vpc_id")), tuple(_blocks(said.get("cidr_blocks"))), line)


def _blocks(node: Node | None) -> Iterator[Range]:
    for item in node.value if node is not None and isinstance(node.value, tuple) else ():
        try:
            yield ranges.parse(_text(item) or "")
        except ValueError:
            continue  # a problem of its own, marked incomplete


@dataclass(frozen=True, slots=True)
class _Case:
    """One account of the file, beside everything it must agree with. `complete`: every request could be read."""

    other: Other
    requests: Mapping[str, Account]
    complete: bool
    organization: Organization
    node: Node

    @property
    def account(self) -> Account | None:
        """The account that its request describes."""
        return self.requests.get(self.other.slug)

    def said(self, *path: str) -> Mapping[str, Node]:
        """What the file says of the account at a path."""
        return _entries(self.node, "accounts", self.other.slug, *path)

    def wrong(self, id: str, path: Sequence[str | int], message: str, remedy: str, value: str | None = None) -> Problem:
        """A problem at a path below the account."""
        line = lines_of(self.node, "accounts", self.other.slug, *path)
        return Problem(id=id, file=FILE, line=line, message=f"{self.other.slug}: {message}", remedy=remedy, value=value)


def check(
    others: Others, accounts: Sequence[Account], organization: Organization, unreadable: Collection[str] = frozenset()
) -> list[Problem]:
    """What is wrong beyond the form of the file, in order of line; `accounts` are those with a request.

    `unreadable` names the request files that could not be read: that an account has none cannot be told then.
    """
    requests = {account.slug: account for account in accounts}
    cases = [_Case(other, requests, not unreadable, organization, others.node) for other in others.accounts.values()]
    problems = [problem for case in cases for rule in RULES for problem in rule(case)]
    return list(_sorted([*problems, *_same_id(cases), *_same_vpc(cases)]))


def _record(case: _Case) -> Iterator[Problem]:
    """One record per account: its request, or this file where there is none. Two would part one day."""
    for key in ("id", "tags"):
        if case.account is not None and key in case.said():
            message = f"it has a request ({case.account.record.file}), and {key} here"
            yield case.wrong("has-request", (key,), message, f"remove {key} here: the request is the record", key)
        if case.account is None and case.complete and key not in case.said():
            guess = nearest(case.other.slug, case.requests)
            remedy = f"add {key}" + (f'; or did you mean "{guess}", which has one?' if guess else "")
            yield case.wrong("missing-key", (), f"it has no request, and no {key} here", remedy, key)


def _tags(case: _Case) -> Iterator[Problem]:
    """As a request's: what decides about an account is said in the organization's words."""
    found, organization = case.other.tags, case.organization
    if found is None or case.account is not None:
        return
    for key in tags.missing(case.said("tags"), organization):
        legal = legal_values(organization, key)
        remedy = f"add it, one of {', '.join(legal)}" if legal else "add it"
        yield case.wrong("missing-tag", ("tags",), f"the required tag {key} is missing", remedy, key)
    for key, value in found.items():
        for id, what, remedy in tags.wrong_tag(key, value, organization):
            yield case.wrong(id, ("tags", key), what, remedy, value)
    if len(found) > tags.MOST:
        yield case.wrong("too-many-tags", ("tags",), f"{len(found)} tags; AWS allows {tags.MOST}", "drop some")


def _network_names(case: _Case) -> Iterator[Problem]:
    """A name says which account and region are meant, and names one VPC."""
    declared = {network.name: network.key for network in case.account.networks} if case.account is not None else {}
    for network in case.other.networks:
        path, legal = ("networks", network.name), _legal_names(case, network)
        sound = network.region in case.organization.regions and re.fullmatch(NAME.pattern, network.name)  # else said already
        if network.name not in legal and sound:
            message, remedy = f"the network {network.name} is in {network.region}", f"call it {' or '.join(legal)}, or correct its region"
            yield case.wrong("illegal-network-name", path, message, remedy, network.name)
        if network.name in declared:
            message = f"the network {network.name} is declared by its request too ({declared[network.name]})"
            remedy = f"keep one of them; a further VPC has a name of its own, {case.other.slug}.{network.region}.LABEL"
            yield case.wrong("network-twice", path, message, remedy, network.name)


def _legal_names(case: _Case, network: OtherNetwork) -> list[str]:
    """What a network may be called; the unnamed one in either way where its account's home region cannot be told."""
    label, home = "".join(network.name.split(".")[2:3]), case.organization.home_region
    found = home_of(case.account.record.request, home) if case.account is not None else home
    homes = [found] if isinstance(found, str) else [network.region, ""]
    return list(dict.fromkeys(network_name(case.other.slug, network.region, home, label) for home in homes))


def _ranges(case: _Case) -> Iterator[Problem]:
    """AWS: a VPC's ranges have a size of their own and never overlap ("VPC CIDR blocks")."""
    for network in case.other.networks:
        path = ("networks", network.name, "cidr_blocks")
        for block in network.cidr_blocks:
            if not SHORTEST <= block.length <= LONGEST:
                message = f"{network.name} has the range {block}"
                yield case.wrong("illegal-range", path, message, f"a VPC's range is a /{SHORTEST} to /{LONGEST}", str(block))
        for (outer, _), (inner, _) in ranges.clashes((block, network.name) for block in network.cidr_blocks):
            message = f"{network.name} has the range {outer}, and {inner} in it"
            yield case.wrong("overlap", path, message, "keep what AWS shows: ranges of one VPC never overlap", str(inner))


RULES: tuple[Callable[[_Case], Iterator[Problem]], ...] = (_record, _tags, _network_names, _ranges)


def _same_id(cases: Sequence[_Case]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for case in cases:
        known = first.setdefault(case.other.id or case.other.slug, case.other.slug)
        if known != case.other.slug:
            yield case.wrong("same-id", ("id",), f"its id is also that of {known}", "correct one of them", case.other.id)


def _same_vpc(cases: Sequence[_Case]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for case in cases:
        for network in case.other.networks:
            known = first.setdefault(network.vpc_id or network.name, network.name)
            if known != network.name:
                path, message = ("networks", network.name, "vpc_id"), f"{network.name} has the VPC of {known}"
                yield case.wrong("same-vpc", path, message, "correct one of them, or keep one", network.vpc_id)
