"""What is drawn of a plan, and what is said of a network and of a pair."""

from __future__ import annotations

import pytest

from generator.cli.picture import TONES
from generator.peering import explain
from generator.peering.describe import Standing
from generator.peering.existing import State
from generator.peering.model import Decision, Judgement, Key, Refusal
from generator.peering.picture import drawn, explained, of_network, of_pair, view
from generator.peering.plan import Action, Pair, Plan, plan
from generator.peering.policy import Effect, Operator, Policy, Requirement, Rule, Selector
from tests.support.networks import LIMITS, allowing, network, networks, pairs

ALLOW, DENY = Judgement(Decision.ALLOW, ("a-b",)), Judgement(Decision.DENY)
WAITS, CANNOT = Refusal("w", "not built yet", "wait", waiting=True), Refusal("c", "they overlap", "change one")
NAMES: Key = ("a", "b")
STANDINGS = {
    Standing.DISCONNECT: Pair(NAMES, DENY, State.LIVE, Action.TOMBSTONE),
    Standing.CONNECT: Pair(NAMES, ALLOW, State.NONE, Action.CREATE),
    Standing.IN_DOUBT: Pair(NAMES, ALLOW, State.LIVE, Action.KEEP, (CANNOT,), error="they overlap"),
    Standing.REFUSED: Pair(NAMES, ALLOW, refusals=(WAITS, CANNOT)),
    Standing.UNDETERMINED: Pair(NAMES, Judgement(Decision.UNDETERMINED, why="a tag is absent")),
    Standing.PROPOSED: Pair(NAMES, Judgement(Decision.DENY, ("idea",), proposed=True)),
    Standing.WAITING: Pair(NAMES, ALLOW, refusals=(WAITS,)),
    Standing.CONNECTED: Pair(NAMES, ALLOW, State.LIVE, Action.KEEP),
    Standing.GONE: Pair(NAMES, DENY, State.TOMBSTONE),
}
DENIED = Pair(NAMES, DENY)


@pytest.mark.parametrize("standing", STANDINGS)
def test_every_pair_that_is_not_simply_denied_is_drawn(standing: Standing) -> None:
    """As what it is."""
    pair = STANDINGS[standing]

    assert drawn(Plan({}, {NAMES: pair})) == {NAMES: (standing, pair)}


def test_denied_pairs_are_not_drawn() -> None:
    """There are as many as pairs of networks, and they would hide everything else."""
    assert drawn(Plan({}, {NAMES: DENIED})) == {} and set(TONES) == set(Standing) - {Standing.DENIED}


@pytest.mark.parametrize("standing", [Standing.LOST, Standing.CHANGED, Standing.DISCONNECT])
def test_a_change_says_where_its_pairs_stand(standing: Standing) -> None:
    """Also of those that the new plan denies; all others stand as they do anyhow; what matters most comes first."""
    other = Pair(("a", "c"), ALLOW, State.LIVE, Action.KEEP)
    found = drawn(Plan({}, {other.names: other}), {standing: [DENIED]})

    assert list(found.items()) == [(NAMES, (standing, DENIED)), (other.names, (Standing.CONNECTED, other))]


def test_what_is_said_of_a_pair() -> None:
    """Why, what to do about it, the rule with its place and its reason, and the command that tells more."""
    members = networks("a", "b", b={"blocks": ["10.0.0.0/16"]})
    found = plan(allowing(pairs("a b")), list(members.values()), {}, LIMITS)
    facts = dict(of_pair(found.pairs[NAMES], view(found, allowing(pairs("a b")), LIMITS)))

    assert "overlap" in facts["why"] and "declare a further network" in facts["what to do"]
    assert facts["rule"] == "a-b (peering/policy.yaml:3): why" and facts["ask"] == "scaffold peering explain a b"
    assert "stack" not in facts


def test_a_rule_that_is_gone_is_named_only() -> None:
    """An expired one, say: nothing else is known of it."""
    seen = view(Plan({}, {NAMES: STANDINGS[Standing.CONNECTED]}), Policy(), LIMITS)

    assert dict(of_pair(STANDINGS[Standing.CONNECTED], seen))["rule"] == "a-b"


def test_the_explanation_is_that_of_the_command() -> None:
    """Line by line, as far as it weighs this pair alone: which tag would flip a denied one is told by the command only."""
    members = networks("a", "b", "c")
    policy = allowing(pairs("a b"))
    found = plan(policy, list(members.values()), {}, LIMITS)
    seen = view(found, policy, LIMITS)
    short = explain.outline(NAMES, found, policy, (seen.degrees["a"], seen.degrees["b"]))

    assert explained(NAMES, seen) == explain.lines(short, "peering/policy.yaml") and seen.degrees["a"] == (1, 50)
    assert explained(NAMES, seen)[1] == "  by        a-b   peering/policy.yaml:3   why"
    assert explained(("a", "c"), seen)[1:3] == ["  by        no rule allows it", "  nearest   allow a-b   peering/policy.yaml:3"]
    assert "  would flip an allow for this pair" in explained(("a", "c"), seen)


def test_a_network_that_was_not_read_is_not_explained() -> None:
    """No rule can be asked of it."""
    found = plan(Policy(), list(networks("a").values()), {}, LIMITS)

    assert explained(NAMES, view(found, Policy(), LIMITS)) == []


def test_what_is_said_of_a_network() -> None:
    """The tags that the policy looks at come first, all others after them; what is not known is said to be so."""
    tags = {"aaa": "x", "tier": "vpn", "zzz": ""}
    member = network("a", 0, tags=tags, account_id=None, vpc_id=None, blocks=[])
    policy = Policy((Rule("r", Effect.ALLOW, (Selector((Requirement("tier", Operator.EXISTS),)), Selector()), "why"),))
    facts = list(of_network(member, view(plan(policy, [member], {}, LIMITS), policy, LIMITS)))

    assert facts[-4:] == [("tag tier", "vpn"), ("tag aaa", "x"), ("tag zzz", '""'), ("declared in", "a.tf:7")]
    assert facts[:6] == [
        ("account", "a"),
        ("account id", "not known yet"),
        ("region", "us-east-1"),
        ("VPC", "not known yet"),
        ("ranges", "none known"),
        ("peerings", "0 of 50"),
    ]
