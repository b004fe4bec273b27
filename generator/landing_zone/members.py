"""From accounts to networks that peering can judge: declared tags, what AWS says, and why a tag cannot be told."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from generator import ranges
from generator.accounts import others, tags
from generator.accounts.model import Account, Network, Values
from generator.accounts.others import NAME, Other, OtherNetwork
from generator.accounts.retiring import REMEDY, RETIRING, standing
from generator.hcl.evaluate import Unknown
from generator.inventory import LiveAccount
from generator.landing_zone.model import LandingZone
from generator.organization.model import Organization
from generator.peering.model import Facts, Member
from generator.peering.policy import Policy
from generator.ranges import Range

Unclear = Mapping[str, str]
"""Tag keys with the reason, in words, why they cannot be judged."""


def members(zone: LandingZone, policy: Policy) -> list[Member]:
    """Every declared network whose name can be one, in order of name; of two with one name neither is classified."""
    classify = _Classifier(zone.organization, policy)
    found = [*_of_requests(zone, classify), *_of_others(zone, classify)]
    files: dict[str, list[str]] = defaultdict(list)
    accounts: dict[str | None, set[str]] = defaultdict(set)
    for member in found:
        files[member.name].append(member.file)
        accounts[member.facts.account_id].add(member.account)
    once = {member.name: member for member in reversed(found)}
    return [_single(once[name], files[name], accounts[once[name].facts.account_id]) for name in sorted(files)]


def _single(member: Member, files: Sequence[str], accounts: Collection[str]) -> Member:
    """A network that is declared twice, or an account under two names: which of the two decides cannot be told."""
    why = []
    if len(files) > 1:
        why.append(f"the network {member.name} is declared twice, in {' and in '.join(dict.fromkeys(files))}")
    if len(accounts) > 1 and member.facts.account_id is not None:
        why.append(f"{' and '.join(sorted(accounts))} are one AWS account, {member.facts.account_id}")
    if not why:
        return member
    retiring = "" if len(files) > 1 else member.retiring  # of two declarations neither decides, not even to disconnect
    return replace(member, unclassified=(*member.unclassified, *why), retiring=retiring)


class _Classifier:
    """Judges the tags of accounts; equal tags are judged once."""

    def __init__(self, organization: Organization, policy: Policy) -> None:
        self._organization = organization
        selected = {requirement.key for selector in policy.sides() for requirement in selector.requirements}
        compared = {key for rule in policy.rules for key in rule.where.same_tags}
        required = {key for key, rule in organization.tags.items() if rule.required}
        self._deciding = selected | compared | required
        self._wrong = lru_cache(maxsize=None)(self._wrong_value)

    def unclear(self, values: Mapping[str, object]) -> dict[str, str]:
        """Why tags cannot be judged: required ones that are absent, values outside the schema, values that cannot be told."""
        whole = values.get("*")
        if isinstance(whole, Unknown):
            return {"*": f"its tags cannot be told ({whole.file}:{whole.line}: {whole.why})"}
        found = {key: f"the required tag {key} is missing{self._near(key, values)}" for key in tags.missing(values, self._organization)}
        for key, value in values.items():
            if isinstance(value, Unknown) and key in self._deciding:
                found[key] = f"the tag {key} cannot be told ({value.file}:{value.line}: {value.why})"
            elif isinstance(value, str) and (wrong := self._wrong(key, value)):
                found[key] = wrong
        return found

    def _near(self, key: str, values: Mapping[str, object]) -> str:
        """A key that differs in case only: AWS takes it for another one."""
        near = [other for other in values if other != key and other.casefold() == key.casefold()]
        return f' (there is "{near[0]}")' if near else ""

    def _wrong_value(self, key: str, value: str) -> str:
        wrong = [f"{what}, {remedy}" for id, what, remedy in tags.wrong_tag(key, value, self._organization) if id != "unknown-tag"]
        return wrong[0] if wrong else ""


def _of_requests(zone: LandingZone, classify: _Classifier) -> Iterator[Member]:
    slugs = Counter(account.slug for account in zone.accounts)
    for account in zone.accounts:
        unclear = classify.unclear(account.tags)
        retiring, doubt = _standing(account, slugs[account.slug], zone.day)
        live = zone.live_account(account)
        line = account.record.line_of("account_tags") if unclear else account.record.line
        for network in account.networks:
            if re.fullmatch(NAME.pattern, network.name):
                moved = _moved(live, network.name, network.region)
                found, facts = {**unclear, **doubt, **moved}, _facts(live, network.name, _declared(network))
                said = {"retiring": retiring, "file": account.record.file, "line": line, "facts": facts}
                yield _member(network.name, account.slug, network.region, _known(account.tags), found, **said)


def _member(name: str, account: str, region: str, known: Mapping[str, str], unclear: Unclear, **said: Any) -> Member:
    return Member(name, account, region, known, tuple(unclear.values()), frozenset(unclear), **said)


def _known(values: Values) -> dict[str, str]:
    return {key: value for key, value in values.items() if isinstance(value, str)}


def _standing(account: Account, number: int, day: str) -> tuple[str, Unclear]:
    """Whether an account is retiring, and what cannot be told of it; of one slug there may be a `number` of requests."""
    retiring, doubt = retirement(account.record.request.custom_fields, day)
    if isinstance(account.name, str) and number == 1:
        return retiring, doubt
    # `accounts:` of a rule would take it for another; and of two requests neither decides, not even to disconnect
    return "", {**doubt, "name": f"which account {account.slug} is cannot be told"}


def retirement(fields: Values, day: str) -> tuple[str, Unclear]:
    """What the field `retiring` says on a day; where it cannot be told, nothing is concluded from it."""
    value, place = fields.get(RETIRING, fields.get("*", "")), f"custom_fields.{RETIRING}"
    if isinstance(value, Unknown):
        return "", {place: f"whether it is retiring cannot be told ({value.file}:{value.line}: {value.why})"}
    try:
        return standing(value, day), {}
    except ValueError:
        return "", {place: f'{place} is "{value}", {REMEDY}'}


def _moved(live: LiveAccount | None, name: str, region: str, vpc_id: str | None = None) -> Unclear:
    """A network that AWS has elsewhere than it is declared: which of the two is meant cannot be told."""
    network = live.networks.get(name) if live is not None else None
    if network is None:
        return {}
    if network.region != region:
        return {"region": f"{name} is declared in {region}, and its VPC {network.vpc_id} is in {network.region}"}
    if vpc_id is not None and network.vpc_id != vpc_id:
        return {"vpc_id": f"{name} is described as {vpc_id}, and the inventory has {network.vpc_id}"}
    return {}


def _declared(network: Network) -> tuple[Range, ...]:
    return tuple(_parsed([network.cidr_block])) if isinstance(network.cidr_block, str) else ()


def _parsed(blocks: Iterable[str]) -> Iterator[Range]:
    for block in blocks:
        try:
            yield ranges.parse_any(block)
        except ValueError:
            continue  # a lint error of its own; a network without a range is never peered


def _facts(live: LiveAccount | None, name: str, declared: tuple[Range, ...]) -> Facts:
    """What AWS says of a network; its declared ranges as long as it says nothing."""
    if live is None:
        return Facts(blocks=declared)
    network = live.networks.get(name)
    if network is None:
        return Facts(live.id, live.state, live.reachable, blocks=declared, stale=live.stale)
    return Facts(
        live.id,
        live.state,
        live.reachable,
        vpc_id=network.vpc_id,
        blocks=tuple(_parsed((*network.cidr_blocks, *network.ipv6_cidr_blocks))),
        route_table_ids=tuple(sorted(network.route_table_ids)),
        dns=network.dns,
        limits=network.quotas,
        used=network.used_elsewhere,
        stale=live.stale or network.stale,
    )


def _of_others(zone: LandingZone, classify: _Classifier) -> Iterator[Member]:
    """The networks of `accounts.yaml`: of an account without a request, or further ones of an account that has one."""
    requests = {account.slug: account for account in reversed(zone.accounts)}
    slugs = Counter(account.slug for account in zone.accounts)
    for other in zone.others.accounts.values():
        account = requests.get(other.slug)
        values: Values = account.tags if account is not None else other.tags or {}
        unclear = dict(classify.unclear(values))
        if account is None and other.tags is None:
            unclear = {"*": f"no request of {other.slug} was read, and {others.FILE} has no tags for it"}
        elif account is None and not zone.complete:
            unclear["*"] = f"not every request, or not all of {others.FILE}, could be read"
        retiring, doubt = _standing(account, slugs[account.slug], zone.day) if account is not None else ("", {})
        live = _live(zone, account, other)
        for network in other.networks:
            moved = _moved(live, network.name, network.region, network.vpc_id)
            if network.name.partition(".")[0] != other.slug:  # a rule or a reader would take it for another account's
                moved = {**moved, "name": f"{network.name} is no name for a network of {other.slug}"}
            found, facts = {**unclear, **doubt, **moved}, _facts(live, network.name, _blocks(network))
            said = {"retiring": retiring, "file": others.FILE, "line": network.line, "facts": facts}
            yield _member(network.name, other.slug, network.region, _known(values), found, **said)


def _live(zone: LandingZone, account: Account | None, other: Other) -> LiveAccount | None:
    found = zone.inventory.account_by_id(other.id)
    return found if found is not None or account is None else zone.live_account(account)


def _blocks(network: OtherNetwork) -> tuple[Range, ...]:
    return tuple(network.cidr_blocks)
