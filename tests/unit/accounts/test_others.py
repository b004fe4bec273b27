"""`accounts.yaml`: what is read of it, what is wrong with it, and that what cannot be read never looks empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from generator.accounts import others
from generator.accounts.add import NetworkSpec, Spec
from generator.accounts.model import account_of
from generator.accounts.others import Other, OtherNetwork, Others
from generator.accounts.write import write
from generator.documents import strict_yaml
from generator.landing_zone.in_use import in_use
from generator.landing_zone.lint import lint
from generator.problems import Problem, Refused, Severity, Status, status_of
from generator.ranges import parse
from tests.support import zones
from tests.support.zones import REQUEST, organization, record

CONVENTIONS = organization()
REQUESTED = account_of(record(write(REQUEST)), "environment", "us-east-1")
GOOD = """\
version: 1
accounts:
  network-hub:
    id: "444455556666"
    tags: {environment: prod, owner: platform, tier: vpn}
    networks:
      network-hub:
        region: us-east-1
        vpc_id: vpc-0123456789abcdef0
        cidr_blocks: [10.40.0.0/16, 10.44.0.0/16]
  prod-ml:
    networks:
      prod-ml.us-east-1.legacy: {region: us-east-1, vpc_id: vpc-01234567, cidr_blocks: [172.20.0.0/16]}
"""


def _with(*changes: tuple[str, str]) -> str:
    """The good document with text replaced that stands in it once."""
    text = GOOD
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def _read(text: str) -> Others:
    return others.read(text.encode(), CONVENTIONS)


def _found(text: str) -> list[Problem]:
    """All problems of a document, beside the request of prod-ml."""
    read = _read(text)
    return [*read.problems, *others.check(read, [REQUESTED], CONVENTIONS)]


def _told(problems: Sequence[Problem]) -> list[tuple[str, int | None, str | None]]:
    return [(problem.id, problem.line, problem.value) for problem in problems]


# What is read


def test_a_document_is_read_with_its_lines() -> None:
    """Accounts by slug, networks in order, ranges as ranges."""
    read = _read(GOOD)

    legacy = OtherNetwork("prod-ml.us-east-1.legacy", "prod-ml", "us-east-1", "vpc-01234567", (parse("172.20.0.0/16"),), 13)
    assert (read.problems, read.unreadable, _found(GOOD)) == ((), False, [])
    assert read.accounts["prod-ml"] == Other("prod-ml", None, None, (legacy,), 11)
    hub = read.accounts["network-hub"]
    assert (hub.id, hub.line, hub.tags) == ("444455556666", 3, {"environment": "prod", "owner": "platform", "tier": "vpn"})
    assert [(network.name, network.line) for network in read.networks] == [("network-hub", 7), (legacy.name, 13)]
    assert hub.networks[0].cidr_blocks == (parse("10.40.0.0/16"), parse("10.44.0.0/16"))


def test_there_need_be_no_file() -> None:
    """Most landing zones have none."""
    assert others.read(None, CONVENTIONS) == Others()
    assert others.check(Others(), [REQUESTED], CONVENTIONS) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b"accounts: {}",
        b"version: 1",
        b"version: 1\naccounts:\n",
        b"version: 1\naccounts: []\n",
        b"version: 2\naccounts: {}\n",
        b"version: '1'\naccounts: {}\n",
        b"version: true\naccounts: {}\n",
        b"version: 1\naccounts: {}\n<<<<<<< HEAD\n",
        b"version: 1\naccounts: {a: {}, a: {}}\n",
        b"version: 1\naccounts:\n\ta: {}\n",
        b"version: 1\naccounts: {prod-ml: }\n",
        b"version: 1\naccounts: {prod-ml: {networks: []}}\n",
        b"version: 1\naccounts: {prod-ml: {networks: {prod-ml.us-east-1.a: {cidr_blocks: [10.0.0.0/16]}}}}\n",
        b"version: 1\naccounts: {prod-ml: {networks: {prod-ml.us-east-1.a: {region: us-east-1}}}}\n",
        b"version: 1\naccounts: {prod-ml: {networks: {prod-ml.us-east-1.a: {region: us-east-1, cidr_blocks: 10.0.0.0/16}}}}\n",
    ],
)
def test_what_is_left_out_is_marked_incomplete(content: bytes) -> None:
    """Nobody may conclude that an account or a network is not there."""
    read = others.read(content, CONVENTIONS)

    assert read.unreadable and status_of(read.problems) is Status.INCOMPLETE
    assert {problem.file for problem in read.problems} == {"accounts.yaml"}


def test_another_version_says_nothing_that_could_be_read() -> None:
    """Its words may mean anything."""
    assert _read(_with(("version: 1", "version: 2"))).accounts == {}


TEXT = st.text(st.sampled_from("abz019.-:/ {}[]\"'\n#"), max_size=8)


@given(st.sampled_from(GOOD.splitlines()), TEXT)
def test_any_line_may_be_anything(line: str, text: str) -> None:
    """A document is read or is a problem; every network that is missed is marked."""
    document = GOOD.replace(line + "\n", line[: len(line) // 2] + text + "\n")

    read = _read(document)
    found = [*read.problems, *others.check(read, [REQUESTED], CONVENTIONS)]

    assert read.unreadable or len(list(read.networks)) >= 2 or document.count("region:") < 2
    assert found == [] or status_of(found) in (Status.FOUND, Status.INCOMPLETE)


@pytest.mark.parametrize("key", ["version", "accounts", "id", "tags", "networks", "region", "vpc_id", "cidr_blocks"])
def test_a_misspelt_key_is_marked_incomplete(key: str) -> None:
    """What stands under it is left out: "network:" must not take an account's networks away."""
    head, tail = GOOD.split(f"{key}:", 1)

    assert _read(f"{head}{key}s:{tail}").unreadable


# What is wrong with it

BADLY_NAMED = ("illegal-network-name", 7, "network-hub")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  network-hub:\n    id", "  Network_Hub:\n    id", [("wrong-value", 3, "Network_Hub"), BADLY_NAMED]),
        ('"444455556666"', '"44445555666"', [("wrong-value", 4, "44445555666")]),
        ('    id: "444455556666"\n', "", [("missing-key", 3, "id")]),
        ("    tags: {environment: prod, owner: platform, tier: vpn}\n", "", [("missing-key", 3, "tags")]),
        (", tier: vpn", "", [("missing-tag", 5, "tier")]),
        ("tier: vpn", "tier: vnp", [("wrong-tag-value", 5, "vnp")]),
        ("environment: prod", "environment: production", [("wrong-tag-value", 5, "production")]),
        ("owner: platform", "owner: platform, ownr: x", [("unknown-tag", 5, "x")]),
        ("owner: platform", 'owner: platform, "aws:x": x', [("illegal-tag-key", 5, "x")]),
        ("owner: platform", "owner: 5", [("wrong-type", 5, "5")]),
        ("    networks:\n      network-hub:", "    network:\n      network-hub:", [("unknown-key", 6, "network")]),
        ("        region: us-east-1\n", "        region: us-east-2\n", [("unknown-value", 8, "us-east-2")]),
        ("        region: us-east-1\n", "        region: eu-west-1\n", [BADLY_NAMED]),
        ("      network-hub:\n        region: us-east-1", "      network-hub.eu-west-1:\n        region: eu-west-1", []),
        ("      network-hub:\n        region: us-east-1", "      network-hub.eu-west-1.a-b:\n        region: eu-west-1", []),
        ("      network-hub:", "      network-hub.us-east-1:", [("illegal-network-name", 7, "network-hub.us-east-1")]),
        ("      network-hub:", "      hub:", [("illegal-network-name", 7, "hub")]),
        ("      network-hub:", "      network-hub.us-east-1.A:", [("wrong-value", 7, "network-hub.us-east-1.A")]),
        ("      network-hub:", "      network-hub.us-east-1.a.b:", [("wrong-value", 7, "network-hub.us-east-1.a.b")]),
        ("prod-ml.us-east-1.legacy", "prod-ml", [("network-twice", 13, "prod-ml")]),
        ("        vpc_id: vpc-0123456789abcdef0\n", "", []),
        ("vpc-0123456789abcdef0", "vpc-0123456789abcdef", [("wrong-value", 9, "vpc-0123456789abcdef")]),
        ("vpc-0123456789abcdef0", "vpc-01234567", [("same-vpc", 13, "vpc-01234567")]),
        ("10.40.0.0/16,", "10.40.0.0/15,", [("illegal-range", 10, "10.40.0.0/15")]),
        ("10.40.0.0/16,", "10.40.0.0/28,", []),
        ("10.40.0.0/16,", "10.40.0.0/29,", [("illegal-range", 10, "10.40.0.0/29")]),
        ("10.40.0.0/16,", "10.40.0.1/16,", [("wrong-range", 10, "10.40.0.1/16")]),
        ("10.40.0.0/16,", '"2001:db8::/56",', [("wrong-range", 10, "2001:db8::/56")]),
        ("10.40.0.0/16,", "10.44.0.0/16,", [("duplicate-entry", 10, "10.44.0.0/16")]),
        ("10.40.0.0/16,", "10.44.128.0/20,", [("overlap", 10, "10.44.128.0/20")]),
        ("[10.40.0.0/16, 10.44.0.0/16]", "[]", [("wrong-length", 10, None)]),
        ("  prod-ml:\n", '  prod-ml:\n    id: "111122223333"\n', [("has-request", 12, "id")]),
        ("  prod-ml:\n", "  prod-ml:\n    tags: {}\n", [("has-request", 12, "tags")]),
        ("        region: us-east-1\n        vpc_id", "        vpc_id", [("missing-key", 8, "region")]),
    ],
)  # fmt: skip
def test_a_rule_speaks_where_it_is_broken_and_is_silent_where_it_is_kept(
    old: str, new: str, expected: list[tuple[str, int | None, str | None]]
) -> None:
    """One thing differs from a good document; everything that is said has a place and a remedy."""
    problems = _found(_with((old, new)))

    assert sorted(_told(problems), key=str) == sorted(expected, key=str)
    assert all(problem.remedy and problem.file == "accounts.yaml" for problem in problems)


@pytest.mark.parametrize("number", [50, 51])
def test_a_vpc_has_at_most_fifty_ranges(number: int) -> None:
    """AWS raises its quota no further."""
    blocks = ", ".join(f"10.{index}.0.0/16" for index in range(number))

    assert [problem.id for problem in _found(_with(("10.40.0.0/16, 10.44.0.0/16", blocks)))] == ["wrong-length"] * (number - 50)


@pytest.mark.parametrize("number", [50, 51])
def test_an_account_has_at_most_fifty_tags(number: int) -> None:
    """As one with a request."""
    conventions = organization(("owner_tag: owner", "owner_tag: owner\nother_tags: allow"))
    text = _with(("tier: vpn", "tier: vpn, " + ", ".join(f"k{index}: v" for index in range(number - 3))))

    found = others.check(_read(text), [REQUESTED], conventions)

    assert [problem.id for problem in found] == ["too-many-tags"] * (number - 50)


def test_two_accounts_of_one_id_are_an_error_at_the_second() -> None:
    """An id is one account."""
    second = '  other-hub:\n    id: "444455556666"\n    tags: {environment: prod, owner: platform, tier: vpn}\n'

    (problem,) = _found(GOOD + second)

    assert _told([problem]) == [("same-id", 15, "444455556666")]
    assert "network-hub" in problem.message


def test_whether_there_is_a_request_is_not_guessed() -> None:
    """The file that may hold it could not be read."""
    assert others.check(_read(GOOD), [], CONVENTIONS, {"a.tf"}) == []
    assert [problem.id for problem in others.check(_read(GOOD), [], CONVENTIONS)] == ["missing-key", "missing-key"]


def test_a_misspelt_account_is_told_the_nearest_request() -> None:
    """A typing mistake makes an account without a request of one that has one."""
    found = _found(_with(("  prod-ml:", "  prod-lm:")))

    assert [(problem.line, problem.remedy) for problem in found] == [
        (11, 'add id; or did you mean "prod-ml", which has one?'),
        (11, 'add tags; or did you mean "prod-ml", which has one?'),
        (13, "call it prod-lm.us-east-1.legacy, or correct its region"),
    ]


@pytest.mark.parametrize(
    ("region", "name", "legal"),
    [
        ('"eu-west-1"', "prod-ml", False),
        ('"eu-west-1"', "prod-ml.us-east-1", True),
        ("var.region", "prod-ml", True),
        ("var.region", "prod-ml.us-east-1", True),
        ("var.region", "prod-ml.eu-west-1", False),
    ],
)
def test_the_home_region_of_a_request_decides_what_its_network_is_called(region: str, name: str, legal: bool) -> None:
    """Where it cannot be told, no name that may be right is called wrong."""
    source = write(REQUEST).replace('"region"       = "us-east-1"', f'"region"       = {region}').replace('"vpc_cidr"', '"old_cidr"')
    account = account_of(record(source), "environment", "us-east-1")
    read = _read(_with(("prod-ml.us-east-1.legacy", name)))

    found = others.check(read, [account], CONVENTIONS)

    assert [problem.id for problem in found] == ([] if legal else ["illegal-network-name"])


# Its JSON Schema


def _editor_refuses(text: str) -> bool:
    node, _ = strict_yaml.read(text.encode(), others.FILE)
    document: Any = node.plain() if node is not None else None
    return bool(list(Draft202012Validator(others.schema()).iter_errors(document)))


def test_the_schema_is_a_schema_and_accepts_a_good_document() -> None:
    """Draft 2020-12."""
    Draft202012Validator.check_schema(others.schema())

    assert not _editor_refuses(GOOD)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 1", "version: 2"),
        ("  network-hub:\n    id", "  Network_Hub:\n    id"),
        ('"444455556666"', '"44445555666"'),
        ("owner: platform", "owner: 5"),
        ("    networks:\n      network-hub:", "    network:\n      network-hub:"),
        ("        region: us-east-1\n", ""),
        ("      network-hub:", "      network-hub.us-east-1.a.b:"),
        ("vpc-0123456789abcdef0", "vpc-0123456789abcdef"),
        ("10.40.0.0/16,", "10.40.0.0/15,"),
        ("10.40.0.0/16,", "10.40.0.0/29,"),
        ("[10.40.0.0/16, 10.44.0.0/16]", "[]"),
    ],
)
def test_an_editor_refuses_what_is_wrong_by_itself(old: str, new: str) -> None:
    """And so do we."""
    text = _with((old, new))

    assert _editor_refuses(text) and _found(text)


# What follows from it in a landing zone


def _files(text: str = GOOD, *specs: Spec) -> dict[str, bytes]:
    content = zones.files()
    for spec in specs or (Spec("prod-ml"),):
        content = zones.with_account(content, spec)
    return {**content, others.FILE: text.encode()}


def _errors(content: dict[str, bytes]) -> list[Problem]:
    return [problem for problem in lint(zones.zone(content)) if problem.file == others.FILE and problem.severity is Severity.ERROR]


def test_lint_reads_and_checks_it() -> None:
    """Form and rules, in one list."""
    assert _errors(_files()) == []
    wrong = _with(("tier: vpn", "tier: vnp"), ('"444455556666"', '"44445555666"'))
    assert _told(_errors(_files(wrong))) == [("wrong-value", 4, "44445555666"), ("wrong-tag-value", 5, "vnp")]


def test_its_ranges_are_taken() -> None:
    """A network that is made later gets another range."""
    free = zones.zone(_files(GOOD.replace("172.20.0.0/16", "10.16.0.0/16")))

    assert {parse("10.40.0.0/16"), parse("10.44.0.0/16"), parse("10.16.0.0/16")} <= {found for found, _ in in_use(free)}


def test_an_account_that_is_described_is_not_requested_as_well() -> None:
    """It exists: AFT would have to take it over, which nobody asked for."""
    with pytest.raises(Refused) as refused:
        zones.ask(_files(), Spec("Network Hub", {"environment": "prod"}))

    (problem,) = refused.value.problems
    assert (problem.id, problem.place) == ("same-slug", "accounts.yaml:3")


def test_an_account_of_which_only_networks_are_described_may_be_requested() -> None:
    """Both can arrive in one pull request; and an account that has a request can be changed."""
    content = {**zones.files(), others.FILE: GOOD.encode()}

    assert zones.ask(content, Spec("prod-ml")).created
    assert not zones.ask(_files(), Spec("prod-ml", networks=(NetworkSpec("eu-west-1"),))).created
