"""`scaffold atlantis summary`: what a reviewer must not miss, whoever made the change, and by what means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.accounts.model import FOLDER
from generator.peering.stack_files import tombstone
from tests.support import cli, peered

PAIR = "peering/dev-hub--dev-ml"


@pytest.fixture
def zone(company: Mapping[str, bytes], tmp_path: Path) -> Path:
    """The company after sync, committed."""
    root = cli.written(tmp_path / "zone", company)
    cli.commit(root)
    return root


def _summary(root: Path) -> cli.Outcome:
    return cli.run(root, "atlantis", "summary", "--base", "HEAD")


def _data(root: Path) -> Any:
    return json.loads(cli.run(root, "atlantis", "summary", "--base", "HEAD", "--format", "json").out)


def _headline(out: str) -> str:
    return out.splitlines()[2]


def _section(out: str, title: str) -> str:
    """What stands below a heading, up to the next one."""
    assert f"### {title}" in out, out
    return out.split(f"### {title}", 1)[1].split("\n### ")[0]


def _bury(root: Path) -> None:
    """A tombstone made by hand, for a pair that the policy allows."""
    for path, file in tombstone(("dev-hub", "dev-ml")).items():
        (root / path).unlink(missing_ok=True)
        if file.content is not None:
            (root / path).write_bytes(file.content)


def test_what_is_in_order_says_so_by_saying_nothing(zone: Path) -> None:
    """No change: no section about checks, conventions or policy, and status 0."""
    done = _summary(zone)

    assert done.status == 0 and _headline(done.out).startswith("This change connects and disconnects nothing; Atlantis plans 0 stacks.")
    assert not any(words in done.out for words in ("Not in order", "Conventions", "Policy", "Not before", "scaffold sync"))


def test_the_headline_tells_what_a_tombstone_made_by_hand_destroys(zone: Path) -> None:
    """The policy still wants the pair, so nothing is "disconnected"; its stack is destroyed all the same."""
    _bury(zone)

    done = _summary(zone)

    assert "plans the destruction of 1 stack;" in _headline(done.out) and "nothing" not in _headline(done.out)
    assert f"To destroy (1): <code>{PAIR}</code>" in done.out
    assert done.status == 2 and f"{PAIR}/main.tf" in _section(done.out, "Not in order")


def test_the_headline_tells_what_is_deleted_and_nobody_destroys(zone: Path) -> None:
    """And Atlantis plans no directory that is gone, though its project is listed still."""
    for path in (zone / PAIR).iterdir():
        path.unlink()

    done = _summary(zone)

    assert done.status == 2 and "leaves 1 stack deleted and not destroyed;" in _headline(done.out)
    assert _headline(done.out).endswith("Atlantis plans 0 stacks.") and _data(zone)["data"]["planned"] == []


def test_what_the_checks_find_stands_below_the_headline(zone: Path) -> None:
    """The gate's and lint's errors, each once; JSON has them and the status."""
    (zone / PAIR / "id.tf").write_text('data "external" "id" {\n  program = ["id"]\n}\n')
    cli.replace(zone / FOLDER / "dev-web.tf", '"owner"       = "web"', '"owner"       = "Not An Owner"')

    done, data = _summary(zone), _data(zone)

    assert done.status == 2 and data["status"] == 2
    assert done.out.splitlines()[4].startswith("### Not in order (")
    found = _section(done.out, "Not in order")
    assert "runs a program at every plan" in found and "Not An Owner" in found and found.count("/id.tf<span>:</span>1") == 1
    assert any("runs a program" in problem["message"] for problem in data["problems"])
    assert "Not before the errors above are gone:\n\n1. " in _section(done.out, "Order")


def test_what_stood_on_the_base_already_is_not_this_changes(zone: Path) -> None:
    """A danger and a stale file that were merged before stop nobody else."""
    (zone / PAIR / "id.tf").write_text('data "external" "id" {\n  program = ["id"]\n}\n')
    (zone / PAIR / "outputs.tf").unlink()
    cli.commit(zone)

    done = _summary(zone)

    assert done.status == 0 and "Not in order" not in done.out


def test_stale_files_are_told_and_sync_comes_first(zone: Path) -> None:
    """How many, and which; after sync nothing of that is left."""
    (zone / PAIR / "outputs.tf").unlink()
    done = _summary(zone)
    cli.must(zone, "sync")

    current = _summary(zone)

    assert done.status == 2 and f"- 1 generated file is not what sync writes: {PAIR}/outputs.tf" in _section(done.out, "Not in order")
    assert "1. Run <code>scaffold sync</code>, and commit what it writes.\n2. " in _section(done.out, "Order")
    assert current.status == 0 and "Run <code>scaffold sync</code>, and" not in current.out


def test_a_request_that_goes_too_early_is_not_in_order(zone: Path) -> None:
    """As `lint --base` says it: a summary that only said "Merge" would contradict the gate beside it."""
    (zone / FOLDER / "dev-web.tf").unlink()

    done = _summary(zone)

    assert done.status == 2 and "dev-web: its request goes while" in _section(done.out, "Not in order")
    assert "Not before the errors above are gone:" in _section(done.out, "Order")


def test_what_cannot_be_read_makes_it_incomplete(zone: Path) -> None:
    """Told first, with status 3; the same once it stands on the base: what is unknown stays unknown."""
    (zone / FOLDER / "dev-web.tf").write_text("module {{{")
    new = _summary(zone)
    cli.commit(zone)

    old = _summary(zone)

    for done in (new, old):
        assert done.status == 3 and _section(done.out, "Not in order").split("\n- ")[1].startswith("Not everything could be read, so")
    assert ["Not before the errors above are gone:" in _section(done.out, "Order") for done in (new, old)] == [True, False]


def test_a_hundred_errors_leave_room_for_the_rest(zone: Path) -> None:
    """They are clipped, counted, and hostile words in them say nothing."""
    for number in range(100):
        name = f"x{number:03}"
        (zone / PAIR / f"{name}.tf").write_text(f'data "external" "{name}" {{\n  program = ["@acme/all <img src=x>"]\n}}\n')

    done = _summary(zone)

    found = _section(done.out, "Not in order (")
    assert len(found) < 4_500 and " problems left out.*" in found and "<img" not in done.out and "@acme" not in done.out


@pytest.mark.parametrize(("arguments", "hour"), [(("dev-web", "--tag", "owner=ml"), False), (("dev-new", "--owner", "new"), True)])
def test_only_a_new_account_takes_an_hour(arguments: tuple[str, ...], hour: bool, zone: Path) -> None:
    """A changed tag is applied at once."""
    cli.must(zone, "account", *arguments)

    out = _summary(zone).out

    assert "AFT applies the requests after the merge" in out and ("about an hour" in out) is hour


def test_a_value_that_is_new_is_not_refused(zone: Path) -> None:
    """A further network can be added; another range for one that is there is ignored."""
    request = zone / FOLDER / "dev-web.tf"
    cli.replace(request, '    "vpc_cidr"', '    "networks/eu-west-1" = "10.99.0.0/20"\n    "vpc_cidr"')
    added = _summary(zone)
    cli.commit(zone)
    cli.replace(request, "10.99.0.0/20", "10.98.0.0/20")

    changed = _summary(zone)

    assert "absent → <code>10&#46;99.0.0/20</code>" in added.out and "permanent: AFT" not in added.out
    assert "<code>10&#46;98.0.0/20</code> (permanent: AFT refuses or ignores it)" in changed.out


def test_another_bucket_is_told_with_what_follows(zone: Path) -> None:
    """The values that concern every stack come first, then the others; no value speaks."""
    for old, new in (
        ("bucket: acme-terraform-state", "bucket: other-state"),
        ("kms_key: alias/terraform-state", "kms_key: alias/other"),
        ("atlantis: acme-atlantis\n", "atlantis: root\n"),
        ("first_name: Platform", 'first_name: "@acme/all"'),
    ):
        cli.replace(zone / "scaffold.yaml", old, new)

    found, data = _section(_summary(zone).out, "Conventions (4)"), _data(zone)["data"]["conventions"]

    elsewhere = "(every stack looks for its state elsewhere: nothing moves it)"
    assert f"- <code>state.bucket</code> <code>acme-terraform-state</code> → <code>other-state</code> {elsewhere}\n" in found
    assert "<code>root</code> (every provider assumes another role)" in found and found.count("elsewhere") == 1
    assert [each["path"] for each in data] == ["state.bucket", "state.kms_key", "roles.atlantis", "sso_user.first_name"]
    assert "@acme" not in found


def test_a_comment_in_the_conventions_changes_nothing(zone: Path) -> None:
    """What counts is what they say."""
    (zone / "scaffold.yaml").write_text("# hello\n" + (zone / "scaffold.yaml").read_text())

    assert "Conventions" not in _summary(zone).out


def test_a_policy_that_changes_says_which_rules(zone: Path) -> None:
    """Denies first, by id; and how many tests came."""
    rules = peered.POLICY.split("\n\n")
    rules[1] = rules[1].replace("id: same-owner", "id: one-owner")
    rules[2] = rules[2].replace("values: [prod]", "values: [prod, staging]")
    tests = "tests:\n  - {pair: [dev-hub, dev-ml], expect: allow}\n"
    (zone / peered.POLICY_FILE).write_text("\n\n".join(rules) + tests)

    lines = _section(_summary(zone).out, "Policy (4)").strip().splitlines()

    assert [line for line in lines if line] == [
        "- deny <code>production-meets-only-production</code> changed (between)",
        "- allow <code>same-owner</code> removed",
        "- allow <code>one-owner</code> added",
        "- 1 test added",
    ]
    assert [each["what"] for each in _data(zone)["data"]["policy"]["rules"]] == ["changed (between)", "removed", "added"]


def test_rules_in_another_order_are_no_change(zone: Path) -> None:
    """The order means nothing."""
    head, *rules = peered.POLICY.split("  - id: ")
    (zone / peered.POLICY_FILE).write_text(head + "\n".join(f"  - id: {rule}" for rule in reversed(rules)))

    assert "### Policy" not in _summary(zone).out


@pytest.mark.parametrize("path", [peered.POLICY_FILE, "scaffold.yaml"])
def test_a_base_that_cannot_be_compared_with(path: str, zone: Path) -> None:
    """The change that repairs it is judged as a whole, with a warning, and every rule is new."""
    content = (zone / path).read_bytes()
    (zone / path).unlink()
    cli.commit(zone)
    (zone / path).write_bytes(content)

    done = _summary(zone)

    assert done.status == 0 and "what was there before is not known" in done.err and "Not in order" not in done.out
    assert "- deny <code>production-meets-only-production</code> added" in _section(done.out, "Policy (3)")
