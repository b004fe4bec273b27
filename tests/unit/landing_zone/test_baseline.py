"""The baseline of lint: what is accepted, for how long, and what never is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.landing_zone import baseline
from generator.landing_zone.baseline import FILE, Baseline, Entry, accept, acceptable, fingerprints, judge, read, write
from generator.organization.catalogue import RULES, Kind
from generator.problems import Problem, Severity

DAY, LAST, LATER = "2026-11-24", "2026-12-31", "2027-06-30"
NAME = Problem(id="illegal-name", file="a.tf", line=6, message='prod+ml: the name "prod+ml" has a sign', value="prod+ml")
RANGE = Problem(id="illegal-range", file="a.tf", line=20, message="prod+ml: vpc_cidr is wrong", value="10.0.0.1/20")
ADVICE = Problem(id="ignored-file", file="x.log", message="hidden", severity=Severity.WARNING)
NOTE = Problem(id="name-differs", file="a.tf", message="differs", severity=Severity.NOTE)
UNREAD = Problem(id="hcl-unreadable", file="b.tf", message="broken", incomplete=True)
LOST = Problem(id="lost-stack", file="stacks/x", message="gone")
UNKNOWN = Problem(id="a-rule-of-tomorrow", message="x")


def of(*problems: Problem, expires: str = LAST) -> Baseline:
    """A baseline that accepts these findings, read back from its file."""
    found = read(write(accept(problems, Baseline(), DAY, "older than the rules", expires)), FILE)
    assert not found.problems
    return found


# Fingerprints


def test_a_fingerprint_survives_a_move_in_its_file() -> None:
    """Lines, its own and those that its message names, are left out; everything else is in."""
    seen = Problem(id="duplicate-module", file="b.tf", line=3, message='module "x" stands here and in a.tf:12, see line 4')
    moved = replace(seen, line=9, message='module "x" stands here and in a.tf:40, see line 5')
    others = [replace(seen, id="same-slug"), replace(seen, file="c.tf"), replace(seen, value="x"), replace(seen, message="else")]

    assert fingerprints([seen]) == fingerprints([moved])
    assert len({*fingerprints([seen]), *(fingerprints([other])[0] for other in others)}) == 5
    assert fingerprints([seen]) == fingerprints([replace(seen, remedy="another one", severity=Severity.WARNING)])


def test_numbers_that_are_no_lines_are_left_in() -> None:
    """A range of addresses, a number of bytes."""
    one, other = (replace(RANGE, message=f"vpc_cidr is 10.0.0.{number}:80/20 of {number} bytes") for number in (1, 2))

    assert fingerprints([one]) != fingerprints([other])


def test_a_second_finding_of_the_same_words_is_a_finding_of_its_own() -> None:
    """Else one acceptance would hide whatever comes later."""
    again = replace(NAME, line=60)

    judged = judge([NAME, again], of(NAME), DAY)

    assert [problem.line for problem in judged.problems if problem.id == "illegal-name"] == [60]
    assert len(set(fingerprints([NAME, again]))) == 2


# Judging


def test_what_is_accepted_is_counted_and_gone() -> None:
    """In one note, with the first last day; the rest stays as it was."""
    judged = judge([NAME, RANGE, NOTE], of(NAME), DAY)

    *remain, note = judged.problems
    assert remain == [RANGE, NOTE] and [problem for problem, _ in judged.accepted] == [NAME]
    assert (note.id, note.severity, note.file) == ("accepted", Severity.NOTE, FILE)
    assert "1 finding is accepted" in note.message and LAST in note.message


@pytest.mark.parametrize(("day", "holds"), [("2026-12-30", True), (LAST, True), ("2027-01-01", False)])
def test_the_last_day_is_the_last(day: str, holds: bool) -> None:
    """From the next one on it is a finding again, at its own severity, and its entry is told with its line."""
    judged = judge([NAME], of(NAME), day)

    ids = [problem.id for problem in judged.problems]
    assert ids == (["accepted"] if holds else ["illegal-name", "baseline-expired"])
    assert holds or judged.problems[1].line == 6


def test_an_entry_that_meets_nothing_is_told_unless_somebody_could_not_look() -> None:
    """What it is about may stand in the file that could not be read."""
    assert [problem.id for problem in judge([], of(NAME), DAY).problems] == ["baseline-unused"]
    assert judge([UNREAD], of(NAME), DAY).problems == [UNREAD]


@pytest.mark.parametrize("problem", [UNREAD, LOST, UNKNOWN, replace(NAME, incomplete=True)])
def test_what_keeps_a_promise_is_accepted_by_nobody(problem: Problem) -> None:
    """Neither by the command, nor by a file that somebody wrote by hand."""
    entry = Entry(problem.id, fingerprints([problem])[0], problem.message, "please", LATER)

    assert not acceptable(problem)
    assert accept([problem], Baseline(), DAY, "please", LATER) == ()
    assert problem in judge([problem], Baseline(FILE, (entry,)), DAY).problems


@pytest.mark.parametrize("id", [rule.id for rule in RULES.values() if rule.kind is Kind.PROMISE])
def test_no_entry_names_a_rule_that_keeps_a_promise(id: str) -> None:
    """The file as a whole accepts nothing then, and the entry is an error with its line."""
    forged = write([Entry("illegal-name", fingerprints([NAME])[0], NAME.message, "x", LATER, "a.tf"), Entry(id, "0" * 16, "x", "x", LATER)])

    found = read(forged, FILE)

    assert found.entries == () and [(problem.id, problem.line, problem.value) for problem in found.problems] == [
        ("baseline-refused", 12, id)
    ]
    assert NAME in judge([NAME], found, DAY).problems


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("version: 1", "version: 2", "wrong-value"),
        ("rule: illegal-name", "rule: ilegal-name", "unknown-value"),
        ("rule: illegal-name", "rule: [illegal-name]", "wrong-type"),
        ("    reason: ", "    raeson: ", "unknown-key"),
        ('    reason: "older than the rules"\n', "", "missing-key"),
        ('"older than the rules"', '" "', "wrong-value"),
        ("expires: 2026-12-31", "expires: 2026-12-32", "wrong-value"),
        ("    expires: 2026-12-31\n", "", "missing-key"),
        ("accepted:\n", "accepted: [\n", "yaml-unreadable"),
    ],
)
def test_a_baseline_that_is_wrong_anywhere_accepts_nothing(old: str, new: str, expected: str) -> None:
    """Whoever meant to accept something else must not accept this."""
    text = write(accept([NAME], Baseline(), DAY, "older than the rules", LAST)).decode()
    assert text.count(old) == 1

    found = read(text.replace(old, new).encode(), FILE)

    assert found.entries == () and expected in {problem.id for problem in found.problems}
    assert all(problem.severity is Severity.ERROR and problem.file == FILE for problem in found.problems)
    assert NAME in judge([NAME], found, DAY).problems


def test_one_finding_has_one_entry() -> None:
    """Of two, nobody knows which day holds."""
    entry = Entry("illegal-name", fingerprints([NAME])[0], NAME.message, "x", LAST, "a.tf")

    found = read(write([entry, replace(entry, expires=LATER)]), FILE)

    assert [(problem.id, problem.line) for problem in found.problems] == [("duplicate-entry", 12)]


def test_an_acceptance_is_of_one_rule() -> None:
    """An entry that was given another rule's name accepts nothing of it."""
    (entry,) = of(NAME).entries

    judged = judge([NAME], Baseline(FILE, (replace(entry, rule="illegal-range"),)), DAY)

    assert [problem.id for problem in judged.problems] == ["illegal-name", "baseline-unused"]


# Accepting


def test_errors_and_warnings_are_accepted_and_notes_need_not_be() -> None:
    """All that may be; sorted by file, so that two runs write one order."""
    found = accept([RANGE, NAME, ADVICE, NOTE, UNREAD, LOST], Baseline(), DAY, "older", LAST)

    assert [(entry.file, entry.rule) for entry in found] == [("a.tf", "illegal-name"), ("a.tf", "illegal-range"), ("x.log", "ignored-file")]
    assert {(entry.reason, entry.expires) for entry in found} == {("older", LAST)}


def test_one_rule_alone_may_be_accepted() -> None:
    """The others are repaired."""
    assert [entry.rule for entry in accept([NAME, RANGE], Baseline(), DAY, "older", LAST, ["illegal-range"])] == ["illegal-range"]


def test_what_holds_keeps_its_reason_and_its_day() -> None:
    """Only what is new, or has expired, gets the new one; what is gone, goes."""
    before = of(NAME, ADVICE)

    held = accept([NAME, RANGE], before, DAY, "newer", LATER)
    renewed = accept([NAME], before, "2027-01-01", "newer", LATER)

    assert [(entry.rule, entry.reason, entry.expires) for entry in held] == [
        ("illegal-name", "older than the rules", LAST),
        ("illegal-range", "newer", LATER),
    ]
    assert [(entry.rule, entry.reason, entry.expires) for entry in renewed] == [("illegal-name", "newer", LATER)]


def test_nothing_is_dropped_while_something_is_unreadable() -> None:
    """Ignorance never repairs anything."""
    assert [entry.rule for entry in accept([UNREAD], of(NAME), DAY, "newer", LATER)] == ["illegal-name"]


# The file


def test_an_empty_baseline_is_a_file_too() -> None:
    """The last finding is repaired."""
    assert read(write([]), FILE) == Baseline(FILE)
    assert baseline.read(None, FILE) == Baseline(FILE)


@given(st.text(max_size=40), st.text(max_size=20).filter(str.strip))
def test_whatever_stands_in_a_message_the_file_is_read_again(message: str, word: str) -> None:
    """Messages quote names and tags that people wrote: quotes, controls and line ends do not leave their string."""
    problem = replace(NAME, message=message, value=None)
    reason = " ".join(word.split())
    expected = fingerprints([problem])

    found = read(write(accept([problem], Baseline(), DAY, reason or "x", LAST)), FILE)

    assert not found.problems and [entry.fingerprint for entry in found.entries] == expected
    assert judge([problem], found, DAY).accepted
