"""What a declared connection is like: its ranges, its options for DNS, its markers, and who asked for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from generator.audit.findings import Bench, Found
from generator.audit.live import Live, VpcKey, parsed
from generator.audit.model import End
from generator.inventory.networks import PEERING_TAG, ROUTED
from generator.peering.data import SIDES, Data, Side
from generator.peering.existing import Existing
from generator.peering.model import Key, pair_name
from generator.peering.prune import MARKER
from generator.ranges import Range, clashes
from generator.snapshot.model import Connection, Part, Place


def details(bench: Bench, stack: Existing, live: Live) -> Iterator[Found]:
    """Everything but routes of a declared connection that is active."""
    data = stack.data
    assert data is not None  # it was found by its VPCs
    if live.requester.vpc_id != data.requester.vpc_id:
        message = f"{live.id} was requested by {data.accepter.name}, and the stack says by {data.requester.name}"
        yield bench.of("wrong-direction", live, message, remedy=f"scaffold peering adopt {' '.join(stack.pair)}")
    for name in SIDES:
        yield from _ranges(bench, data.side(name), live)
        yield from _at_home(bench, stack.pair, data, data.side(name), live)
        yield from _unlisted(bench, data.side(name), live)


def vpc_of(side: Side) -> VpcKey:
    """Which VPC a reviewed side is."""
    return side.id, side.region, side.vpc_id


def _ranges(bench: Bench, side: Side, live: Live) -> Iterator[Found]:
    """The ranges of a side: those of its VPC and those that the connection shows, against the reviewed ones."""
    known = bench.index.ranges(vpc_of(side))
    place = Place(side.id, side.region)
    if known is None and bench.index.snapshot.gap(place):
        yield bench.unknown(bench.subject(bench.ends(live)), f"the ranges of {side.name}", [place])
        return
    own, reviewed = set(known or ()), set(side.blocks)
    now = {*own, *parsed(live.shown(vpc_of(side)))}
    for block in sorted(reviewed - own):
        seen = f"it has {_listed(own)}" if known is not None else "AWS does not show this VPC any more"
        message = f"{side.vpc_id} of {side.name} does not have the reviewed range {block}; {seen}"
        yield bench.of("cidr-mismatch", live, message, key=str(block), evidence={"reviewed": str(block)})
    for block in sorted(now - reviewed):
        message = f"{side.vpc_id} of {side.name} has the range {block}, which was not reviewed"
        yield bench.of("cidr-added", live, message, key=str(block), evidence={"added": str(block)})


def _unlisted(bench: Bench, side: Side, live: Live) -> Iterator[Found]:
    """Tables of the VPC that are tagged for peers, and that the stack does not know."""
    for table in bench.index.tables.get(vpc_of(side), ()):
        if table.tags.get(PEERING_TAG) == ROUTED and table.id not in side.route_table_ids:
            message = f"{table.id} of {side.name} is tagged {PEERING_TAG} = {ROUTED}, and the stack does not list it"
            yield bench.of("table-unlisted", live, message, key=table.id)


def _listed(blocks: set[Range]) -> str:
    return ", ".join(map(str, sorted(blocks))) or "none"


def _at_home(bench: Bench, pair: Key, data: Data, side: Side, live: Live) -> Iterator[Found]:
    """What only a side's own place shows: its option for DNS, its VPC's attributes, its marker."""
    place = Place(side.id, side.region)
    view = live.views.get(place)
    if view is None:
        if bench.index.snapshot.gap(place):
            yield bench.unknown(pair_name(pair), f"DNS and the marker of {side.name}", [place])
        return  # that its own place does not show it is told of every connection
    yield from _dns(bench, pair, data, side, live, view)
    if view.tags.get(MARKER) != pair_name(pair):
        seen = f'is "{view.tags[MARKER]}"' if MARKER in view.tags else "is missing"
        message = f"the tag {MARKER} of {live.id} {seen} in account {side.id}"
        yield bench.of("ownership-tag-missing", live, message, key=side.name, evidence={"tags": dict(view.tags)})


def _dns(bench: Bench, pair: Key, data: Data, side: Side, live: Live, view: Connection) -> Iterator[Found]:
    option = next((each.dns for each in view.sides if each.vpc_id == side.vpc_id), None)
    vpc = bench.index.vpcs.get(vpc_of(side))
    if option is None:
        yield bench.unknown(pair_name(pair), f"the DNS option of {side.name}", [Place(side.id, side.region)], Part.DNS)
    elif option is not data.dns:
        id, word = ("dns-option-off", "does not resolve") if data.dns else ("dns-option-on-unwanted", "resolves")
        message = f"{side.name} {word} private names of {data.peer(_name(data, side)).name} over {live.id}"
        yield bench.of(id, live, message, key=side.name)
    if data.dns and (vpc is None or vpc.dns is None):
        yield bench.unknown(pair_name(pair), f"whether DNS is on in {side.vpc_id} of {side.name}", [Place(side.id, side.region)], Part.DNS)
    elif data.dns and vpc is not None and vpc.dns is False:
        message = f"DNS support or DNS host names are off in {side.vpc_id} of {side.name}"
        yield bench.of("vpc-dns-attribute-off", live, message, key=side.name)


def _name(data: Data, side: Side) -> str:
    return SIDES[0] if data.requester is side else SIDES[1]


def overlaps(bench: Bench) -> Iterator[Found]:
    """Peers of one VPC whose ranges overlap each other."""
    peers: dict[VpcKey, dict[VpcKey, Live]] = defaultdict(dict)
    for live in bench.index.connections.values():
        if live.active:
            one, other = live.requester.vpc, live.accepter.vpc
            peers[one][other], peers[other][one] = live, live
    for vpc, others in sorted(peers.items()):
        blocks = [(block, other) for other, live in others.items() for block in _blocks_of(bench, other, live)]
        for outer, inner in clashes(blocks) if len(others) > 1 else ():
            named = sorted({*outer[1], *inner[1]})
            if len(named) > 1:
                yield _overlap(bench, bench.end(vpc), [bench.end(each) for each in named], outer[0], inner[0])


def _blocks_of(bench: Bench, vpc: VpcKey, live: Live) -> list[Range]:
    known = bench.index.ranges(vpc)
    return list(dict.fromkeys(known if known is not None else parsed(live.shown(vpc))))


def _overlap(bench: Bench, end: End, peers: list[End], outer: Range, inner: Range) -> Found:
    words = f"{outer}" if outer == inner else f"{outer} and {inner}"
    message = f"its peers {' and '.join(map(str, peers))} overlap in {words}"
    return bench.found("overlap-latent", [end, *peers], message, subject=str(end), key=f"{outer}|{inner}|{'|'.join(map(str, peers))}")
