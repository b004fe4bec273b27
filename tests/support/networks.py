"""Networks that could all be peered, as the planner sees them: a test names only what is wrong with one.

members = networks("a", "b", "c")
question = asked(members, "a b", kept=["a c"])
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from generator.peering.existing import Existing, State
from generator.peering.feasibility import Limits, Question
from generator.peering.model import Facts, Key, Member, key
from generator.peering.policy import Effect, Policy, Rule, Selector
from generator.ranges import Range, parse_any

LIMITS = Limits(50, 500, frozenset({"us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1"}))
_OF_MEMBER = frozenset(field.name for field in fields(Member))
_FIRST = 10 << 24


def network(name: str, number: int, **said: Any) -> Member:
    """A network whose account is active and reachable and whose VPC is known, with a /20 and a route table of its own; see `with_`."""
    facts = Facts(
        account_id=f"{100_000_000_000 + number}",
        state="ACTIVE",
        reachable=True,
        vpc_id=f"vpc-{number:017x}",
        blocks=(Range(_FIRST + (number << 12), 20),),
        route_table_ids=(f"rtb-{number:017x}",),
        dns=True,
    )
    member = Member(name, name.partition(".")[0], "us-east-1", {"environment": "prod"}, file=f"{name}.tf", line=7, facts=facts)
    return with_(member, **said)


def with_(member: Member, **said: Any) -> Member:
    """The member with fields of it, or of its facts, replaced; `blocks` are texts."""
    own = {name: value for name, value in said.items() if name in _OF_MEMBER}
    facts: dict[str, Any] = {
        name: tuple(map(parse_any, value)) if name == "blocks" else value for name, value in said.items() if name not in _OF_MEMBER
    }
    return replace(member, **own, facts=replace(member.facts, **facts))


def networks(*names: str, **said: Mapping[str, Any]) -> dict[str, Member]:
    """Networks by name, each with another account, VPC, range and route table; `said`: what differs, by name."""
    return {name: network(name, number, **said.get(name, {})) for number, name in enumerate(names)}


def pairs(*texts: str) -> tuple[Key, ...]:
    """Each as `a b`."""
    return tuple(key(*text.split()) for text in texts)


def asked(members: Mapping[str, Member], *new: str, kept: Iterable[str] = (), limits: Limits = LIMITS) -> Question:
    """Whether pairs can be made, where others are kept; each as `a b`."""
    return Question(members, pairs(*new), pairs(*kept), limits, {})


def allowing(wanted: Iterable[Key]) -> Policy:
    """A policy that allows exactly these pairs of accounts: a rule for each, whose id is `a-b`."""
    rules = (Rule("-".join(pair), Effect.ALLOW, (_only(pair[0]), _only(pair[1])), "why", line=line) for line, pair in enumerate(wanted, 3))
    return Policy(tuple(rules))


def _only(name: str) -> Selector:
    return Selector(accounts=(name.partition(".")[0],))


def standing(pair: str, state: State = State.LIVE, **said: Any) -> Existing:
    """The stack of a pair, written `a b`: ours, readable, its requester the side that sorts first."""
    names = key(*pair.split())
    return replace(Existing(names, state, True, "1.0.0", names[0]), **said)


def stacks(*listed: Existing) -> dict[Key, Existing]:
    """Stacks by pair."""
    return {stack.pair: stack for stack in listed}
