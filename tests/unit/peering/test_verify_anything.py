"""Anything in the place of anything: a plan is refused, or it means what it meant."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.landing_zone.verify import verify
from tests.support import zones
from tests.support.tampering import CREATE, STANDING, TAMPERED
from tests.support.verified import NAME, STACK, Plan, changed
from tests.unit.peering.decided import FIRST, PLANS, TREES

Place = tuple[str | int, ...]

# What of a plan says nothing about what it does, or says it once more. Positions are `*`, in the list of changes type and name.
SILENT = re.compile(
    r"""(terraform_version|timestamp|applyable|relevant_attributes|checks|planned_values)(\.|\Z)
    | output_changes\.connection_id(\.|\Z)
    | resource_changes\..*\.change\.(before|before_sensitive|after_sensitive|replace_paths)(\.|\Z)
    | resource_changes\.aws_route\..*\.after(_unknown)?\.(id|origin|state)(\.|\Z)
    | resource_changes\.aws_route\..*\.after_unknown\.(instance_id|instance_owner_id|network_interface_id)(\.|\Z)
    | resource_changes\.aws_vpc_peering_connection(_accepter)?\.this\..*\.after(_unknown)?\.(accept_status|accepter|requester)(\.|\Z)
    | resource_changes\.aws_vpc_peering_connection_options\.requester\..*\.after(_unknown)?\.accepter(\.|\Z)
    | resource_changes\.aws_vpc_peering_connection_options\.accepter\..*\.after(_unknown)?\.requester(\.|\Z)
    | prior_state\.(format_version|terraform_version)(\.|\Z)
    | .*\.sensitive_values(\.|\Z)
    | prior_state\..*\.resources\.\*\.(type|name|provider_name|schema_version)(\.|\Z)
    | prior_state\..*\.resources\.\*\.values\.(?!(arn|id|owner_id|cidr_block_associations|ipv6_cidr_block)(\.|\Z))
    | prior_state\..*\.cidr_block_associations\.\*\.association_id(\.|\Z)
    | prior_state\..*\.child_modules\.\*\.address(\.|\Z)
    | configuration\.provider_config\.aws(\.(name|full_name|version_constraint)(\..*)?)?\Z
    | configuration\..*\.(version_constraint|schema_version|description|variables)(\.|\Z)
    | configuration\..*\.expressions\.(vpc_id|peer_\w+|auto_accept|tags|route_table_id|destination_\w+)(\.|\Z)
    | configuration\..*\.resources\.\*\.expressions\.(requester|accepter)(\.|\Z)
    """,
    re.VERBOSE,
)
ZONES = {of: zones.zone(files) for of, files in TREES.items()}
SPEAKS = {CREATE: FIRST, STANDING: PLANS[STANDING]}
WORDS = st.sampled_from(["0.0.0.0/0", "pcx-0bad", "delete", "aws.accepter", NAME])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=8), inner, max_size=2),
    max_leaves=4,
)


def accepted(of: str, plan: Plan) -> bool:
    """Is a plan accepted, in a landing zone that is read once?"""
    return verify(ZONES[of], json.dumps(plan).encode(), STACK).accepted


def places(value: Any, here: Place = ()) -> Iterator[Place]:
    """Where something stands in a document."""
    yield here
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(item, (*here, key))


def pattern(plan: Plan, place: Place) -> str:
    """The place as text, see `SILENT`."""
    steps = ["*" if isinstance(step, int) else step for step in place]
    if place[:1] == ("resource_changes",) and len(place) > 1:
        entry = at(plan, place[:2])
        steps[1] = f"{entry.get('type')}.{entry.get('name')}" if isinstance(entry, dict) else "*"
    return ".".join(steps)


def at(value: Any, place: Place) -> Any:
    """What stands there."""
    for step in place:
        value = value[step]
    return value


def meaning(plan: Plan) -> dict[Place, object]:
    """What a plan says: every leaf that is not silent, and not empty."""
    found: dict[Place, object] = {}
    for place in places(plan):
        value = at(plan, place)
        if SILENT.match(pattern(plan, place)) or "references" in place[:-1]:
            continue
        if place and place[-1] == "references":
            # what refers to a.b also says that it refers to a
            found[place] = tuple(sorted(name for name in value if not any(str(other).startswith(f"{name}.") for other in value)))
        elif not isinstance(value, (dict, list)) and value not in (None, "", False):
            found[place] = value
    return found


def same(plan: Plan, other: Plan) -> bool:
    """Do two plans mean the same?"""
    try:
        return meaning(plan) == meaning(other)
    except (TypeError, KeyError):
        return False


def distinct(plan: Plan) -> list[Place]:
    """One place of each kind: the routes of a side are alike."""
    return list({pattern(plan, place): place for place in places(plan) if place}.values())


def put(plan: Plan, place: Place, value: Any) -> None:
    """Something else in a place."""
    at(plan, place[:-1])[place[-1]] = value


def drop(plan: Plan, place: Place) -> None:
    """Nothing in a place."""
    del at(plan, place[:-1])[place[-1]]


@pytest.mark.parametrize("of", [pytest.param(of, marks=pytest.mark.slow if number else []) for number, of in enumerate(SPEAKS)])
def test_nothing_that_speaks_can_be_left_out(of: str) -> None:
    """Each kind of part taken out of a plan: it is refused, or it said nothing."""
    for place in distinct(SPEAKS[of]):
        less = copy.deepcopy(SPEAKS[of])
        drop(less, place)

        assert not accepted(of, less) or same(less, SPEAKS[of]), pattern(SPEAKS[of], place)


EVERYWHERE = {of: distinct(plan) for of, plan in SPEAKS.items()}
MUTATIONS = st.sampled_from(sorted(SPEAKS)).flatmap(lambda of: st.tuples(st.just(of), st.sampled_from(EVERYWHERE[of]), ANYTHING))


@settings(max_examples=200, deadline=None)
@given(MUTATIONS)
def test_nothing_that_speaks_can_say_something_else(mutation: tuple[str, Place, Any]) -> None:
    """Anything in the place of anything: the plan is refused, or it means what it meant."""
    of, place, value = mutation
    other = changed(SPEAKS[of], lambda plan: put(plan, place, value))

    assert not accepted(of, other) or same(other, SPEAKS[of])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(TAMPERED)), st.booleans(), ANYTHING, st.data())
def test_no_second_change_hides_the_first(name: str, out: bool, value: Any, data: st.DataObject) -> None:
    """A plan that is refused stays refused, unless what is changed is the very place of the first change."""
    tampering = TAMPERED[name]
    bad = changed(PLANS[tampering.of], tampering.edit)
    place = data.draw(st.sampled_from([place for place in distinct(bad) if equal(place, PLANS[tampering.of], bad)]))
    worse = changed(bad, lambda plan: drop(plan, place) if out else put(plan, place, value))

    assert not accepted(tampering.of, worse)


def equal(place: Place, plan: Plan, other: Plan) -> bool:
    """Does the same stand in a place of both plans?"""
    try:
        return json.dumps(at(plan, place)) == json.dumps(at(other, place))
    except (KeyError, IndexError, TypeError):
        return False
