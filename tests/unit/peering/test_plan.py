"""What becomes of a pair: the table of the design, every cell of it, and everything that may come in between."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from generator.peering.existing import State
from generator.peering.model import Decision, Judgement, Key, Member
from generator.peering.plan import Action, Pair, Plan, plan
from generator.peering.policy import Effect, Operator, Policy, Requirement, Rule, Selector
from generator.problems import Problem
from generator.ranges import parse_any
from tests.support.networks import LIMITS, networks, stacks, standing, with_

PAIR = ("a", "b")
ANY = (Selector(), Selector())
ALLOW = Rule("all", Effect.ALLOW, ANY, "why")
DENY = Rule("none", Effect.DENY, ANY, "why")
PROPOSED = replace(ALLOW, id="maybe", proposed=True)
BY_ABSENCE = Rule("tierless", Effect.DENY, (Selector((Requirement("tier", Operator.NOT_IN, ("vpn",)),)), Selector()), "why")
DOUBTED = (Problem(id="unknown-account", message="nobody is called prd-ml"),)

DECISIONS: dict[str, tuple[tuple[Rule, ...], dict[str, Any] | None]] = {
    "allow": ((ALLOW,), {}),
    "deny": ((ALLOW, DENY), {}),
    "no rule": ((), {}),
    "proposed": ((PROPOSED,), {}),
    "retiring": ((ALLOW,), {"retiring": "true"}),
    "retiring, unclassified": ((ALLOW,), {"retiring": "true", "unclassified": ("no owner",)}),
    "by absence": ((ALLOW, BY_ABSENCE), {}),
    "unclassified": ((ALLOW,), {"unclassified": ("no owner",)}),
    "unclassified, denied": ((ALLOW, DENY), {"unclassified": ("no owner",)}),
    "unread": ((ALLOW,), None),
    "unread, denied": ((ALLOW, DENY), None),
}
"""The rules, and what is different about b; None: nothing that was read declares it."""
DENIED = {"deny", "no rule", "proposed", "retiring", "retiring, unclassified"}
REFUSED = {"region": "eu-west-9"}


def _plan(decision: str, state: State = State.NONE, doubts: bool = False, occupied: bool = False, **about: Any) -> Plan:
    """The plan of a and b; `about` are facts of a, and fields of the stack."""
    rules, said = DECISIONS[decision]
    members = networks("a", "b", b=said or {})
    of_stack = {name: value for name, value in about.items() if name in ("ours", "doubt", "ends")}
    members["a"] = with_(members["a"], **{name: value for name, value in about.items() if name not in of_stack})
    known = [member for name, member in members.items() if name == "a" or said is not None]
    there = {} if state is State.NONE else stacks(standing("a b", state, **of_stack))
    return plan(Policy(rules), known, there, LIMITS, DOUBTED if doubts else (), {PAIR} if occupied else ())


def _pair(decision: str, state: State = State.NONE, **about: Any) -> Pair:
    """The pair of a and b; one that is not even listed is denied."""
    return _plan(decision, state, **about).pairs.get(PAIR, Pair(PAIR, Judgement(Decision.DENY)))


TABLE = [
    # decision, refused, no stack yet, live stack (with an error?), tombstone
    ("allow", False, "create", "keep", "create"),
    ("allow", True, "none", "keep, error", "none"),
    ("deny", False, "none", "tombstone", "none"),
    ("deny", True, "none", "tombstone", "none"),
    ("no rule", False, "none", "tombstone", "none"),
    ("no rule", True, "none", "tombstone", "none"),
    ("proposed", False, "none", "tombstone", "none"),
    ("retiring", False, "none", "tombstone", "none"),
    ("retiring", True, "none", "tombstone", "none"),
    ("retiring, unclassified", False, "none", "tombstone", "none"),
    ("by absence", False, "none", "keep, error", "none"),
    ("by absence", True, "none", "keep, error", "none"),
    ("unclassified", False, "none", "keep, error", "none"),
    ("unclassified", True, "none", "keep, error", "none"),
    ("unclassified, denied", False, "none", "keep, error", "none"),
    ("unread", False, "none", "keep, error", "none"),
    ("unread, denied", False, "none", "keep, error", "none"),
]


@pytest.mark.parametrize(("decision", "refused", "none", "live", "tombstone"), TABLE)
def test_the_table_of_the_design(decision: str, refused: bool, none: str, live: str, tombstone: str) -> None:
    """Knowledge connects and disconnects; ignorance does neither, and says so where something stands."""
    about = REFUSED if refused else {}

    found = [_pair(decision, state, **about) for state in (State.NONE, State.LIVE, State.TOMBSTONE)]

    assert [pair.action.value + (", error" if pair.error else "") for pair in found] == [none, live, tombstone]


def _expected(decision: str, state: State, refused: bool, ours: bool, doubt: bool, doubts: bool, occupied: bool) -> tuple[Action, bool]:
    """`(action, is it an error)` in the plainest words, for everything at once."""
    live, denied = state is State.LIVE, decision in DENIED
    fine = decision == "allow" and not refused and not (doubt and state is not State.NONE)
    if not live:
        return (Action.CREATE if fine and not doubts and not occupied else Action.NONE), False
    if denied and ours and not doubts:
        return Action.TOMBSTONE, False
    return Action.KEEP, not fine


EVERYTHING = [
    case
    for case in product(DECISIONS, State, *[(False, True)] * 5)
    if not (case[6] and case[1] is not State.NONE) and not (case[1] is State.NONE and (case[4] or not case[3]))
]


@pytest.mark.parametrize("decision", DECISIONS)
def test_everything_that_may_come_together(decision: str) -> None:
    """Decision, stack, a refusal, an edited stack, one that cannot be told, a policy in doubt, and somebody else's directory."""
    for _, state, refused, ours, doubt, doubts, occupied in (case for case in EVERYTHING if case[0] == decision):
        about = REFUSED if refused else {}
        found = _pair(decision, state, doubts=doubts, occupied=occupied, ours=ours, doubt="who knows" if doubt else "", **about)

        expected = _expected(decision, state, refused, ours, doubt, doubts, occupied)

        assert (found.action, bool(found.error)) == expected, (state, refused, ours, doubt, doubts, occupied)


@pytest.mark.parametrize("names", [["a"], ["b"], []])
@pytest.mark.parametrize("state", [State.LIVE, State.TOMBSTONE])
def test_a_side_that_was_not_read_is_no_side_that_is_gone(names: list[str], state: State) -> None:
    """The stack stays what it is, and the plan says which side nobody declares."""
    found = plan(Policy(), [networks("a", "b")[name] for name in names], stacks(standing("a b", state)), LIMITS).pairs[PAIR]

    assert found.decision is Decision.UNDETERMINED
    missing = " and ".join(name for name in PAIR if name not in names)
    assert found.judgement.why == f"no request or accounts.yaml that was read declares the network {missing}"
    assert found.action is (Action.KEEP if state is State.LIVE else Action.NONE)


@pytest.mark.parametrize(("said", "decision"), [({"retiring": "2026-11-24"}, Decision.DENY), ({}, Decision.UNDETERMINED)])
def test_a_retiring_side_is_enough_where_the_other_was_not_read(said: dict[str, str], decision: Decision) -> None:
    """It is denied whoever the other side is; without that word nothing is known."""
    a = with_(networks("a")["a"], **said)

    found = plan(Policy((ALLOW,)), [a], stacks(standing("a b")), LIMITS).pairs[PAIR]

    assert found.decision is decision
    assert found.action is (Action.TOMBSTONE if decision is Decision.DENY else Action.KEEP)
    assert found.judgement.why == 'a is retiring ("2026-11-24")' or not said


# a stack that is there, and does not fit what is known now

NOW = ("100000000001", "us-east-1", "vpc-00000000000000001")


@pytest.mark.parametrize(
    "ends",
    [
        pytest.param((NOW[0], "eu-west-1", NOW[2]), id="another region"),
        pytest.param((*NOW[:2], "vpc-99999999"), id="another VPC"),
    ],
)
def test_a_live_pair_never_moves_by_itself(ends: tuple[str, str, str]) -> None:
    """Terraform would replace the connection: it is kept, and said."""
    found = _pair("allow", State.LIVE, ends={"b": ends})

    (refusal,) = found.refusals
    assert (found.action, refusal.id, refusal.waiting) == (Action.KEEP, "other-end", False)
    assert found.error == f"b was {' '.join(ends)} when the pair was reviewed, and is {' '.join(NOW)} now"
    assert refusal.remedy == (
        "correct inventory.json or b.tf; if it was really replaced, deny the pair by accounts:, apply its tombstone, and allow it again"
    )


@pytest.mark.parametrize(
    ("decision", "state", "ends", "action"),
    [
        pytest.param("allow", State.LIVE, {"b": NOW}, Action.KEEP, id="the same end"),
        pytest.param("allow", State.LIVE, {}, Action.KEEP, id="ends that an edited file does not tell"),
        pytest.param("allow", State.TOMBSTONE, {"b": ("999999999999", *NOW[1:])}, Action.CREATE, id="a tombstone connects nothing"),
        pytest.param("deny", State.LIVE, {"b": (*NOW[:2], "vpc-99999999")}, Action.TOMBSTONE, id="a denied pair goes, whatever VPC it has"),
    ],
)
def test_what_does_not_move(decision: str, state: State, ends: dict[str, tuple[str, str, str]], action: Action) -> None:
    """The near twins."""
    found = _pair(decision, state, ends=ends)

    assert (found.action, found.refusals, found.error) == (action, (), "")


@pytest.mark.parametrize("decision", ["allow", "deny"])
def test_a_name_that_is_another_account_now_decides_nothing(decision: str) -> None:
    """By whose tags? Names were exchanged, or one was given away: the pair that stands is that of the account in its data."""
    found = _pair(decision, State.LIVE, ends={"b": ("999999999999", *NOW[1:])})

    assert (found.action, found.decision) == (Action.KEEP, Decision.UNDETERMINED)
    assert found.error == "it cannot be decided: b is the account 999999999999 in this stack, and 100000000001 is called so now"


def test_a_deny_by_name_means_the_pair() -> None:
    """Whoever names both accounts sees what the stack holds: so a pair whose account was really replaced can go."""
    rule = Rule("out", Effect.DENY, (Selector(accounts=("a",)), Selector(accounts=("b",))), "b was replaced")
    members = list(networks("a", "b").values())

    found = plan(Policy((ALLOW, rule)), members, stacks(standing("a b", ends={"b": ("999999999999", *NOW[1:])})), LIMITS).pairs[PAIR]

    assert found.action is Action.TOMBSTONE


def test_an_end_that_is_not_known_now_is_no_other_one() -> None:
    """It is waited for, as ever."""
    found = _pair("allow", State.LIVE, ends={"a": NOW}, vpc_id=None)

    assert [refusal.id for refusal in found.refusals] == ["network-unknown"]


@pytest.mark.parametrize("state", [State.LIVE, State.TOMBSTONE])
def test_a_stack_in_doubt_is_not_written_anew(state: State) -> None:
    """Its sides could be exchanged, or its module another release: live or dead, it stays as it is."""
    found = _pair("allow", state, doubt="its main.tf is missing")

    (refusal,) = found.refusals
    assert (refusal.id, refusal.waiting) == ("stack-in-doubt", False)
    assert refusal.message == "peering/a--b is there, and its main.tf is missing"
    assert refusal.remedy == "restore the files of peering/a--b from git"
    assert found.action is (Action.KEEP if state is State.LIVE else Action.NONE)
    assert _pair("allow", state).action is (Action.KEEP if state is State.LIVE else Action.CREATE)


def test_a_stale_network_gets_nothing_new_and_loses_nothing() -> None:
    """Nothing is built on what was not seen; what stands on it stays, without an error."""
    new, live, dead = (_pair("allow", state, stale=True) for state in State)

    assert [pair.action for pair in (new, live, dead)] == [Action.NONE, Action.KEEP, Action.NONE]
    assert (live.refusals, live.error) == ((), "")
    assert all([refusal.id for refusal in pair.refusals] == ["stale"] and pair.refusals[0].waiting for pair in (new, dead))


def test_reasons_are_told_of_pairs_that_are_not_denied() -> None:
    """A denied pair is not also impossible; one that is undetermined is, where it stands."""
    assert _pair("deny", State.LIVE, **REFUSED).refusals == ()
    assert [refusal.id for refusal in _pair("by absence", State.LIVE, **REFUSED).refusals] == ["region-unknown"]


# the policy, or what it decides from, is in doubt; or somebody else is there


def test_a_policy_in_doubt_connects_and_disconnects_nothing() -> None:
    """A misspelt account takes a pair out of a deny without a word."""
    new, gone, kept = _pair("allow", doubts=True), _pair("deny", State.LIVE, doubts=True), _pair("allow", State.LIVE, doubts=True)

    (refusal,) = new.refusals
    assert (refusal.id, refusal.message) == ("policy-in-doubt", "what it is decided from is in doubt")
    assert refusal.remedy == "correct the policy, or the override of requests, first"
    assert gone.error == "the policy would deny it, and what it is decided from is in doubt"
    assert (kept.action, kept.error, kept.refusals) == (Action.KEEP, "", ())


def test_a_directory_that_holds_something_else_is_left_alone() -> None:
    """The pair is allowed, and not made."""
    found = _pair("allow", occupied=True)

    (refusal,) = found.refusals
    assert (refusal.id, refusal.message) == ("occupied", "peering/a--b holds something else")
    assert refusal.remedy == "move it away, or restore its backend.tf from git"


def test_what_somebody_edited_is_not_taken_down() -> None:
    """It is kept, with the rule that denies it."""
    assert _pair("deny", State.LIVE, ours=False).error == (
        "the policy denies this pair (none), and its main.tf or outputs.tf was edited or is yours, "
        "or its data cannot be read, so it is not taken down"
    )


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        ("by absence", "it cannot be decided: tierless would deny it only because a tag is absent"),
        ("unclassified", "it cannot be decided: b: no owner"),
        ("unread", "it cannot be decided: no request or accounts.yaml that was read declares the network b"),
    ],
)
def test_a_pair_in_doubt_says_why(decision: str, said: str) -> None:
    """The words that a reader of the plan gets."""
    assert _pair(decision, State.LIVE).error == said


def test_flags_are_told_of_allowed_pairs() -> None:
    """What a reviewer should know of a pair that can be made; of a denied one nothing."""
    about: dict[str, Any] = {"region": "eu-west-1", "dns": False, "blocks": ["11.0.0.0/20"]}

    assert [id for id, _ in _pair("allow", **about).flags] == ["inter-region", "dns-off", "public-range"]
    assert _pair("by absence", State.LIVE, **about).flags == _pair("allow").flags == ()


def test_the_order_of_what_is_given_changes_nothing() -> None:
    """Members and stacks in any order."""
    members: list[Member] = list(networks("a", "b", "c").values())
    there: list[tuple[Key, Any]] = list(stacks(standing("a b"), standing("b c", State.TOMBSTONE)).items())

    one, other = (plan(Policy((ALLOW,)), members[::step], dict(there[::step]), LIMITS) for step in (1, -1))

    assert list(one.pairs.items()) == list(other.pairs.items())
    assert list(one.members.items()) == list(other.members.items())


# what is connected under another name, or otherwise than it is known now


def test_two_networks_under_new_names_are_not_connected_once_more() -> None:
    """The live stack has their VPCs under the names they had: two states would own one connection."""
    members = networks("new-a", "new-b")
    ends = {
        name: (str(each.facts.account_id), each.region, str(each.facts.vpc_id))
        for name, each in zip(("a", "b"), members.values(), strict=True)
    }

    beside = plan(Policy((ALLOW,)), list(members.values()), stacks(standing("a b", ends=ends)), LIMITS)
    alone = plan(Policy((ALLOW,)), list(members.values()), stacks(), LIMITS)

    assert [refusal.id for refusal in beside.pairs["new-a", "new-b"].refusals] == ["same-vpc", "same-vpc"]
    assert (beside.pairs["a", "b"].action, alone.pairs["new-a", "new-b"].action) == (Action.KEEP, Action.CREATE)


def test_the_ranges_that_are_connected_count_while_a_vpc_moves() -> None:
    """The tables of the hub still lead to what was reviewed: nothing that overlaps it is made beside it."""
    members = networks("hub", "old", "x", old={"vpc_id": "vpc-99999999", "blocks": ["10.7.0.0/20"]}, x={"blocks": ["10.0.16.0/20"]})
    hub = members["hub"].facts
    ends = {"hub": (str(hub.account_id), "us-east-1", str(hub.vpc_id)), "old": ("100000000001", "us-east-1", "vpc-00000000000000001")}
    stack = standing("hub old", ends=ends, blocks={"old": (parse_any("10.0.16.0/20"),)})

    found = plan(Policy((ALLOW,)), list(members.values()), stacks(stack), LIMITS)

    assert [refusal.id for refusal in found.pairs["hub", "x"].refusals] == ["peers-overlap"]


@pytest.mark.parametrize(
    ("unclear", "clash"), [((), ["peers-overlap"]), (("no owner",), ["peers-overlap"])], ids=["allowed", "undetermined"]
)
def test_a_directory_that_nobody_can_read_counts(unclear: tuple[str, ...], clash: list[str]) -> None:
    """It may hold the pair, whatever the policy says of it now."""
    members = networks("hub", "old", "x", old={"blocks": ["10.0.16.0/20"], "unclassified": unclear}, x={"blocks": ["10.0.16.0/20"]})

    found = plan(Policy((ALLOW,)), list(members.values()), stacks(), LIMITS, (), {("hub", "old")})

    assert [refusal.id for refusal in found.pairs["hub", "x"].refusals] == clash


def test_what_was_listed_and_is_gone_is_not_made_anew() -> None:
    """Which side requested, nobody can tell any more."""
    found = plan(Policy((ALLOW,)), list(networks("a", "b").values()), stacks(), LIMITS, (), (), {PAIR}).pairs[PAIR]

    assert (found.action, [refusal.id for refusal in found.refusals]) == (Action.NONE, ["lost-stack"])
