"""What a person is told of a plan: each thing once, with its place, its severity and what to do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from generator.peering.existing import State
from generator.peering.model import Decision, Member
from generator.peering.plan import Action, Plan, every_pair, kept_remedy, obstacles, plan, problems
from generator.peering.policy import Effect, Operator, Policy, Requirement, Rule, Selector
from generator.problems import Problem, Severity
from tests.support.networks import LIMITS, allowing, network, networks, pairs, stacks, standing

PAIR = ("a", "b")
RULES = allowing([PAIR])
BY_ABSENCE = Rule("tierless", Effect.DENY, (Selector((Requirement("tier", Operator.NOT_IN, ("vpn",)),)), Selector()), "why")
PULL = 'run "scaffold pull", or restore inventory.json from git'


def _plan(policy: Policy = RULES, there: Any = None, doubts: tuple[Problem, ...] = (), **said: Any) -> Plan:
    return plan(policy, list(networks("a", "b", **said).values()), there or {}, LIMITS, doubts)


def _told(found: Plan) -> list[str]:
    return [f"{problem.severity.value} {problem.id}" for problem in problems(found)]


def test_a_plan_in_which_everything_is_known_says_nothing() -> None:
    """New, kept or taken down."""
    assert _told(_plan()) == _told(_plan(there=stacks(standing("a b")))) == _told(_plan(Policy(), stacks(standing("a b")))) == []


def test_a_pair_that_is_kept_in_doubt_is_an_error() -> None:
    """At its directory, with the reason and the remedy of each refusal."""
    (problem,) = problems(_plan(there=stacks(standing("a b")), b={"state": "SUSPENDED"}))

    assert (problem.id, problem.severity, problem.file) == ("kept-peering", Severity.ERROR, "peering/a--b")
    assert problem.message == "kept as it is: the account 100000000001 of b is SUSPENDED"
    assert problem.remedy == "reopen it, or write the custom field retiring into b.tf"


OVERLAP = "a VPC keeps its range: declare a further network of a in a.tf, or of b in b.tf"


@pytest.mark.parametrize(
    ("policy", "stack", "said", "remedy"),
    [
        pytest.param(Policy(), {"ours": False}, {}, "restore both from git, the data file too, and run scaffold sync", id="denied, edited"),
        pytest.param(RULES, {}, {"b": {"vpc_id": None}}, PULL, id="only waited for"),
        pytest.param(RULES, {}, {"b": {"blocks": ["10.0.0.0/20"]}}, OVERLAP, id="refused"),
        pytest.param(
            RULES,
            {"doubt": "who knows"},
            {"b": {"vpc_id": None}},
            'apply its network stack, then run "scaffold pull"; restore the files of peering/a--b from git',
            id="waited for, and refused",
        ),
        pytest.param(
            RULES,
            {},
            {"b": {"unclassified": ("no owner",)}},
            "repair what cannot be read or told; nothing is disconnected until then",
            id="undetermined",
        ),
    ],
)
def test_what_to_do_about_a_pair_that_is_kept(policy: Policy, stack: Any, said: Any, remedy: str) -> None:
    """Who repairs it must not be led to a wrong place."""
    pair = _plan(policy, stacks(standing("a b", **stack)), **said).pairs[PAIR]

    assert pair.action is Action.KEEP and pair.error
    assert kept_remedy(pair) == remedy


def test_an_account_that_cannot_be_classified_is_told_once() -> None:
    """However many networks it has; and where its tags stand."""
    both = [network("a", 0, unclassified=("no owner",)), network("a.eu-west-1", 1, unclassified=("no owner",))]

    (problem,) = problems(plan(Policy(), both, {}, LIMITS))

    assert (problem.id, problem.severity, problem.place) == ("unclassified", Severity.WARNING, "a.tf:7")
    assert (problem.message, problem.remedy) == ("a cannot be classified: no owner; no rule connects it", "correct a.tf")


def test_of_a_retiring_account_nobody_needs_the_tags() -> None:
    """It is disconnected, whatever they are."""
    assert _told(_plan(a={"unclassified": ("no owner",), "retiring": "true"})) == []


def test_a_pair_that_only_absence_leaves_open_is_a_warning() -> None:
    """Where nothing is connected; where something is, it is kept, and an error."""
    open_rules = replace(RULES, rules=(*RULES.rules, BY_ABSENCE))
    (problem,) = problems(_plan(open_rules))

    assert (problem.id, problem.severity) == ("undetermined-pair", Severity.WARNING)
    assert problem.message == "a -- b cannot be decided: tierless would deny it only because a tag is absent"
    assert problem.remedy == "see scaffold peering explain a b"
    assert _told(_plan(open_rules, stacks(standing("a b")))) == ["error kept-peering"]


def test_a_reason_is_told_once_however_many_pairs_it_stops() -> None:
    """A full hub is one problem, not fifty-one."""
    spokes = [f"s{number}" for number in range(51)]
    wanted = pairs(*(f"hub {name}" for name in spokes))

    (problem,) = problems(plan(allowing(wanted), list(networks("hub", *spokes).values()), {}, LIMITS))

    assert (problem.id, problem.severity, problem.file) == ("peering-quota", Severity.WARNING, None)
    assert problem.message.startswith("hub would have 51 peerings")


def test_a_crowd_is_told_though_none_of_its_pairs_is_there() -> None:
    """One problem."""
    spokes = [f"s{number}" for number in range(126)]
    wanted = pairs(*(f"hub {name}" for name in spokes))

    (problem,) = problems(plan(allowing(wanted), list(networks("hub", *spokes).values()), {}, LIMITS))

    assert problem.id == "peering-quota" and problem.message.startswith("hub would have 126 peerings by ")


def test_what_is_waited_for_is_no_problem() -> None:
    """Everything new is incomplete at first; what is refused beside it is told all the same."""
    assert _told(_plan(b={"account_id": None})) == []
    assert _told(_plan(b={"account_id": None, "region": "eu-west-9"})) == ["warning region-unknown"]


@pytest.mark.parametrize(("file", "told"), [("peering/policy.yaml", ["error unknown-account"]), ("a/b_override.tf", [])])
def test_doubts_of_the_policy_are_told_here(file: str, told: list[str]) -> None:
    """Others are told where they were found; that new pairs are withheld is said as any refusal is."""
    doubt = Problem(id="unknown-account", file=file, message="nobody is called prd-ml")

    assert _told(_plan(doubts=(doubt,))) == [*told, "warning policy-in-doubt"]


@pytest.mark.parametrize(("number", "waves"), [(25, False), (26, True)])
def test_more_requests_than_aws_keeps_unaccepted_are_applied_in_waves(number: int, waves: bool) -> None:
    """Of one account; the side that sorts first requests."""
    spokes = [f"s{index:02}" for index in range(number)]
    members = list(networks("hub", *spokes).values())

    told = list(problems(plan(allowing(pairs(*(f"hub {name}" for name in spokes))), members, {}, LIMITS)))

    note = Problem(
        id="waves",
        message="26 new peerings are requested by hub, and AWS keeps 25 unaccepted ones",
        remedy="apply them in waves",
        severity=Severity.NOTE,
        value="hub",
    )
    assert told == ([note] if waves else [])


def test_requests_of_different_accounts_are_counted_apart() -> None:
    """The hub accepts them: it sorts last."""
    spokes = [f"a{index:02}" for index in range(26)]

    found = plan(allowing(pairs(*(f"hub {name}" for name in spokes))), list(networks("hub", *spokes).values()), {}, LIMITS)

    assert len(found.of(Action.CREATE)) == 26 and _told(found) == []


# what `explain` and `--all` ask for besides


def _obstacles(found: Plan) -> list[str]:
    return [refusal.id for refusal in obstacles(PAIR, found, LIMITS)]


def test_a_denied_pair_has_obstacles_too() -> None:
    """What would be in the way, were it allowed; nothing, where it could be made."""
    assert _obstacles(_plan(Policy())) == []
    assert _obstacles(_plan(Policy(), b={"state": "SUSPENDED"})) == ["account-not-active"]
    assert _obstacles(_plan(b={"state": "SUSPENDED"})) == ["account-not-active"]


def test_obstacles_are_judged_beside_what_is_connected() -> None:
    """The one place of a is taken by c, which is new; that of a denied pair is free."""
    members = list(networks("a", "b", "c", a={"limits": {"peerings": 1}}).values())

    beside = plan(allowing(pairs("a c")), members, {}, LIMITS)
    freed = plan(Policy(), members, stacks(standing("a c")), LIMITS)

    assert (_obstacles(beside), _obstacles(freed)) == (["peering-quota"], [])


def test_a_policy_in_doubt_is_an_obstacle() -> None:
    """Nothing new is made then."""
    assert _obstacles(_plan(doubts=(Problem(id="x", message="x"),))) == ["policy-in-doubt"]


def test_every_pair_is_shown_on_request() -> None:
    """Denied ones too, in order; what the plan has is not judged anew."""
    members: list[Member] = list(networks("a", "b", "c").values())
    found = plan(allowing(pairs("b c")), members, stacks(standing("a c", State.TOMBSTONE)), LIMITS)

    shown = every_pair(allowing(pairs("b c")), found).pairs

    assert {pair: each.decision for pair, each in shown.items()} == {
        ("a", "b"): Decision.DENY,
        ("a", "c"): Decision.DENY,
        ("b", "c"): Decision.ALLOW,
    }
    assert list(shown) == sorted(shown) and shown["b", "c"] is found.pairs["b", "c"]
