"""What is judged when a Terraform plan is: the plan, the pair, what was decided, and what its data says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from generator.files import Tree
from generator.peering.addresses import ACCEPTANCE, CONNECTION, NETWORK, OPTIONS, ROUTE
from generator.peering.data import ACCEPTER, REQUESTER, SIDES, Data
from generator.peering.existing import Existing, State
from generator.peering.model import Key, pair_name
from generator.peering.plan import Pair
from generator.peering.verify.document import DATA, MANAGED, TerraformPlan
from generator.problems import Problem

PROVIDER = "registry.terraform.io/hashicorp/aws"

PLACES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        CONNECTION: (MANAGED, REQUESTER),
        ACCEPTANCE: (MANAGED, ACCEPTER),
        **{f"{kind}.{side}": (MANAGED, side) for kind in (OPTIONS, ROUTE) for side in SIDES},
        **{f"{NETWORK}.{side}": (DATA, side) for side in SIDES},
    }
)
"""Everything that the module holds: place -> its mode, and the side in whose account it is."""


@dataclass(frozen=True, slots=True)
class Files:
    """The stack's directory in a tree, and what scaffold has it hold: path -> bytes, None where nothing may be.

    `module` is the released one of `version`. `data` is the data file that there has to be; None where the one that is there
    stays: a tombstone's, and that of a pair that is kept in doubt.
    """

    tree: Tree
    expected: Mapping[str, bytes | None]
    module: Mapping[str, bytes]
    version: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Case:
    """One plan to judge: what is decided about its pair today, why that may not be what it seems, and what its values are compared with."""

    plan: TerraformPlan
    decided: Pair
    doubts: tuple[Problem, ...]
    stack: Existing
    data: Data
    files: Files

    @property
    def pair(self) -> Key:
        """The names of its two networks."""
        return self.stack.pair

    @property
    def name(self) -> str:
        """`A--B`, also the marker on every object."""
        return pair_name(self.pair)

    @property
    def tombstone(self) -> bool:
        """Is the pair being taken down?"""
        return self.stack.state is State.TOMBSTONE

    def refuse(self, id: str, message: str, remedy: str, value: object = None, file: str = "") -> Problem:
        """One reason to refuse the plan."""
        text = None if value is None else value if isinstance(value, str) else shown(value)
        return Problem(id=id, file=file or self.stack.directory, message=message, remedy=remedy, value=text)


def spelled(value: Any) -> str:
    """One spelling of a JSON value: what values are compared by."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=lambda _: "…")


def shown(value: Any, most: int = 200) -> str:
    """A JSON value for a message, cut where it is long."""
    text = spelled(value)
    return text if len(text) <= most else f"{text[:most]}…"


def listed(words: Sequence[str], most: int = 5) -> str:
    """The first few of many, and how many more there are."""
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return f"{', '.join(words[:most])}{more}"
