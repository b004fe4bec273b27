"""Quotas: nobody picks, no order matters, no limit is broken, and one place less never makes one pair more."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.peering.decide import Crowd
from generator.peering.feasibility import Question, families, peering_limit, refusals
from generator.peering.model import Key, Member
from tests.support.networks import LIMITS, network, with_

QUICK = settings(max_examples=150)
RANDOM = st.integers(0, 2**32).map(random.Random)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Up to nine networks with few places, pairs that exist and pairs that are new; some networks are crowds."""
    rnd = draw(RANDOM)
    names = [f"n{number}" for number in range(draw(st.integers(2, 9)))]
    members = {name: _network(rnd, name, number) for number, name in enumerate(names)}
    dice = {pair: rnd.random() for pair in combinations(names, 2)}
    new = tuple(pair for pair, found in dice.items() if found < 0.45)
    kept = tuple(pair for pair, found in dice.items() if found > 0.85)
    crowds = {name: Crowd(name, 400, ("all",)) for name in names if rnd.random() < 0.08}
    return Question(members, new, kept, LIMITS, crowds)


def _network(rnd: random.Random, name: str, number: int) -> Member:
    """With few places, of which others use some; now and then with a fault, or the range of another."""
    faults: list[dict[str, Any]] = [{"state": "SUSPENDED"}, {"vpc_id": None}, {"blocks": ["10.0.0.0/24"]}]
    said = rnd.choice([{}] * 8 + faults)
    quotas = {"peerings": rnd.randint(0, 4), "routes": rnd.choice((1, 2, 500, 500))}
    return with_(network(name, number, **said), limits=quotas, used={"peerings": rnd.choice((0, 0, 1))})


QUESTIONS = questions()


def _made(question: Question) -> set[Key]:
    """The new pairs that nothing but waiting stops."""
    found = refusals(question)
    return {pair for pair in question.new if all(refusal.waiting for refusal in found.get(pair, ()))}


def _taken(question: Question, pairs: set[Key]) -> Counter[str]:
    """How many places of each network are taken by its pairs and by others."""
    taken = Counter(name for pair in (*question.kept, *pairs) for name in pair)
    taken.update({name: member.facts.used["peerings"] for name, member in question.members.items()})
    return taken


def _changed(question: Question, name: str, **said: Mapping[str, int]) -> Question:
    return replace(question, members={**question.members, name: with_(question.members[name], **said)})


@QUICK
@given(QUESTIONS, RANDOM)
def test_no_order_changes_an_answer(question: Question, rnd: random.Random) -> None:
    """Neither that of the networks nor that of the pairs: every word is the same."""
    members = dict(rnd.sample(sorted(question.members.items()), len(question.members)))
    new, kept = (tuple(rnd.sample(pairs, len(pairs))) for pairs in (question.new, question.kept))

    assert refusals(replace(question, members=members, new=new, kept=kept)) == refusals(question)


@QUICK
@given(QUESTIONS)
def test_no_network_gets_more_than_its_limit(question: Question) -> None:
    """Peerings and routes: where what exists is too much already, nothing is added."""
    made = _made(question)
    taken, new = _taken(question, made), Counter(name for pair in made for name in pair)
    for name, member in question.members.items():
        assert taken[name] <= peering_limit(member, LIMITS) or not new[name]
        assert _routes(question, name, made) <= member.facts.limits["routes"] or not new[name]


def _routes(question: Question, name: str, made: set[Key]) -> int:
    peers = [other for pair in (*question.kept, *made) if name in pair for other in pair if other != name]
    own = families(question.members[name])
    return sum(block.bits in own for peer in peers for block in question.members[peer].facts.blocks)


@QUICK
@given(QUESTIONS)
def test_a_crowd_gets_nothing(question: Question) -> None:
    """Whatever its limit is."""
    assert all(name not in question.crowds for pair in _made(question) for name in pair)


@QUICK
@given(QUESTIONS)
def test_of_the_new_pairs_of_a_full_network_none_is_picked(question: Question) -> None:
    """A network that a quota stops gets no pair at all, and one that gets a pair has room for all that only it would stop."""
    found, made = refusals(question), _made(question)
    stopping = {refusal.message.split()[0] for reasons in found.values() for refusal in reasons if refusal.id.endswith("-quota")}

    assert all(name not in stopping for pair in made for name in pair)


@QUICK
@given(QUESTIONS, st.data())
def test_one_place_less_never_makes_a_pair_more(question: Question, data: st.DataObject) -> None:
    """At a network whose quota others use up, or whose quota is lowered, at most fewer pairs are made."""
    name = data.draw(st.sampled_from(sorted(question.members)))
    facts = question.members[name].facts
    used = _changed(question, name, used={"peerings": facts.used["peerings"] + data.draw(st.integers(1, 3))})
    lower = _changed(question, name, limits={**facts.limits, "peerings": max(0, facts.limits["peerings"] - 1)})

    before = {pair for pair in _made(question) if name in pair}

    assert {pair for pair in _made(used) if name in pair} <= before
    assert {pair for pair in _made(lower) if name in pair} <= before


@QUICK
@given(QUESTIONS)
def test_with_places_enough_no_quota_stops_anything(question: Question) -> None:
    """The near twin of all above: so the tests are about quotas."""
    wide = {name: with_(member, limits={"peerings": 125, "routes": 500}) for name, member in question.members.items()}

    found = refusals(replace(question, members=wide, crowds={}))

    assert not any(refusal.id.endswith("-quota") for reasons in found.values() for refusal in reasons)


@QUICK
@given(QUESTIONS)
def test_what_a_network_that_has_too_many_refuses_takes_no_place(question: Question) -> None:
    """Its new pairs are as if nobody had asked for them: everybody else is told the same."""
    taken = _taken(question, set())
    full = {name for name, member in question.members.items() if taken[name] >= peering_limit(member, LIMITS) or name in question.crowds}
    fair = replace(question, new=_without_clashes(question))
    asked = tuple(pair for pair in fair.new if not full & {*pair})

    answer, alone = refusals(fair), refusals(replace(fair, new=asked))

    assert {pair: answer.get(pair) for pair in asked} == {pair: alone.get(pair) for pair in asked}


def _without_clashes(question: Question) -> tuple[Key, ...]:
    """Pairs without the networks that have another's range: who clashes is told whether there is a place or not."""
    return tuple(pair for pair in question.new if all(question.members[name].facts.blocks[0].length == 20 for name in pair))
