"""Can an allowed pair be made? AWS would refuse some pairs after the merge, and a few would break what works.

Sources of the limits: Amazon VPC quotas L-7E9ECCDB (active peerings per VPC: 50, at most 125), L-93826ACB (routes per
table: 500, at most 1,000, IPv4 and IPv6 apart), L-DC9F7029 (25 outstanding requests per account).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.inventory import TABLE_ID, VPC_ID
from generator.organization.read import partition_of
from generator.organization.schema import ACCOUNT_ID
from generator.peering.decide import MOST, Crowd
from generator.peering.model import Key, Member, Refusal
from generator.ranges import Range, clashes, parse

OUTSTANDING, MOST_ROUTES = 25, 1000
_SHOWN = 10
_PRIVATE = tuple(map(parse, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")))


@dataclass(frozen=True, slots=True)
class Limits:
    """Quotas in force where a network has none of its own, and the regions that the organization uses."""

    peerings: int
    routes: int
    regions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: pairs that may be made, pairs that exist and stay, and every network."""

    members: Mapping[str, Member]
    new: tuple[Key, ...]
    kept: tuple[Key, ...]
    limits: Limits
    crowds: Mapping[str, Crowd]


Answer = Mapping[Key, tuple[Refusal, ...]]


def refusals(question: Question) -> Answer:
    """Why pairs cannot be made, or should not exist; pairs without a reason are not there."""
    found: dict[Key, list[Refusal]] = defaultdict(list)
    shared = _shared_vpcs(question.members.values())
    equal, fresh = _equal_ranges(question), set(question.new)
    for pair in (*question.new, *question.kept):
        one, other = (question.members[name] for name in pair)
        found[pair] += [refusal for rule in _PAIRWISE for refusal in rule(one, other, question.limits)]
        found[pair] += _stale(one, other) if pair in fresh else ()
        found[pair] += _overlap(one, other, equal)
        found[pair] += [shared[name] for name in pair if name in shared]
    possible = [pair for pair in question.new if all(refusal.waiting for refusal in found[pair])]
    for pair, refusal in _ambiguous(question, possible):
        found[pair].append(refusal)
    possible = [pair for pair in possible if all(refusal.waiting for refusal in found[pair])]
    for pair, refusal in _over_quota(question, possible):
        found[pair].append(refusal)
    return {pair: tuple(dict.fromkeys(reasons)) for pair, reasons in found.items() if reasons}


def _same_vpc(one: Member, other: Member, limits: Limits) -> Iterator[Refusal]:
    if one.facts.vpc_id is not None and one.facts.vpc_id == other.facts.vpc_id:
        message = f"{one.name} and {other.name} are the same VPC, {one.facts.vpc_id}"
        yield Refusal("same-vpc", message, "describe each VPC once, in the request or in accounts.yaml")


def _other_partition(one: Member, other: Member, limits: Limits) -> Iterator[Refusal]:
    left, right = partition_of(one.region), partition_of(other.region)
    if left != right:
        message = f"{one.region} is in the partition {left} and {other.region} in {right}: no peering crosses that"
        yield Refusal("other-partition", message, "narrow the rule with where: {sameRegion: true}")


def _region(one: Member, other: Member, limits: Limits) -> Iterator[Refusal]:
    for side in (one, other):
        if side.region not in limits.regions:
            message = f"{side.name} is in {side.region}, which scaffold.yaml does not have"
            yield Refusal("region-unknown", message, "add the region to regions in scaffold.yaml, or correct the network's region")


def _account(one: Member, other: Member, limits: Limits) -> Iterator[Refusal]:
    for side in (one, other):
        if side.facts.state not in ("", "ACTIVE"):
            message = f"the account {side.facts.account_id} of {side.name} is {side.facts.state}"
            yield Refusal("account-not-active", message, f"reopen it, or write the custom field retiring into {side.file}")


def _known(one: Member, other: Member, limits: Limits) -> Iterator[Refusal]:
    """What the stack's data file needs of each side; a side that is still being made is waited for."""
    for side in (one, other):
        facts = side.facts
        if facts.account_id is None:
            message = f"the account {side.account} is not in the inventory"
            yield _wait("account-unknown", message, f"merge {side.file}, and once AFT has made the account")
        elif not facts.reachable:
            message = f"the reader role of {side.account} ({facts.account_id}) has not answered yet"
            yield _wait("account-unreachable", message, "once AFT has made the role")
        elif facts.vpc_id is None:
            yield _wait("network-unknown", f"the VPC of {side.name} is not in the inventory", "apply its network stack, then")
        elif not facts.route_table_ids:
            message = f"no route table of {side.name} ({facts.vpc_id}) is known that a peering should have routes in"
            yield _wait("no-route-tables", message, "associate its subnets, or tag the tables scaffold:peering = routed, then")
        if not facts.blocks:
            message = f"the range of {side.name} cannot be told"
            yield Refusal("range-unknown", message, f"correct it in {side.file}:{side.line}")


def _stale(one: Member, other: Member) -> Iterator[Refusal]:
    """What AWS showed once and not at the last look: nothing new is built on it, and what stands on it stays."""
    for side in (one, other):
        if side.facts.stale:
            message = f"{side.name} was not seen when AWS was read last: {side.facts.account_id} left, or could not be looked into"
            yield _wait("stale", message, "see what pull says of it, and once it can be read")


def _wait(id: str, message: str, first: str) -> Refusal:
    return Refusal(id, message, f'{first} run "scaffold pull"', waiting=True)


def _legal(one: Member, other: Member, limits: Limits) -> Iterator[Refusal]:
    """What AWS cannot have said: an inventory is a file, and files are edited."""
    for side in (one, other):
        said = [("account", side.facts.account_id, ACCOUNT_ID.pattern), ("VPC", side.facts.vpc_id, VPC_ID)]
        said += [("route table", table, TABLE_ID) for table in side.facts.route_table_ids]
        for what, value, form in said:
            if value is not None and not re.fullmatch(form, value):
                yield Refusal(
                    "illegal-id", f'{side.name} has the {what} "{value}"', 'run "scaffold pull", or restore inventory.json from git'
                )
        for block in side.facts.blocks:
            low, high = _LENGTHS[block.bits]
            if not low <= block.length <= high:
                message = f"{side.name} has the range {block}, and a VPC's is a /{low} to /{high}"
                yield Refusal("illegal-range", message, f"correct inventory.json or {side.file}")


# "VPC CIDR blocks": IPv4 /16 to /28, IPv6 /44 to /60
_LENGTHS: Mapping[int, tuple[int, int]] = {32: (16, 28), 128: (44, 60)}
_PAIRWISE: tuple[Callable[[Member, Member, Limits], Iterator[Refusal]], ...] = (
    _same_vpc,
    _other_partition,
    _region,
    _account,
    _known,
    _legal,
)


def overlap(one: Member, other: Member) -> tuple[Range, Range] | None:
    """Two ranges, one of each network, that share an address: AWS then fails the connection, whatever is in use."""
    return next(((left, right) for left in one.facts.blocks for right in other.facts.blocks if left.overlaps(right)), None)


def _overlap(one: Member, other: Member, equal: Mapping[Range, tuple[str, ...]]) -> Iterator[Refusal]:
    found = overlap(one, other)
    if found is None:
        return
    left, right = found
    group = equal.get(left, ()) if left == right else ()
    if len(group) > 2:
        message = f"{len(group)} networks have the range {left}: {_listed(group)}"
        remedy = "two networks with one range can never meet: give each a further network with a range of its own"
        yield Refusal("equal-ranges", message, remedy)
        return
    version = "ipv4" if left.bits == 32 else "ipv6"
    message = f"{one.name} has {left} and {other.name} has {right}, which overlap"
    remedy = f"a VPC keeps its range: declare a further network of {one.account} in {one.file}, or of {other.account} in {other.file}"
    yield Refusal(f"{version}-overlap", message, remedy)


def _equal_ranges(question: Question) -> Mapping[Range, tuple[str, ...]]:
    """Networks by a range that several of the allowed ones have: one group, however many pairs."""
    owners: dict[Range, list[str]] = defaultdict(list)
    for name in sorted({name for pair in (*question.new, *question.kept) for name in pair}):
        for block in question.members[name].facts.blocks:
            owners[block].append(name)
    return {block: tuple(names) for block, names in owners.items() if len(names) > 1}


def _shared_vpcs(members: Iterable[Member]) -> Mapping[str, Refusal]:
    """Networks that are one VPC under two names: their peerings would be one connection, declared twice."""
    names: dict[str, list[str]] = defaultdict(list)
    for member in members:
        if member.facts.vpc_id is not None:
            names[member.facts.vpc_id].append(member.name)
    found = {}
    for vpc_id, group in names.items():
        if len(group) > 1:
            message = f"{' and '.join(sorted(group))} are the same VPC, {vpc_id}"
            refusal = Refusal("same-vpc", message, "describe each VPC once, in the request or in accounts.yaml")
            found.update(dict.fromkeys(group, refusal))
    return found


def _peers(pairs: Iterable[Key]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one, other in pairs:
        found[one].append(other)
        found[other].append(one)
    return found


def _ambiguous(question: Question, possible: Sequence[Key]) -> Iterator[tuple[Key, Refusal]]:
    """Two peers of one network that overlap: its tables take each destination once. What exists stays, no new one is picked."""
    kept, new = _peers(question.kept), _peers(possible)
    for name in sorted(new):
        fresh = set(new[name])
        peers, own = sorted({*new[name], *kept.get(name, ())}), families(question.members[name])
        blocks = [(block, peer) for peer in peers for block in question.members[peer].facts.blocks if block.bits in own]
        for group in _clashing(blocks):
            for peer in sorted(fresh & group):
                others = sorted(group - {peer})
                message = f"peers of {name} overlap each other: {peer} and {_listed(others)}; a route to one would lead away from the other"
                remedy = "allow one of them only, or give one a further network with a range of its own"
                yield (min(name, peer), max(name, peer)), Refusal("peers-overlap", message, remedy)


def _clashing(blocks: Sequence[tuple[Range, str]]) -> Iterator[frozenset[str]]:
    """Groups of peers that share addresses with each other; a peer's own ranges never count."""
    for (_, outer), (_, inner) in clashes(blocks):
        group = frozenset((*outer, *inner))
        if len(group) > 1:
            yield group


def _over_quota(question: Question, possible: Sequence[Key]) -> Iterator[tuple[Key, Refusal]]:
    """All new pairs of a network that would have too many: existing ones stay, and none is picked silently."""
    full = _full_networks(question, possible)
    for pair in possible:
        for name in pair:
            if name in full:
                yield pair, full[name]


def _full_networks(question: Question, possible: Sequence[Key]) -> Mapping[str, Refusal]:
    """Each network that would have too many, with why. A pair that its other side's quota stops anyway takes no place here.

    Which networks are full depends on which pairs are made, and that on which networks are full: those that are full without
    any pair that another may stop are surely full, and those that are full with all that no surely full one stops may be.
    Each round knows more of the former and fewer of the latter, until nothing changes.
    """
    kept = _peers(question.kept)
    sure: Mapping[str, Refusal] = {}
    while True:
        maybe = _full_beside(question, kept, possible, sure)
        again = _full_beside(question, kept, possible, maybe)
        if again.keys() == sure.keys():
            return maybe
        sure = again


def _full_beside(
    question: Question, kept: Mapping[str, Sequence[str]], possible: Sequence[Key], stopped: Collection[str]
) -> Mapping[str, Refusal]:
    """The networks that are full when a pair with one of `stopped` takes no place at its other side."""
    new = _peers(possible)
    counted = {name: [peer for peer in peers if peer not in stopped] for name, peers in new.items()}
    found = ((name, _full(question, name, kept.get(name, []), counted[name])) for name in sorted(new))
    return {name: refusal for name, refusal in found if refusal is not None}


def peering_limit(member: Member, limits: Limits) -> int:
    """How many active peerings a network may have: its own quota where it is known, never above what AWS grants."""
    return min(member.facts.limits.get("peerings", limits.peerings), MOST)


def families(member: Member) -> frozenset[int]:
    """The address families of a network, as bits of an address; one that only one side has is not routed."""
    return frozenset(block.bits for block in member.facts.blocks)


def _full(question: Question, name: str, kept: Sequence[str], new: Sequence[str]) -> Refusal | None:
    member = question.members[name]
    crowd = question.crowds.get(name)
    limit = peering_limit(member, question.limits)
    # one that has no place left is full, whoever stops its new pairs besides: each of them alone would be too many
    wanted = len(kept) + max(len(new), 1) + member.facts.used.get("peerings", 0)
    if crowd is not None or wanted > limit:
        return quota_refusal(name, max(wanted, crowd.wanted if crowd else 0), limit, kept, new)
    return _too_many_routes(question, member, [*kept, *new], new)


def quota_refusal(name: str, wanted: int, limit: int, kept: Collection[str], new: Collection[str]) -> Refusal:
    """A network with more peerings than its quota."""
    named = f", new are {_listed(sorted(new))}" if new else ""
    message = f"{name} would have {wanted} peerings, and its limit is {limit}: {len(kept)} exist and stay{named}"
    remedy = f"narrow the rule; or have AWS raise L-7E9ECCDB (at most {MOST}) and say so in peering.limit; above that use a transit gateway"
    return Refusal("peering-quota", message, remedy)


def _too_many_routes(question: Question, member: Member, peers: Sequence[str], new: Sequence[str]) -> Refusal | None:
    limit = min(member.facts.limits.get("routes", question.limits.routes), MOST_ROUTES)
    used = member.facts.used.get("routes", 0)
    for bits, version in ((32, "IPv4"), (128, "IPv6")):
        own = bits in families(member)
        count = sum(block.bits == bits for peer in peers for block in question.members[peer].facts.blocks) * own + used
        if count > limit:
            message = (
                f"{member.name} would have {count} {version} routes in a table, and its limit is {limit}: new peers are {_listed(new)}"
            )
            remedy = "have AWS raise L-93826ACB (at most 1,000) and say so in peering.routes, or narrow the rule"
            return Refusal("route-quota", message, remedy)
    return None


def _listed(names: Collection[str]) -> str:
    shown = sorted(names)
    more = len(shown) - _SHOWN
    return ", ".join(shown) if more <= 1 else f"{', '.join(shown[:_SHOWN])} and {more} more"


def flags(one: Member, other: Member) -> Iterator[tuple[str, str]]:
    """`(id, what a reviewer should know)` of a pair that can be made."""
    if one.account == other.account:
        yield "same-account", "both networks are in one account"
    if one.region != other.region:
        yield "inter-region", "between regions: MTU 8500, no reference to security groups, traffic costs more"
    off = [side.name for side in (one, other) if side.facts.vpc_id is not None and not side.facts.dns]
    if off:
        lack = "lack" if len(off) > 1 else "lacks"
        yield "dns-off", f"private DNS names do not resolve across: {' and '.join(off)} {lack} DNS support or DNS hostnames"
        public = [str(block) for side in (one, other) for block in side.facts.blocks if block.bits == 32 and not _is_private(block)]
        if public:
            yield "public-range", f"names of hosts in {', '.join(public)} resolve to public addresses"


def _is_private(block: Range) -> bool:
    return any(private.contains(block) for private in _PRIVATE)
