"""Organizations of any size for the planner: eight tag keys, twenty rules, and degrees that a VPC can have."""

from __future__ import annotations

import random
from dataclasses import replace

from generator.peering.model import Facts, Member
from generator.peering.policy import Effect, Operator, Policy, Requirement, Rule, Selector, Unless, Where
from generator.ranges import Range
from tests.support.policies import policy as drawn_policy

_VALUES = {
    "environment": ("prod", "staging", "dev", "sandbox"),
    "tier": ("app", "data", "shared"),
    "domain": tuple(f"domain{number}" for number in range(12)),
    "class": ("public", "internal", "secret"),
    "backup": ("daily", "weekly"),
    "pci": ("yes", "no"),
    "stage": ("new", "running", "frozen"),
}


def members(number: int) -> list[Member]:
    """Networks in two regions, a few of each team, with one range each."""
    rnd = random.Random(number)
    return [_member(rnd, index, number) for index in range(number)]


def _member(rnd: random.Random, index: int, number: int) -> Member:
    tags = {key: rnd.choice(values) for key, values in _VALUES.items()}
    tags["owner"] = f"team{rnd.randrange(max(number // 8, 1))}"
    name, facts = (
        f"n{index:06}",
        Facts(f"{index:012}", "ACTIVE", True, f"vpc-{index:017x}", (Range(index << 12, 20),), (f"rtb-{index:017x}",), True),
    )
    return Member(name, name, rnd.choice(("us-east-1", "eu-west-1")), tags, facts=facts)


def _side(**tags: str) -> Selector:
    return Selector(tuple(Requirement(key, Operator.IN, tuple(value.split())) for key, value in tags.items()))


def policy() -> Policy:
    """Teams' own meshes, data next to its applications, and what keeps environments and classes apart."""
    everything, production = _side(), _side(environment="prod")
    rest = Selector((Requirement("environment", Operator.NOT_IN, ("prod",)),))
    secret, public = _side(**{"class": "secret"}), _side(**{"class": "public"})
    allows = [
        Rule("team", Effect.ALLOW, (everything, everything), "a team meets itself", Where(("owner", "environment"))),
        Rule("team-data", Effect.ALLOW, (_side(tier="app"), _side(tier="data")), "applications meet data", Where(("owner",))),
        *(_domain(number) for number in range(12)),
    ]
    denies = [
        Rule("production", Effect.DENY, (production, rest), "production meets production"),
        Rule("secrets", Effect.DENY, (secret, public), "secret and public stay apart"),
        Rule("pci", Effect.DENY, (_side(pci="yes"), _side(pci="no")), "cards stay together"),
        Rule("frozen", Effect.DENY, (_side(stage="frozen"), everything), "frozen is frozen"),
        Rule("sandbox", Effect.DENY, (_side(environment="sandbox"), _side(environment="prod staging")), "sandboxes stay alone"),
        Rule("regions", Effect.DENY, (_side(backup="daily"), _side(backup="weekly")), "one plan of backups"),
    ]
    return Policy((*allows, *denies))


def few_values(compared: str) -> Policy:
    """The same, but that the first rule connects whoever has one value of a tag, and the rules of domains ask for less."""
    first, *rest = policy().rules
    wide = Rule("wide", Effect.ALLOW, (_side(), _side()), "one value", Where((compared,)))
    shared = [
        replace(rule, sides=(_side(domain=rule.id, tier="shared app"), _side(domain=rule.id)), where=Where((compared, "class")))
        for rule in rest
        if rule.id.startswith("domain")
    ]
    return Policy((wide, *shared, *rest[-6:], replace(first, proposed=True)))


def mostly_cancelled() -> Policy:
    """Everybody meets everybody, and denies that compare every tag, each with its exception, leave next to nothing of it."""
    keys = ("environment", "tier", "domain", "class", "backup", "pci", "stage", "owner")
    unless = (Unless((_side(tier="data"), _side(tier="shared", backup="daily")), "2030-01-01", "an exception"),)
    denies = [Rule(f"{key}-{number}", Effect.DENY, (_side(), _side()), "apart", Where((key,)), unless) for key in keys for number in "ab"]
    apart = [Rule(key, Effect.DENY, (_side(), _side()), "apart", Where((key, "pci"), same_region=True)) for key in keys[:3]]
    return Policy((Rule("all", Effect.ALLOW, (_side(), _side()), "all"), *denies, *apart))


def drawn(seed: int) -> Policy:
    """Twenty rules drawn at random over the same tags."""
    return drawn_policy(random.Random(seed), 20, [], {**_VALUES, "owner": ("team1", "team2", "team3")})


def _domain(number: int) -> Rule:
    sides = _side(domain=f"domain{number}", tier="shared"), _side(domain=f"domain{number}")
    return Rule(f"domain{number}", Effect.ALLOW, sides, "shared", Where(("owner", "domain"), same_region=bool(number % 2)))


def hub(spokes: int, *, rule: bool) -> tuple[Policy, list[Member]]:
    """One hub among so many networks, with or without the rule that connects it with all of them."""
    found = members(spokes + 1)
    first = found[0]
    found[0] = Member(first.name, first.name, first.region, {**first.tags, "tier": "vpn"}, facts=first.facts)
    rules = policy().rules
    reaching = Rule("hub", Effect.ALLOW, (_side(tier="vpn"), Selector()), "the hub reaches all")
    return Policy((*rules, reaching) if rule else rules), found
