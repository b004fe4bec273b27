"""The stacks of pairs, as `sync` writes them for many organizations, read by the real Terraform."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from generator.hcl import managed
from tests.support import cli, peered, terraform
from tests.support.peered import COMPANY, Account

pytestmark = pytest.mark.terraform

Files = Mapping[str, bytes]
USUAL, FAR = "prod-hub--prod-ml", "prod-hub--prod-ml.eu-west-1"
STATE = "state: {bucket: acme-terraform-state, region: us-east-1, kms_key: alias/terraform-state"
DATA = "peering.tf.json"
OWN_LINES = {"backend.tf": (rb"# peering [a-z0-9.-]+ -- [a-z0-9.-]+", rb'    key    = "peering/[a-z0-9.-]+"', rb"# Managed by scaffold;.*")}
SAME_NOTE = """\
version: 1
rules:
  - id: same-note
    effect: allow
    within: {any: true}
    where: {sameTags: [note]}
    reason: networks of one note meet
"""
# What AWS takes for a tag: each is a value of its own, however much some look alike.
LEGAL = (
    *("pay", "PAY", "pay ", "p\u00a0ay", "p\u2028ay", "\u03c1ay", "\u0440\u0430y", "p\u0430y", "\uff50ay"),
    *("\u00e9", "01", "1", "null", "=//-@+"),
)
# What AWS refuses, and a request can say all the same.
ILLEGAL = (
    "${local.requester.id}",
    '%{ if true }"%{ endif }',
    "$${x} $$${y}",
    'ml" }\n} provider "aws" {',
    "ml\n",
    "ml\\",
    "m\u200bl",
    "\u202elm",
    "ml\x00",
    "<<EOT\nEOT\n",
    "*",
)
WRONG_NAMES = ("..", "a--b", "A", "a b", 'a"b', "${x}", "a\nb", "\u0430", "-", "a/b")


def network(files: Files, account: str, name: str | None = None, **changes: Any) -> dict[str, bytes]:
    """The files with an account's network changed in the inventory: the home network, or a copy of it that is called `name`."""
    known = json.loads(files["inventory.json"])
    (networks,) = (each["networks"] for each in known["accounts"].values() if each["name"] == account)
    networks[name or account] = {**networks[account], **changes}
    return {**files, "inventory.json": json.dumps(known).encode()}


def setting(old: str, new: str) -> dict[str, bytes]:
    """The company with other conventions."""
    files = peered.unsettled()
    assert files["scaffold.yaml"].count(old.encode()) == 1
    return {**files, "scaffold.yaml": files["scaffold.yaml"].replace(old.encode(), new.encode())}


def in_china() -> dict[str, bytes]:
    """The company in another partition, with all of its regions."""
    files = setting("partition: aws\n", "partition: aws-cn\n")
    moved = {b"us-east-1": b"cn-north-1", b"eu-west-1": b"cn-northwest-1"}
    return peered.synced({path: reduce(lambda text, old: text.replace(old, moved[old]), moved, body) for path, body in files.items()})


def many_ranges() -> dict[str, bytes]:
    """Both sides with two ranges of each kind, and with several tables."""
    files: Files = peered.unsettled()
    for number, account in enumerate(("prod-hub", "prod-ml")):
        cidr_blocks = [f"10.0.{16 * number}.0/20", f"100.64.{16 * number}.0/20"]
        ipv6 = [f"2001:db8:{number}:100::/56", f"2001:db8:{number}:200::/56"]
        tables = [f"rtb-{number}{table}" + "0" * 15 for table in range(3)]
        files = network(files, account, cidr_blocks=cidr_blocks, ipv6_cidr_blocks=ipv6, route_table_ids=tables)
    return peered.synced(files)


def two_regions() -> dict[str, bytes]:
    """A further network of prod-ml."""
    return declaring("eu-west-1", "prod-ml.eu-west-1")


def declaring(declared: str, name: str) -> dict[str, bytes]:
    """A further network that the request of prod-ml declares as `networks/DECLARED`, and that AWS has."""
    fields = {f"networks/{declared}": "10.40.0.0/20"}
    company = [replace(each, fields=fields) if each.name == "prod-ml" else each for each in COMPANY]
    found = {"region": declared.split("/")[0], "vpc_id": "vpc-0123456789abcdef0", "cidr_blocks": ["10.40.0.0/20"]}
    return peered.synced(network(peered.unsettled(company), "prod-ml", name, **found))


def adopted() -> dict[str, bytes]:
    """A pair whose connection was asked for by the name that sorts last, brought up to date after a change of one network."""
    files = peered.landing_zone()
    path = f"peering/{USUAL}/{DATA}"
    said = json.loads(files[path])["locals"]
    flipped = {"requester": said["accepter"], "accepter": said["requester"], "dns": said["dns"]}
    after = peered.synced(network({**files, path: managed.json_file({"locals": flipped})}, "prod-ml", dns=False))
    assert after[path] == managed.json_file({"locals": {**flipped, "dns": False}})
    return after


def tombstone() -> dict[str, bytes]:
    """A pair that the policy does not allow any more."""
    files = peered.landing_zone()
    after = peered.synced({**files, peered.POLICY_FILE: b"version: 1\nrules: []\n"})
    assert peered.stacks(after)[USUAL] == "tombstone"
    return after


# What it is -> the landing zone, and the pair that Terraform reads.
CASES: Mapping[str, tuple[Callable[[], Mapping[str, bytes]], str]] = {
    "usual": (peered.landing_zone, USUAL),
    "many ranges": (many_ranges, USUAL),
    "no DNS": (lambda: peered.synced(network(peered.unsettled(), "prod-hub", dns=False)), USUAL),
    "two regions": (two_regions, FAR),
    "a key of AWS's own": (lambda: peered.synced(setting(STATE, "state: {bucket: states, region: eu-west-1")), USUAL),
    "a lock table": (lambda: peered.synced(setting(STATE, STATE + ", lock_table: terraform-locks")), USUAL),
    "another partition": (in_china, USUAL),
    "adopted": (adopted, USUAL),
    "tombstone": (tombstone, USUAL),
}


def written(files: Files, root: Path) -> Path:
    """What Terraform reads of a landing zone: its pairs and their module."""
    return cli.written(root, {path: content for path, content in files.items() if path.startswith(("peering/", "modules/"))})


def diagnostics(files: Files, name: str, root: Path, initialised: Path, env: Mapping[str, str]) -> list[dict[str, Any]]:
    """What `terraform validate` says of one pair of a landing zone; all of it has to be formatted."""
    done = terraform.run(["fmt", "-check", "-diff", "-recursive"], written(files, root), env)
    assert (done.status, done.stdout, done.stderr) == (0, "", "")
    stack = terraform.prepared(root / "peering" / name, initialised, env)
    return terraform.validate_json(stack, env)


@pytest.mark.parametrize("case", CASES)
def test_a_stack_validates_without_a_diagnostic(case: str, initialised: Path, validate_env: dict[str, str], tmp_path: Path) -> None:
    """Neither an error nor a warning, and `terraform fmt` would not touch a file."""
    make, name = CASES[case]

    assert diagnostics(make(), name, tmp_path, initialised, validate_env) == []


def test_pairs_differ_in_their_data_and_their_name_only() -> None:
    """So that what is validated of one holds for all: bytes, file by file, over every case."""
    kinds: dict[tuple[str, str], set[bytes]] = {}
    for case, (make, _) in CASES.items():
        for path, content in make().items():
            if path.startswith("peering/") and path.count("/") == 2 and not path.endswith(DATA):
                own = OWN_LINES.get(path.rsplit("/", 1)[1], ())
                lines = [line for line in content.split(b"\n") if not any(re.fullmatch(pattern, line) for pattern in own)]
                kinds.setdefault((case, path.rsplit("/", 1)[1]), set()).add(b"\n".join(lines))

    assert {kind for kind, contents in kinds.items() if len(contents) > 1} == set()
    assert len(kinds) == 5 * len(CASES) - 1


def noted(values: Sequence[str]) -> dict[str, bytes]:
    """Two accounts for each value of a tag that alone decides who meets."""
    accounts = [Account(f"dev-{side}{number}", tags={"note": value}) for number, value in enumerate(values) for side in "ab"]
    files = peered.unsettled(accounts, SAME_NOTE)
    schema = files["scaffold.yaml"].replace(b"\ntags:\n", b"\ntags:\n  note: {required: true}\n")
    return peered.synced({**files, "scaffold.yaml": schema})


def test_a_tag_decides_and_never_reaches_a_stack(initialised: Path, validate_env: dict[str, str], tmp_path: Path) -> None:
    """Values that look alike are not equal, nor is a number with zeros; the stack of two that are equal says nothing of them."""
    files = noted(LEGAL)
    stacks = [content.decode() for path, content in files.items() if path.startswith("peering/") and path.count("/") == 2]

    assert peered.live_pairs(files) == {f"dev-a{number}--dev-b{number}" for number in range(len(LEGAL))}
    assert not any(value in stack for value in LEGAL if not value.isascii() for stack in stacks)
    assert diagnostics(files, "dev-a0--dev-b0", tmp_path, initialised, validate_env) == []


def test_a_value_that_aws_refuses_connects_nobody() -> None:
    """Two accounts may both say it: it can be on neither, so nothing is known of their tags."""
    assert peered.stacks(noted(ILLEGAL)) == {}


@pytest.mark.parametrize("owner", ILLEGAL)
def test_a_value_that_aws_refuses_changes_no_byte_of_a_pair(owner: str) -> None:
    """The pair stays as it was connected, on whichever side the value stands."""
    before = peered.landing_zone()
    for names in (("prod-pay",), ("staging-pay",), ("prod-pay", "staging-pay")):
        company = [replace(each, owner=owner) if each.name in names else each for each in COMPANY]
        after = peered.synced({**before, **requests(company)})

        assert peered.stacks(after)["prod-pay--staging-pay"] == "live"
        assert {path for path, content in after.items() if path.startswith("peering/") and content != before.get(path)} == set()


def requests(accounts: Sequence[Account]) -> dict[str, bytes]:
    """The requests alone."""
    return {path: content for path, content in peered.unsettled(accounts).items() if path.startswith("aft-account-request/")}


@pytest.mark.parametrize("name", WRONG_NAMES)
def test_a_network_that_cannot_be_a_directory_has_no_stack(name: str) -> None:
    """Its request declares it and AWS has it: a pair of it would be a path that leads elsewhere, or is another pair's."""
    usual = peered.stacks(peered.landing_zone())
    right = peered.stacks(declaring("us-east-1/batch", "prod-ml.us-east-1.batch"))

    assert right.keys() - usual == {"prod-hub--prod-ml.us-east-1.batch", "prod-ml--prod-ml.us-east-1.batch"}
    assert peered.stacks(declaring(f"us-east-1/{name}", f"prod-ml.us-east-1.{name}")) == usual


def test_a_value_of_the_inventory_is_never_an_expression() -> None:
    """The file is in git, so people can write into it. What is no id of AWS makes it unreadable, and nothing is concluded from it."""
    hostile, plain = (
        peered.synced(network(peered.unsettled(), "prod-hub", vpc_id=id)) for id in ("${local.accepter.vpc_id}", "vpc-0a1b2c3d")
    )

    assert peered.stacks(hostile) == {}
    assert b"vpc-0a1b2c3d" in plain["peering/prod-hub--prod-ml/peering.tf.json"]
