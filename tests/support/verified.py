"""A pair whose plans are judged: real plans with tidy ids, and the landing zone in which each of them is the decision's.

`tests/unit/peering/plan.json` is the first plan of such a pair, as Terraform showed it; `python -m pytest
tests/terraform/test_verify_plan.py --update-golden` writes it anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from generator import inventory
from generator.accounts.add import Spec
from generator.files import walk
from generator.inventory import Inventory, LiveAccount, LiveNetwork
from generator.landing_zone.verify import Verdict, verify
from generator.repository.worktree import WorkTree
from tests.support import peered, zones

STORED = Path(__file__).parents[1] / "unit/peering/plan.json"
PAIR = ONE, OTHER = "prod-ml", "prod-vpn"
NAME = "--".join(PAIR)
STACK = f"peering/{NAME}"
CONNECTION = "pcx-00000000000000001"
SPECS = (Spec(ONE), Spec(OTHER, {"tier": "vpn"}, region="eu-west-1"))
SIDES = ("requester", "accepter")
_ID = re.compile(r"\b(vpc|rtb|pcx|r-rtb|vpc-cidr-assoc)-([0-9a-f]{8,})")
_IPV6 = re.compile(r"\b[0-9a-f]{1,4}:[0-9a-f:]+/56")

Plan = dict[str, Any]
Files = Mapping[str, bytes]


def stored() -> Plan:
    """A copy of the stored plan."""
    found: Plan = json.loads(STORED.read_text(encoding="utf-8"))
    return found


def tidy(plan: Plan) -> Plan:
    """The plan with ids, ranges and times that are the same whenever it is made."""
    text = json.dumps({**plan, "timestamp": "2026-11-24T12:00:00Z"})
    numbers: dict[str, str] = {}

    def renamed(match: re.Match[str]) -> str:
        return f"{match[1]}-{numbers.setdefault(match[2], f'{len(numbers) + 1:0{len(match[2])}x}')}"

    ranges = {found: f"2600:1f16:12a:{number:x}00::/56" for number, found in enumerate(dict.fromkeys(_IPV6.findall(text)), 1)}
    found: Plan = json.loads(_IPV6.sub(lambda match: ranges[match[0]], _ID.sub(renamed, text)))
    return found


def landing_zone(plan: Plan) -> dict[str, bytes]:
    """The landing zone whose inventory has the VPCs, ranges and route tables of this plan, after `scaffold sync`."""
    content = zones.files()
    for spec in SPECS:
        content = zones.with_account(content, spec)
    known = Inventory({account.id: account for account in _accounts(plan)})
    return peered.synced({**content, inventory.FILE: inventory.write(known)})


def _accounts(plan: Plan) -> Iterator[LiveAccount]:
    for name, side in zip(PAIR, SIDES, strict=True):
        said = answer(plan, side)
        region, id = said["arn"].split(":")[3:5]
        blocks = tuple(each["cidr_block"] for each in said["cidr_block_associations"])
        ipv6 = tuple(filter(None, [said["ipv6_cidr_block"]]))
        routes = f"module.peering.aws_route.{side}["
        tables = {entry["index"].partition("|")[0] for entry in plan["resource_changes"] if entry["address"].startswith(routes)}
        network = LiveNetwork(region, said["id"], blocks, ipv6, tuple(sorted(tables)), True)
        yield LiveAccount(id, name, f"aws+{name}@acme.com", "ACTIVE", True, False, {name: network})


def answer(plan: Plan, side: str) -> dict[str, Any]:
    """What AWS said of a side's VPC."""
    module = next(module for module in plan["prior_state"]["values"]["root_module"]["child_modules"])
    found: dict[str, Any] = next(each["values"] for each in module["resources"] if each["address"].endswith(f"data.aws_vpc.{side}"))
    return found


def change(plan: Plan, place: str) -> dict[str, Any]:
    """The first entry of `resource_changes` whose address starts so, below the module."""
    found: dict[str, Any] = next(each for each in plan["resource_changes"] if each["address"].startswith(f"module.peering.{place}"))
    return found


def everything(plan: Plan) -> Iterator[list[dict[str, Any]]]:
    """Every list of objects in a plan: what changes, what will be, what there was."""
    yield plan["resource_changes"]
    for part in (plan["planned_values"], plan["prior_state"]["values"]):
        for module in (part["root_module"], *part["root_module"].get("child_modules", ())):
            yield module.get("resources", [])


def standing(plan: Plan) -> Plan:
    """A first plan once it is applied: nothing to do, and everything known."""
    done: Plan = json.loads(json.dumps(plan))
    made = change(done, "aws_vpc_peering_connection.this")["change"]["after"]
    later = {name: CONNECTION for name in ("id", "vpc_peering_connection_id")} | {"state": "active", "origin": "CreateRoute"}
    # the accepter's view: its own VPC, and the requester as the peer
    later |= {"vpc_id": made["peer_vpc_id"], "peer_vpc_id": made["vpc_id"], "peer_region": made["peer_region"]}
    later |= {"peer_owner_id": answer(done, "requester")["owner_id"]}
    for entry in done["resource_changes"]:
        said = entry["change"]
        known = {name: later.get(name) for name, unknown in said["after_unknown"].items() if unknown is True}
        after = {**said["after"], **known}
        said.update(actions=["no-op"], before=after, after=after, after_unknown={})
    return done


def dying(plan: Plan) -> Plan:
    """The plan of a tombstone of a pair that stands."""
    done = standing(plan)
    done["configuration"]["root_module"] = {}
    done["planned_values"] = {"root_module": {}}
    for entry in done["resource_changes"]:
        entry["change"].update(actions=["delete"], after=None)
    return done


def snapshot(root: Path) -> dict[str, bytes]:
    """The files below a directory, without what Terraform keeps there."""
    tree = WorkTree(root)
    paths = (path for path in walk(tree) if "/.terraform/" not in path and not path.endswith(".bin"))
    return {path: tree.read(path) or b"" for path in paths}


def judged(files: Files, plan: Plan | bytes, stack: str | None = STACK) -> Verdict:
    """What is said of a plan in a landing zone."""
    content = plan if isinstance(plan, bytes) else json.dumps(plan).encode()
    return verify(zones.zone(files), content, stack)


def ids(verdict: Verdict) -> set[str]:
    """The reasons."""
    return {problem.id for problem in verdict.problems}


def changed(plan: Plan, change: Callable[[Plan], object]) -> Plan:
    """A copy of the plan, changed."""
    copy: Plan = json.loads(json.dumps(plan))
    change(copy)
    return copy
