"""The values of a plan: every object is what the pair's data says, and nothing beside it.

A table says, for each kind of object, what an attribute may be. An attribute on no table has to be empty: a route's other
targets, an argument that a later provider adds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.peering.addresses import CONNECTION, MODULE, NETWORK, OPTIONS, ROUTE, SINGLE
from generator.peering.data import SIDES, Side
from generator.peering.verify.case import PLACES, Case, listed, shown, spelled
from generator.peering.verify.document import DATA, Change, Values
from generator.problems import Problem

_RENEW = 'run "scaffold sync", commit what it writes and plan again; if nothing changes, the Terraform was edited: restore it from git'
_PEERING = "pcx-"
_TAKE_OUT = "find out how it came into this state, and take it out of it: terraform state rm"
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_IDS: Mapping[str, str] = {**dict.fromkeys(("tags", "tags_all"), "wrong-tags"), **dict.fromkeys(SIDES, "wrong-dns")}


@dataclass(frozen=True, slots=True)
class _Want:
    """What an attribute may be: one of `values`; with `later` also known only after apply; with `free` anything."""

    values: tuple[Any, ...] = ()
    later: bool = False
    free: bool = False


Wants = Mapping[str, _Want]
_FREE = _Want(free=True)
_NOTHING = _Want(_EMPTY)
_NOTHING_YET = _Want(_EMPTY, later=True)


def _must(value: Any) -> _Want:
    return _Want((value,))


def _connection_id(case: Case) -> _Want:
    """The id of the pair's one connection; not known before the connection is made, and known to be no other one then."""
    made = case.plan.at(f"{MODULE}.{CONNECTION}")
    id = made.after.get("id") if made is not None else None
    return _Want((id,) if isinstance(id, str) and id.startswith(_PEERING) else (), later=True)


def _tags(case: Case) -> Wants:
    """The marker, on both sides, and the name; nothing of an account's own tags."""
    name = {"Name": case.name}
    return {"tags": _must(name), "tags_all": _must({**name, "managed-by": "scaffold", "peering": case.name})}


def _connection(case: Case, change: Change) -> Wants:
    one, other = case.data.requester, case.data.accepter
    said = {"vpc_id": one.vpc_id, "peer_vpc_id": other.vpc_id, "peer_owner_id": other.id, "peer_region": other.region, "auto_accept": False}
    computed = dict.fromkeys(("accept_status", "accepter", "requester"), _FREE)
    return {**computed, "id": _connection_id(case), **{key: _must(value) for key, value in said.items()}, **_tags(case)}


def _acceptance(case: Case, change: Change) -> Wants:
    """Its view of the two VPCs is computed: which of them it calls the peer depends on the accounts."""
    one, other = case.data.requester, case.data.accepter
    vpc, owner, region = ((getattr(one, name), getattr(other, name)) for name in ("vpc_id", "id", "region"))
    seen = {"vpc_id": vpc, "peer_vpc_id": vpc, "peer_owner_id": owner, "peer_region": region}
    return {
        **dict.fromkeys(("accept_status", "accepter", "requester"), _FREE),
        **dict.fromkeys(("id", "vpc_peering_connection_id"), _connection_id(case)),
        **{key: _Want(values, later=True) for key, values in seen.items()},
        "auto_accept": _must(True),
        **_tags(case),
    }


def _options(case: Case, change: Change) -> Wants:
    """Each side sets its own block; the other one is what the other side has set so far."""
    own = {change.name: _must([{"allow_remote_vpc_dns_resolution": case.data.dns}])}
    return {**dict.fromkeys(SIDES, _FREE), **dict.fromkeys(("id", "vpc_peering_connection_id"), _connection_id(case)), **own}


def _route(case: Case, change: Change) -> Wants:
    table, block = case.data.routes(change.name)[change.index]
    v4, v6 = (_NOTHING, _must(block)) if ":" in block else (_must(block), _NOTHING)
    return {
        "route_table_id": _must(table),
        "destination_cidr_block": v4,
        "destination_ipv6_cidr_block": v6,
        "vpc_peering_connection_id": _connection_id(case),
        **dict.fromkeys(("id", "origin", "state"), _FREE),
        # the provider computes these, so a first plan does not know them; that nobody asks for them shows in the configuration
        **dict.fromkeys(("instance_id", "instance_owner_id", "network_interface_id"), _NOTHING_YET),
    }


_WANTS: Mapping[str, Callable[[Case, Change], Wants]] = {
    "aws_vpc_peering_connection": _connection,
    "aws_vpc_peering_connection_accepter": _acceptance,
    OPTIONS: _options,
    ROUTE: _route,
}


def values(case: Case) -> Iterator[Problem]:
    """Every object that there will be is what the data says."""
    for change in case.plan.changes:
        if _will_be(change) and not _is_undecided(case, change):
            yield from _compared(case, change, _WANTS[change.type](case, change))


def _will_be(change: Change) -> bool:
    return change.place in PLACES and change.mode != DATA and bool(change.after or change.unknown)


def _is_undecided(case: Case, change: Change) -> bool:
    return change.type == ROUTE and change.index not in case.data.routes(change.name)


def routes(case: Case) -> Iterator[Problem]:
    """Every route leads from a table of one side to a range of the other."""
    for side in SIDES:
        place = f"{ROUTE}.{side}"
        found = [each.index for each in case.plan.changes if each.place == place and _will_be(each) and _is_undecided(case, each)]
        if found:
            own, peer = case.data.side(side), case.data.peer(side)
            message = (
                f"nobody decided the routes {listed(found)} of {own.name}: its tables are {listed(own.route_table_ids)},"
                f" and {peer.name} has the ranges {listed(case.data.ranges(side))}"
            )
            yield case.refuse("wrong-route", message, _RENEW, found[0])


def _compared(case: Case, change: Change, wants: Wants) -> Iterator[Problem]:
    for name in sorted({*wants, *change.after, *change.unknown}):
        want, found, unknown = wants.get(name, _NOTHING), change.after.get(name), change.unknown.get(name)
        if want.free:
            continue
        if unknown is not None and not (want.later and unknown):
            yield _unknown(case, change, name, want)
        elif not (unknown and found is None) and spelled(found) not in map(spelled, want.values):
            yield _wrong(case, change, name, found, want)


def _unknown(case: Case, change: Change, name: str, want: _Want) -> Problem:
    message = f"{change.address}: {name} is known only after apply; it has to be {_choice(want)}"
    return case.refuse("unknown-value", message, "make it a value of peering.tf.json: " + _RENEW, name)


def _wrong(case: Case, change: Change, name: str, found: Any, want: _Want) -> Problem:
    id = _IDS.get(name, "wrong-target" if change.type == ROUTE and want.values == _EMPTY else "wrong-value")
    return case.refuse(id, f"{change.address}: {name} is {shown(found)}; it has to be {_choice(want)}", _RENEW, found)


_LASTING = frozenset({"id", "vpc_id", "peer_vpc_id", "peer_owner_id", "peer_region", "vpc_peering_connection_id"})
"""Of a connection, an acceptance and options: what never changes in place."""


def before(case: Case) -> Iterator[Problem]:
    """What a live pair's plan starts from is the pair's own: one connection lasts, and a route that is taken over leads there already.

    Of an object in the state, the state says it once more. Tags and options may differ, and a route that was turned by hand is
    turned back: that is what a plan is for.
    """
    made = case.plan.at(f"{MODULE}.{CONNECTION}")
    if case.tombstone or made is None or "delete" in made.actions:
        return  # what follows from that is said as a missing or deleted connection
    prior = _prior(case)
    for change in case.plan.changes:
        taken = change.importing is not None
        if (taken or change.place in SINGLE) and _will_be(change) and not _is_undecided(case, change):
            yield from (problem for found in _said(change, prior) if found or taken for problem in _was(case, change, found))


def _prior(case: Case) -> Mapping[str, Values]:
    return {known.address: known.values for known in case.plan.prior}


def _said(change: Change, prior: Mapping[str, Values]) -> list[Values]:
    """What an object was before: by its entry, and by the state where that says something else."""
    known = prior.get(change.address, change.before)
    return [change.before] if known == change.before else [change.before, known]


def _was(case: Case, change: Change, found: Values) -> Iterator[Problem]:
    """Where an object was another one than it has to be. Nothing that was is unknown."""
    wants = {name: want for name, want in _WANTS[change.type](case, change).items() if change.type == ROUTE or name in _LASTING}
    id, remedy = ("wrong-import", "import only what is this pair's") if change.importing is not None else ("foreign-object", _TAKE_OUT)
    for name in sorted({*wants, *(found if change.type == ROUTE else ())}):
        want, value = wants.get(name, _NOTHING), found.get(name)
        if not want.free and spelled(value) not in map(spelled, want.values):
            message = f"{change.address}: {name} was {shown(value)} before this plan; of this pair it has to be {_choice(want)}"
            yield case.refuse(id, message, remedy, value)


def _choice(want: _Want) -> str:
    if want.values == _EMPTY:
        return "empty"
    return " or ".join(dict.fromkeys(map(spelled, want.values))) or "the id of the connection that this plan makes, known only after apply"


def answers(case: Case) -> Iterator[Problem]:
    """What AWS said of the two VPCs while the plan was made: account, region and IPv4 ranges are the decided ones.

    The only place of a plan that shows which account and region a provider has really reached.
    """
    if case.tombstone:
        return
    for side in SIDES:
        address = f"{MODULE}.{NETWORK}.{side}"
        found = next((known.values for known in case.plan.prior if known.address == address), None)
        if found is None:
            message = f"prior_state has no answer of {address}: nobody has looked whether {case.data.side(side).vpc_id} is what it was"
            yield case.refuse("wrong-network", message, "plan again, without -target and without -refresh=false")
        else:
            yield from _answer(case, address, case.data.side(side), found)


def _answer(case: Case, address: str, side: Side, found: Values) -> Iterator[Problem]:
    wanted: dict[str, tuple[Any, ...]] = {
        "arn": (side.vpc_arn,),
        "id": (side.vpc_id,),
        "owner_id": (side.id,),
        "IPv4 ranges": (sorted(side.cidr_blocks),),
        # the data source shows one of them, whichever AWS names first
        "ipv6_cidr_block": side.ipv6_cidr_blocks or ("", None),
    }
    seen = {**{name: found.get(name, "nothing") for name in wanted}, "IPv4 ranges": _associated(found)}
    for name, values in wanted.items():
        if spelled(seen[name]) not in map(spelled, values):
            decided = " or ".join(map(shown, values))
            message = f"{address} of {side.name}: {name} is {shown(seen[name])}; decided was {decided}"
            yield case.refuse("wrong-network", message, 'run "scaffold pull" and "scaffold sync", and review the change', seen[name])


def _associated(found: Values) -> Any:
    """The ranges in use, in order; what Terraform said, where it has another form."""
    said = found.get("cidr_block_associations")
    try:
        return sorted(each["cidr_block"] for each in said if each["state"] == "associated")  # type: ignore[union-attr]
    except (KeyError, TypeError):
        return said


def missing(case: Case) -> Iterator[Problem]:
    """A live pair has its connection, both acceptances and options, and every route: in the state already, or made now."""
    if case.tombstone:
        return
    wanted = [f"{MODULE}.{place}" for place in SINGLE]
    for side in SIDES:
        wanted += [f'{MODULE}.{ROUTE}.{side}["{index}"]' for index in case.data.routes(side)]
    there = {change.address for change in case.plan.changes if change.after}
    absent = tuple(address for address in wanted if address not in there)
    if absent:
        message = f"the plan neither has nor makes {listed(absent)}"
        yield case.refuse("missing-object", message, "plan again, without -target; " + _RENEW, absent[0])


def gone(case: Case) -> Iterator[Problem]:
    """What a plan deletes was this pair's: the connection by its marker or its VPCs, a route by leading to it.

    Where the connection is gone already, nobody can tell which one a route led to; then any peering connection will do.
    """
    prior = _prior(case)
    ours = [change.before.get("id") for change in case.plan.changes if change.place in SINGLE and change.before]
    for change in case.plan.changes:
        if change.place in PLACES and "delete" in change.actions:
            yield from (problem for said in _said(change, prior) for problem in _not_ours(case, change, said, ours))


def _not_ours(case: Case, change: Change, said: Values, ours: Collection[Any]) -> Iterator[Problem]:
    vpcs, target = {case.data.requester.vpc_id, case.data.accepter.vpc_id}, said.get("vpc_peering_connection_id")
    why = ""
    if change.type == ROUTE and (not str(target).startswith(_PEERING) or (ours and target not in ours)):
        why = f"leads to {shown(target)}, which is not the connection of this pair"
    elif "tags_all" in said and not _marked(case, said) and {str(said.get(name)) for name in ("vpc_id", "peer_vpc_id")} != vpcs:
        why = f"neither has the tag peering = {case.name} nor joins {' and '.join(sorted(vpcs))}"
    if why:
        yield case.refuse("foreign-object", f"{change.address} would be deleted, and it {why}", _TAKE_OUT, change.address)


def _marked(case: Case, said: Values) -> bool:
    tags = said.get("tags_all")
    return isinstance(tags, dict) and tags.get("peering") == case.name
