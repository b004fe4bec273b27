"""A reading that was interrupted goes on where it stopped: killed after any call, it ends as an undisturbed one."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.aws import record
from generator.aws.answers import now
from generator.problems import Refused
from generator.repository import partial
from generator.snapshot.model import Gap, Place, Snapshot
from generator.snapshot.write import write
from tests.support.aws import MANAGEMENT
from tests.support.aws_company import ABROAD, HOME, Company, Kept, Peered, organization
from tests.support.aws_faults import SCP, Call, Faults, Killed

CALLS = 3 + 1 + 3 + 3 + 6 * 6 + 4 + 1
"""AssumeRole, ListAccounts, ListTagsForResource, DescribeRegions, the lists of six places, DNS of two VPCs, one prefix list."""
KILLED_AFTER = sorted(random.Random(8).sample(range(1, CALLS), 10))


@pytest.fixture
def acme(standing: Peered) -> Company:
    """Three accounts in two regions, two of them connected."""
    return standing.company


def killed(acme: Company, lines: Kept | partial.Partial, after: int) -> None:
    """A reading that makes so many calls, and the one that tests the credentials."""
    acme.faults.limit = after + 1
    with pytest.raises(Killed):
        acme.read(lines)
    acme.faults.limit = None


def timeless(found: Snapshot) -> bytes:
    """The file of a snapshot but for its time."""
    return write(replace(found, taken="2026-11-24T09:30:00Z"))


def finished(lines: Kept) -> list[dict[str, Any]]:
    """What the lines after the header say."""
    return [json.loads(line) for line in lines.lines[1:]]


def unfinished(acme: Company, lines: Kept) -> set[str]:
    """The accounts that the lines lack something of; the management account also if they lack its answers about others."""
    said = finished(lines)
    tagged = {each["account"]["id"] for each in said if "account" in each}
    places = {(each["place"]["account"], each["place"]["region"]) for each in said if "place" in each}
    everybody = {MANAGEMENT, acme.ml, acme.pay}
    whole = {account for account in everybody if {(account, HOME), (account, ABROAD)} <= places}
    return everybody - whole | ({MANAGEMENT} if tagged != everybody else set())


def test_an_undisturbed_reading_makes_the_calls_that_are_counted_on(acme: Company) -> None:
    """Else the numbers below would mean nothing."""
    acme.read()

    assert len(acme.faults.calls) == CALLS and len(KILLED_AFTER) == 10


@pytest.mark.parametrize("after", [pytest.param(k, marks=[] if n % 5 == 0 else pytest.mark.slow) for n, k in enumerate(KILLED_AFTER)])
def test_a_killed_reading_goes_on(acme: Company, after: int) -> None:
    """No finished place is read again, and each unfinished account costs one more AssumeRole."""
    undisturbed, lines = acme.read(), Kept()
    killed(acme, lines, after)
    left, kept = unfinished(acme, lines), finished(lines)

    found = acme.read(lines)

    assert timeless(found) == timeless(undisturbed) and not found.gaps
    calls = acme.faults.calls
    assert {role(call) for call in calls if call.operation == "AssumeRole"} == left
    assert sum(call.operation == "AssumeRole" for call in calls) == len(left)
    asked = {(call.account, call.region) for call in calls if call.operation == "DescribeVpcs"}
    assert not asked & {(each["place"]["account"], each["place"]["region"]) for each in kept if "place" in each}
    assert sum(call.operation == "ListAccounts" for call in calls) == (not any("accounts" in each for each in kept))
    assert {call.arguments["ResourceId"] for call in calls if call.operation == "ListTagsForResource"} == {
        MANAGEMENT,
        acme.ml,
        acme.pay,
    } - {each["account"]["id"] for each in kept if "account" in each}
    regions = {account for each in kept for account in each.get("regions", ())}
    assert not regions & {call.account for call in calls if call.operation == "DescribeRegions"}


def role(call: Call) -> str:
    """The account of an assumed role."""
    return str(call.arguments["RoleArn"].split(":")[4])


def test_a_reading_that_was_whole_asks_for_nothing(acme: Company) -> None:
    """Killed between its last call and its file."""
    lines = Kept()
    first = acme.read(lines)

    again = acme.read(lines)

    assert (again, acme.faults.calls) == (first, [])


def test_it_is_as_old_as_its_beginning(acme: Company) -> None:
    """Whoever judges it has to know how old the oldest of it may be."""
    lines = Kept()
    killed(acme, lines, 20)
    begun = now()
    header = json.loads(lines.lines[0])
    lines.lines[0] = json.dumps({**header, "taken": begun[:-3] + "00Z"})

    assert acme.read(lines).taken == begun[:-3] + "00Z"


def test_lines_of_a_file_do_the_same(acme: Company, tmp_path: Path) -> None:
    """The way a command does it; a torn line is read again."""
    undisturbed, file = acme.read(), tmp_path / "audit.json"
    with partial.of(file) as lines:
        killed(acme, lines, 30)
    left = tmp_path / "audit.json.partial"
    left.write_bytes(left.read_bytes()[:-5])

    with partial.of(file) as lines:
        lines.finish(write(acme.read(lines)))

    found = file.read_bytes()
    assert found.count(b'"region"') >= 6 and not left.exists()
    assert found.replace(json.loads(found)["taken"].encode(), undisturbed.taken.encode()) == write(undisturbed)


# Gaps


def test_what_is_denied_is_not_asked_again(acme: Company, faults: Faults) -> None:
    """Of ten thousand accounts each has a region that a policy denies: none of them is entered for that."""
    faults.deny("*", "UnauthorizedOperation", region=ABROAD, account=acme.ml, message=SCP)
    faults.deny("AssumeRole", arguments=f"{acme.pay}:role")
    lines = Kept()
    first = acme.read(lines)

    again = acme.read(lines)

    assert len(first.gaps) == 2 and (again, acme.faults.calls) == (first, [])


@pytest.mark.parametrize("operation", ["DescribeRouteTables", "DescribeTransitGatewayAttachments"])
def test_what_was_throttled_is_asked_again(acme: Company, faults: Faults, operation: str) -> None:
    """A whole place or a part of it: in a minute it answers. What was read of others is not asked for."""
    undisturbed, lines = acme.read(), Kept()
    faults.deny(operation, "RequestLimitExceeded", region=ABROAD, account=acme.ml)
    (gap,) = acme.read(lines).gaps
    faults.listed.pop()

    again = acme.read(lines)

    assert gap.cause == "RequestLimitExceeded: throttled" and timeless(again) == timeless(undisturbed)
    assert {(call.account, call.region) for call in acme.faults.calls if call.operation != "AssumeRole"} == {(acme.ml, ABROAD)}


def test_an_account_that_was_throttled_is_asked_again(acme: Company, faults: Faults) -> None:
    """And so are tags."""
    undisturbed, lines = acme.read(), Kept()
    faults.deny("AssumeRole", "Throttling", arguments=f"{acme.pay}:role")
    faults.deny("ListTagsForResource", "TooManyRequestsException", arguments=acme.ml)
    assert len(acme.read(lines).gaps) == 2
    del faults.listed[-2:]

    assert timeless(acme.read(lines)) == timeless(undisturbed)


def test_a_closed_account_stays_a_gap(acme: Company) -> None:
    """The list says it, and the list is kept."""
    acme.suspend(acme.pay)
    lines = Kept()
    killed(acme, lines, 20)

    found = acme.read(lines)

    assert found.gaps == (Gap(acme.pay, None, "account is SUSPENDED"),) and Place(acme.ml, HOME) in found.places


def test_credentials_that_expire_leave_what_was_found(acme: Company, faults: Faults) -> None:
    """Whoever logs in again goes on."""
    undisturbed, lines = acme.read(), Kept()
    faults.deny("AssumeRole", "ExpiredToken", arguments=f"{acme.pay}:role")
    with pytest.raises(Refused):
        acme.read(lines)
    faults.listed.pop()

    assert timeless(acme.read(lines)) == timeless(undisturbed)
    assert acme.pay in {role(call) for call in acme.faults.calls if call.operation == "AssumeRole"}


# What cannot be gone on with


GOOD = {"version": 1, "taken": "", "organization": organization().id, "management": MANAGEMENT}


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ({"organization": "o-zzzzzzzzzz"}, rf"it is of the organization o-zzzzzzzzzz \(management account {MANAGEMENT}\)"),
        ({"management": "999999999999"}, rf"\(management account 999999999999\), and scaffold.yaml says o-.* \({MANAGEMENT}\)"),
        ({"version": 2}, "it has version 2, and this scaffold writes 1"),
        ({"taken": "2026-11-01T00:00:00Z"}, "it was begun at 2026-11-01T00:00:00Z, more than a day ago"),
        ({"taken": "yesterday"}, "it holds what no reading wrote"),
        ({"version": None}, "it has version None"),
    ],
)
def test_lines_of_another_reading_are_refused(header: dict[str, Any], why: str) -> None:
    """With the file, and what to do."""
    lines = Kept([json.dumps({**GOOD, "taken": now(), **header})])

    with pytest.raises(Refused, match=rf"audit\.json\.partial: this unfinished reading cannot be gone on with: .*{why}.*; delete it"):
        record.resume(organization(), lines)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"accounts": [{}]}',
        '{"account": {"id": 1}}',
        '{"regions": []}',
        '{"gap": {}}',
        '{"place": {}, "gaps": []}',
        "[" * 9999,
    ],
    ids=range(10),
)
def test_lines_that_no_reading_wrote_are_refused(line: str) -> None:
    """One of them is enough: who knows what else is missing."""
    lines = Kept([json.dumps({**GOOD, "taken": now()}), line])

    with pytest.raises(Refused, match="it holds what no reading wrote"):
        record.resume(organization(), lines)


def test_lines_of_this_morning_are_taken() -> None:
    """The near twin of them all."""
    taken = now()

    assert record.resume(organization(), Kept([json.dumps({**GOOD, "taken": taken})])).taken == taken
