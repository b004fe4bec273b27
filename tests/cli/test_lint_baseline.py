"""`scaffold lint` with a baseline: day one of a landing zone that other people wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import cli

REQUEST = "aft-account-request/terraform/prod-ml.tf"
WRITE = ("lint", "--write-baseline", "--reason", "older than the rules", "--expires", "2099-12-31")
FILE = "lint-baseline.yaml"


@pytest.fixture
def old(zone: Path) -> Path:
    """A landing zone with a finding that nobody will repair today."""
    cli.replace(zone / REQUEST, '= "Production"', '= "Legacy"')
    return zone


def _problems(done: cli.Outcome) -> list[tuple[str, str]]:
    return [(problem["id"], problem["severity"]) for problem in json.loads(done.out)["problems"]]


def test_what_is_accepted_fails_no_more(old: Path) -> None:
    """One error before, none after; the second run writes nothing new, and the next error fails again."""
    assert cli.run(old, "lint").status == 2

    written = cli.must(old, *WRITE)
    again = cli.must(old, *WRITE)
    quiet = cli.must(old, "lint")
    cli.replace(old / REQUEST, '"platform@acme.com"', '"platform"')

    assert "create" in written.out and "Nothing to do" in again.out
    assert "accepted" in quiet.out and f"note: {FILE}: " in quiet.err and "2099-12-31" in quiet.err and "error" not in quiet.err
    failed = cli.run(old, "lint")
    assert failed.status == 2 and "platform" in failed.err and "Legacy" not in failed.err


def test_the_file_is_one_that_a_reviewer_can_read(old: Path) -> None:
    """Rule, file, message, reason and last day; the fingerprint is for the program."""
    cli.must(old, *WRITE)

    text = (old / FILE).read_text()

    assert "  - rule: unknown-ou\n" in text and f'    file: "{REQUEST}"\n' in text and '    reason: "older than the rules"\n' in text
    assert "    expires: 2099-12-31\n" in text and text.startswith("# ")


def test_the_accepted_are_in_the_object(old: Path) -> None:
    """`--format json` lists each with its fingerprint, reason and day."""
    cli.must(old, *WRITE)

    document = json.loads(cli.must(old, "lint", "--format", "json").out)

    (accepted,) = [each for each in document["data"]["accepted"] if each["id"] == "unknown-ou"]
    assert document["data"]["accounts"] == 2 and (accepted["reason"], accepted["expires"]) == ("older than the rules", "2099-12-31")
    assert f'fingerprint: "{accepted["fingerprint"]}"' in (old / FILE).read_text()


def test_check_writes_nothing_and_tells(old: Path) -> None:
    """Status 2, and the diff where it is asked for."""
    before = cli.snapshot(old)

    done = cli.run(old, *WRITE, "--check", "--diff")

    assert done.status == 2 and "+  - rule: unknown-ou" in done.out and cli.snapshot(old) == before


def test_an_acceptance_ends(old: Path) -> None:
    """On the day after, the finding is back, and its entry is told."""
    cli.must(old, *WRITE)

    done = cli.run(old, "lint", "--date", "2100-01-01", "--format", "json")

    assert done.status == 2 and ("unknown-ou", "error") in _problems(done) and ("baseline-expired", "warning") in _problems(done)


def test_what_was_repaired_leaves_the_baseline(old: Path) -> None:
    """First it is told, then the command drops it."""
    cli.must(old, *WRITE)
    cli.replace(old / REQUEST, '= "Legacy"', '= "Production"')

    told = cli.run(old, "lint", "--format", "json")
    cli.must(old, *WRITE)

    assert ("baseline-unused", "warning") in _problems(told)
    assert "unknown-ou" not in (old / FILE).read_text()


def test_what_cannot_be_read_is_never_accepted(old: Path) -> None:
    """Status 3 stays, whatever was accepted besides."""
    (old / "aft-account-request/terraform/broken.tf").write_text('module "broken" {\n')

    done = cli.run(old, *WRITE)

    assert done.status == 3 and "hcl-unreadable" not in (old / FILE).read_text() and "unknown-ou" in (old / FILE).read_text()
    assert cli.run(old, "lint").status == 3


def test_one_rule_may_be_accepted_and_another_file_be_named(old: Path) -> None:
    """Teams may keep theirs elsewhere; a rule that keeps a promise is refused before anything is written."""
    cli.replace(old / REQUEST, '"platform@acme.com"', '"platform"')
    before = cli.snapshot(old)
    refused, misspelt = (cli.run(old, *WRITE, "--rule", rule) for rule in ("lost-stack", "unknown-uo"))
    assert (refused.status, misspelt.status) == (1, 1) and 'did you mean "unknown-ou"' in misspelt.err and cli.snapshot(old) == before

    done = cli.run(old, *WRITE, "--rule", "unknown-ou", "--baseline", "review/accepted.yaml")

    assert done.status == 2 and "unknown-ou" in (old / "review/accepted.yaml").read_text() and not (old / FILE).exists()
    assert "Legacy" in cli.run(old, "lint").err and "Legacy" not in cli.run(old, "lint", "--baseline", "review/accepted.yaml").err


def test_a_wrong_baseline_is_an_error_with_its_line_and_is_never_overwritten(old: Path) -> None:
    """Nothing of it counts; and a file that is something else is left alone."""
    (old / FILE).write_text("version: 1\naccepted:\n  - {rule: unknown-ou}\n")
    before = cli.snapshot(old)

    done, written, other = cli.run(old, "lint"), cli.run(old, *WRITE), cli.run(old, *WRITE, "--baseline", "scaffold.yaml")

    assert done.status == 2 and f"error: {FILE}:3: " in done.err and "Legacy" in done.err
    assert (written.status, other.status) == (1, 1) and cli.snapshot(old) == before


def test_no_baseline_is_read_or_written_outside(old: Path) -> None:
    """A path that leaves the landing zone is refused."""
    assert cli.run(old, "lint", "--baseline", "../x.yaml").status == cli.run(old, *WRITE, "--baseline", "/tmp/x.yaml").status == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("--write-baseline",),
        ("--write-baseline", "--reason", "x"),
        ("--write-baseline", "--expires", "2099-12-31"),
        ("--write-baseline", "--reason", " ", "--expires", "2099-12-31"),
        ("--write-baseline", "--reason", "x", "--expires", "soon"),
        ("--write-baseline", "--reason", "x", "--expires", "2001-01-01"),
        ("--write-baseline", "--reason", "x", "--expires", "2099-12-31", "--base", "HEAD"),
        ("--reason", "x"),
        ("--rule", "unknown-ou"),
        ("--check",),
    ],
)
def test_wrong_usage_is_64_and_writes_nothing(arguments: tuple[str, ...], old: Path) -> None:
    """No acceptance without a reason and an end, and never of a change."""
    before = cli.snapshot(old)

    done = cli.run(old, "lint", *arguments)

    assert done.status == 64 and not done.out and cli.snapshot(old) == before


def test_a_base_never_softens_what_the_change_causes_and_the_baseline_never_hides_it(old: Path) -> None:
    """What is accepted stays accepted beside a base; what changes and never can is refused whatever stands in the file."""
    cli.must(old, *WRITE)
    cli.commit(old)
    cli.replace(old / REQUEST, '= "Platform"', '= "Somebody"')

    done = cli.run(old, "lint", "--base", "HEAD", "--format", "json")

    found = _problems(done)
    assert done.status == 2 and ("permanent-field", "error") in found and ("accepted", "note") in found
    assert "unknown-ou" not in dict(found)
