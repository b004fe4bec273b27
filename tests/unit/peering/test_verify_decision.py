"""What today's decision lets a plan do: each state of a stack, each decision, and what the plan would change."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from generator import inventory
from generator.accounts.model import FOLDER
from tests.support.tampering import CREATE, STANDING
from tests.support.tampering import TOMBSTONE as DYING
from tests.support.verified import OTHER, STACK, changed, ids, judged
from tests.unit.peering.decided import BURIED, DATA, DENIED, FILES, MAIN, PLANS, POLICY

REQUEST = f"{FOLDER}/prod-ml.tf"
Files = Mapping[str, bytes]


def _retiring(files: Files) -> dict[str, bytes]:
    """One side is going, whatever the policy says."""
    old, new = b'    "account_name" ', b'    "retiring" = "2026-11-24"\n    "account_name" '
    assert files[REQUEST].count(old) == 1
    return {**files, REQUEST: files[REQUEST].replace(old, new), POLICY: FILES[POLICY]}


def _unread(files: Files) -> dict[str, bytes]:
    """One request cannot be read: nobody can tell what the policy says."""
    return {**files, REQUEST: files[REQUEST] + b"{{{", POLICY: FILES[POLICY]}


def _unseen(files: Files) -> dict[str, bytes]:
    """The policy allows the pair, and one network is not in the inventory any more: it could not be made."""
    document = json.loads(files[inventory.FILE])
    (account,) = (each for each in document["accounts"].values() if each["name"] == OTHER)
    account["networks"] = {}
    return {**files, inventory.FILE: json.dumps(document).encode(), POLICY: FILES[POLICY]}


def _allowed(files: Files) -> dict[str, bytes]:
    """The policy allows the pair, and nothing stops it."""
    return {**files, POLICY: FILES[POLICY]}


def _denied(files: Files) -> dict[str, bytes]:
    """The policy denies the pair."""
    return {**files, POLICY: DENIED[POLICY]}


def _misspelt(files: Files) -> dict[str, bytes]:
    """The policy names an account that nobody declares: it may mean something else than it says."""
    return {**files, POLICY: files[POLICY].replace(b"accounts: [prod-ml]", b"accounts: [prod-mll]")}


def _misspelt_denied(files: Files) -> dict[str, bytes]:
    """It denies the pair, and names another account that nobody declares."""
    rule = b"\n  - id: other\n    effect: deny\n    between: {accounts: [prod-mll]}\n    and: {any: true}\n    reason: x\n"
    return {**files, POLICY: DENIED[POLICY] + rule}


TODAY = {
    "allowed": _allowed,
    "allowed, and it cannot be made": _unseen,
    "denied": _denied,
    "a side is retiring": _retiring,
    "a request cannot be read": _unread,
    "denied, and the policy is in doubt": _misspelt_denied,
}


@pytest.mark.parametrize("today", TODAY)
def test_a_tombstone_is_applied_only_where_the_pair_is_denied(today: str) -> None:
    """By a rule or since a side is going; that it could not be made is no reason, nor that nobody knows."""
    verdict = judged(TODAY[today](BURIED), PLANS[DYING])

    assert ids(verdict) == (set() if today in ("denied", "a side is retiring") else {"not-decided"})
    assert verdict.accepted is not bool(verdict.problems) and all(problem.remedy for problem in verdict.problems)


@pytest.mark.parametrize("today", TODAY)
def test_a_live_pair_is_changed_only_where_it_is_allowed(today: str) -> None:
    """And can be made. It may be left alone whatever is decided, until sync writes what follows."""
    files = TODAY[today](FILES)
    made, left, changes = (judged(files, plan) for plan in (PLANS[CREATE], PLANS[STANDING], _tags()))

    assert (ids(made), ids(left)) == (set() if today == "allowed" else {"not-decided"}, set())
    assert ids(changes) == ids(made)


def _tags() -> dict[str, object]:
    """A plan that changes an object in place."""
    return changed(PLANS[STANDING], lambda plan: plan["resource_changes"][-1]["change"].update(actions=["update"]))


@pytest.mark.parametrize("today", TODAY)
def test_a_live_pair_is_never_destroyed(today: str) -> None:
    """By no decision: the tombstone is what is destroyed."""
    assert not judged(TODAY[today](FILES), PLANS[DYING]).accepted
    assert not judged(TODAY[today](BURIED), PLANS[CREATE]).accepted


def test_an_allow_in_doubt_makes_nothing() -> None:
    """A deny that names a misspelt account denies nobody."""
    made, left = (judged(_misspelt(DENIED), PLANS[of]) for of in (CREATE, STANDING))

    assert (ids(made), ids(left)) == ({"not-decided"}, set())
    assert "prod-mll" in made.problems[0].message


def test_the_reason_is_said() -> None:
    """What the plan would do, and what is decided instead."""
    said = {today: judged(edit(BURIED), PLANS[DYING]).problems for today, edit in TODAY.items()}

    assert "the plan would take this pair down (14 to delete), and the policy allows it" in said["allowed"][0].message
    assert 'run "scaffold sync"' in said["allowed"][0].remedy
    assert (
        "and the policy allows it (vpn-reaches-its-environment), though it could not be made now"
        in said["allowed, and it cannot be made"][0].message
    )
    assert f"the VPC of {OTHER} is not in the inventory" in said["allowed, and it cannot be made"][0].message
    assert "deny the pair" in said["allowed, and it cannot be made"][0].remedy
    assert "no request or accounts.yaml that was read declares the network prod-ml" in said["a request cannot be read"][0].message
    assert "prod-mll" in said["denied, and the policy is in doubt"][0].message
    made = judged(DENIED, PLANS[CREATE]).problems[0].message
    assert "the plan would change this pair (14 to create), and the policy says deny (not-any-more)" in made


def test_a_tombstone_that_is_applied_needs_no_decision() -> None:
    """Nothing is left to take down."""
    plan = changed(PLANS[DYING], lambda plan: [plan.pop("resource_changes"), plan.pop("prior_state")])

    assert all(judged(edit(BURIED), plan).accepted for edit in TODAY.values())


def test_a_pair_in_doubt_keeps_its_data() -> None:
    """It is what the values are compared with."""
    edited = judged({**_unread(FILES), DATA: FILES[DATA].replace(b'"dns": true', b'"dns": false')}, PLANS[STANDING])

    assert "edited-data" in ids(edited)


UNREADABLE = [b"{}", b'{"locals": {"requester": {}}}', b"[" * 100_000, FILES[DATA].replace(b"prod-vpn", b"prod-pay")]


@pytest.mark.parametrize("content", UNREADABLE)
def test_data_that_cannot_be_read_is_compared_with_nothing(content: bytes) -> None:
    """In doubt the file itself is all there is."""
    verdict = judged({**_unread(FILES), DATA: content}, PLANS[STANDING])

    assert ids(verdict) == {"no-data"} and verdict.problems[0].file == DATA
    assert (verdict.stack, MAIN) == (STACK, f"{STACK}/main.tf")
