"""`scaffold atlantis summary`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import click

from generator.cli import output, summary_checks, workspace
from generator.cli.pair_markdown import NOT_JUDGED, pair_sections
from generator.landing_zone.account_changes import AccountChange, Field, What
from generator.landing_zone.convention_changes import RuleChange, Setting
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import policy_of
from generator.landing_zone.summary import Summary
from generator.landing_zone.summary import summary as summarize
from generator.peering.describe import Standing, plain
from generator.peering.existing import ROOT as PEERINGS
from generator.problems import Problem, Severity
from generator.report import markdown
from generator.report.markdown import Markdown, bullet, code, escape, join
from generator.report.text import counted
from generator.stacks.model import ROOT as STACKS

_PAIRS, _LATER_PAIRS, _ACCOUNTS, _LOST, _LINE = 22_000, 5_000, 6_000, 3_000, 2_000
_CONVENTIONS, _POLICY = 2_500, 2_500
"""Characters of each part: a comment on GitHub ends at 65,536."""
_COMMANDS, _FIELDS, _VALUE = 10, 8, 120
_BOLD = Markdown("**")
_LATER = (Standing.UNDETERMINED, Standing.PROPOSED, Standing.WAITING, Standing.WITHDRAWN)
"""What a change leaves as it is, for now: told after everything that it does."""


@click.command()
@workspace.based
@workspace.dated
@workspace.reading_as("markdown", "json")
def summary(bases: tuple[str, ...], day: str, root: Path, form: str) -> int:
    """Say in Markdown what a change does, most dangerous first: for the pull request.

    Example: scaffold atlantis summary --base origin/main
    """
    if not bases:
        raise click.UsageError("a summary is that of a change: add --base REF")
    output.begin("atlantis summary", form)
    _, zone, notes = workspace.open_zone(root, day=day)
    with workspace.base_zone(root, zone, bases) as base:
        found = summarize(zone, base)
        wrong = summary_checks.not_in_order(zone, base, notes)
        blind = base is None or base.policy is None
    more = [*(note for note in notes if note not in wrong), *([workspace.blind_base(bases, "read everything as new")] if blind else [])]
    return output.show(output.Result(_markdown(found, zone, wrong), lambda: _plain(found), [*wrong, *more]))


def _markdown(found: Summary, zone: LandingZone, wrong: Sequence[Problem]) -> Markdown:
    changed, members, policy = found.pairs.changed, found.pairs.after.members, policy_of(zone)
    now = {standing: pairs for standing, pairs in changed.items() if standing not in _LATER}
    later = {standing: pairs for standing, pairs in changed.items() if standing in _LATER}
    return markdown.blocks(
        markdown.section("What this change does", escape(_verdict(found))),
        summary_checks.section(wrong),
        _bullets("Deleted stacks that nobody destroys", [code(directory) for directory in found.lost], "stack", _LOST),
        *pair_sections(now, members, policy, _PAIRS),
        _bullets("Conventions", [_setting(setting) for setting in found.settings], "value", _CONVENTIONS),
        _bullets("Policy", list(_policy(found)), "rule", _POLICY),
        _accounts(found.accounts),
        _stacks(found),
        *pair_sections(later, members, policy, _LATER_PAIRS),
        markdown.section("Order", _order(found, wrong), 3),
        escape(NOT_JUDGED),
    )


def _verdict(found: Summary) -> str:
    """The whole change in one line."""
    pairs = {standing: counted(len(listed), "pair") for standing, listed in found.pairs.changed.items()}
    stacks = {name: counted(len(listed), "stack") for name, listed in (("destroying", found.destroying), ("lost", found.lost)) if listed}
    words = [
        (pairs.get(Standing.LOST), "leaves {} connected without a stack"),
        (pairs.get(Standing.DISCONNECT), "disconnects {}"),
        (stacks.get("destroying"), "plans the destruction of {}"),
        (stacks.get("lost"), "leaves {} deleted and not destroyed"),
        (pairs.get(Standing.CONNECT), "connects {}"),
        (pairs.get(Standing.CHANGED), "changes what {} connects"),
    ]
    done = [text.format(number) for number, text in words if number]
    numbers = {what: sum(each.what is what for each in found.accounts) for what in What}
    accounts = [f"{counted(number, 'account')} {what.value}" for what, number in numbers.items() if number]
    said = [*(done or ["connects and disconnects nothing"]), *accounts]
    return f"This change {'; '.join(said)}; Atlantis plans {counted(len(found.planned), 'stack')}."


def _accounts(changes: Collection[AccountChange]) -> Markdown:
    """A line per account; what is permanent is marked."""
    dangerous = sorted(changes, key=lambda change: not _is_dangerous(change))
    return _bullets("Accounts", [_account(change) for change in dangerous], "account", _ACCOUNTS)


_AFTERWARDS = {
    What.ADDED: "; its name, address and range are permanent once this is merged",
    What.REMOVED: "; AFT keeps the account and everything in it",
}


def _is_dangerous(change: AccountChange) -> bool:
    return change.what in (What.REMOVED, What.UNREAD) or any(field.permanent for field in change.fields)


def _account(change: AccountChange) -> Markdown:
    what = Markdown(f" {change.what.value} (")
    after = Markdown(f"){_AFTERWARDS.get(change.what, '')}")
    listed = sorted(change.fields, key=lambda field: not field.permanent)
    more = [f"{len(listed) - _FIELDS} more values"] if len(listed) > _FIELDS else []
    fields = join([*map(_field, listed[:_FIELDS]), *more], "; ")
    return join([_BOLD, change.slug, _BOLD, what, code(change.file), after, *([Markdown(": "), fields] if fields else [])])


def _field(field: Field) -> Markdown:
    note = " (permanent: AFT refuses or ignores it)" if field.permanent else ""
    if field.place == "account_tags" and field.new is None:
        note = " (AFT never untags: it stays on the account)"
    return _became(".".join(filter(None, (field.place, field.key))), field.old, field.new, note)


def _became(path: str, old: str | None, new: str | None, note: str) -> Markdown:
    """A value before and after, each cut, and what follows."""
    before, after = (Markdown("absent") if value is None else code(_cut(value)) for value in (old, new))
    return join([code(_cut(path)), Markdown(" "), before, Markdown(" → "), after, Markdown(note)])


_FOLLOWS = {
    "state": "every stack looks for its state elsewhere: nothing moves it",
    "state.kms_key": "every stack's backend is another; its state stays where it is",
    "state.lock_table": "every stack's backend is another; its state stays where it is",
    "roles.atlantis": "every provider assumes another role",
    "partition": "every ARN names another partition",
}
"""What follows from another value, by its path or by the first part of that."""


def _setting(setting: Setting) -> Markdown:
    follows = _FOLLOWS.get(setting.path) or _FOLLOWS.get(setting.path.partition(".")[0])
    return _became(setting.path, setting.old, setting.new, f" ({follows})" if follows else "")


def _policy(found: Summary) -> Iterator[Markdown]:
    """The rules that differ, then the tests."""
    yield from map(_rule, found.policy.rules)
    tests = {"removed": found.policy.tests_removed, "added": found.policy.tests_added}
    if any(tests.values()):
        yield Markdown(", ".join(f"{counted(number, 'test')} {what}" for what, number in tests.items() if number))


def _rule(change: RuleChange) -> Markdown:
    effects = " → ".join(effect.value for effect in change.effects)
    return join([Markdown(f"{effects} "), code(_cut(change.rule.id)), Markdown(f" {change.what}")])


def _cut(value: str) -> str:
    return value if len(value) <= _VALUE else f"{value[:_VALUE]}…"


def _stacks(found: Summary) -> Markdown:
    """What Atlantis plans, what it plans for tags only, and what waits: a line each."""
    others = [directory for directory in found.planned if directory not in {*found.for_tags, *found.destroying}]
    kinds = {"To destroy": found.destroying, "Planned": others, "Planned again for tags only": found.for_tags}
    lines = [_line(title, list(map(code, directories))) for title, directories in kinds.items() if directories]
    waiting = [join([code(directory), Markdown(" for "), what]) for directory, what in found.waiting]
    lines += [_line("Deleted, tombstones until now", list(map(code, found.deleted)))] if found.deleted else []
    lines += [_line("Waiting, not planned yet", waiting)] if waiting else []
    return markdown.section("Stacks", join(map(bullet, lines), "\n"), 3) if lines else Markdown()


def _line(title: str, names: Sequence[Markdown]) -> Markdown:
    """Names in one line, as many as have room, and how many more there are."""
    ends = list(accumulate(len(name) + 2 for name in names))
    shown = max(sum(end <= _LINE for end in ends), 1)
    more = f" and {len(names) - shown} more" if shown < len(names) else ""
    return join([Markdown(f"{title} ({len(names)}): "), join(names[:shown], ", "), Markdown(more)])


def _bullets(title: str, lines: Collection[Markdown], what: str, limit: int) -> Markdown:
    if not lines:
        return Markdown()
    return markdown.section(f"{title} ({len(lines)})", markdown.clip([bullet(line) for line in lines], limit, what), 3)


def _order(found: Summary, wrong: Sequence[Problem]) -> Markdown:
    """What to do, in order, with the commands to type."""
    in_its_way = any(problem.severity is Severity.ERROR for problem in wrong)
    lead = Markdown("Not before the errors above are gone:" if in_its_way else "")
    steps = (Markdown(f"{number}. {step}") for number, step in enumerate(_steps(found, summary_checks.needs_sync(wrong)), 1))
    return markdown.blocks(lead, join(steps, "\n"))


def _steps(found: Summary, stale: bool) -> Iterator[Markdown]:
    added = any(change.what is What.ADDED for change in found.accounts)
    if stale:
        yield join([Markdown("Run "), code("scaffold sync"), Markdown(", and commit what it writes.")])
    if found.lost:
        yield Markdown("Restore the deleted stacks: Atlantis plans nothing for them, and what they manage stays.")
    if found.destroying:
        yield join([Markdown("Here, apply what is destroyed first: "), _commands(found.destroying)])
    if len(found.planned) > len(found.destroying):
        yield join([Markdown("Here, once the plans are reviewed: "), code("atlantis apply")])
    if found.deleted:
        looks = [code(f"terraform -chdir={directory} state list") for directory in found.deleted]
        yield join([Markdown("On the base, where the tombstones are still, see that each prints nothing: "), _some(looks)])
    yield Markdown("Merge.")
    if added or any(change.what is What.CHANGED for change in found.accounts):
        hour = "; a new account takes about an hour" if added else ""
        yield Markdown(f"AFT applies the requests after the merge, without a plan{hour}.")
    if found.waiting or Standing.WAITING in found.pairs.changed or added:
        follows = Markdown("What waits follows in the pull request of the scheduled job: ")
        yield join([follows, code("scaffold pull"), Markdown(", then "), code("scaffold sync")])
    if found.destroying:
        yield join([Markdown("After the merge, a later pull request deletes the tombstones: "), _some(list(map(code, _deletions(found))))])


def _commands(directories: Collection[str]) -> Markdown:
    return _some([code(f"atlantis apply -p {directory}") for directory in directories])


def _deletions(found: Summary) -> Iterator[str]:
    """What deletes the tombstones: a snapshot tells of peerings; of other stacks only somebody tells who looked at their states."""
    if any(directory.startswith(f"{PEERINGS}/") for directory in found.destroying):
        yield "scaffold peering prune --base main"
    for directory in found.destroying:
        if directory.startswith(f"{STACKS}/"):
            account, stack = directory.removeprefix(f"{STACKS}/").split("/", 1)
            yield f"scaffold account {account} --retire --destroyed {stack} --base main"


def _some(commands: Sequence[Markdown]) -> Markdown:
    more = len(commands) - _COMMANDS
    return join([join(commands[:_COMMANDS], ", "), *([f" and {more} more"] if more > 0 else [])])


def _plain(found: Summary) -> dict[str, Any]:
    return {
        "pairs": {standing.name.lower(): [plain(pair) for pair in pairs] for standing, pairs in found.pairs.changed.items()},
        "accounts": [
            {
                "account": each.slug,
                "what": each.what.name.lower(),
                "file": each.file,
                "fields": [
                    {"place": field.place, "key": field.key, "old": field.old, "new": field.new, "permanent": field.permanent}
                    for field in each.fields
                ],
            }
            for each in found.accounts
        ],
        "lost": list(found.lost),
        "planned": list(found.planned),
        "for_tags": list(found.for_tags),
        "destroying": list(found.destroying),
        "deleted": list(found.deleted),
        "conventions": [{"path": each.path, "old": each.old, "new": each.new} for each in found.settings],
        "policy": {
            "rules": [
                {"rule": each.rule.id, "effects": [effect.value for effect in each.effects], "what": each.what}
                for each in found.policy.rules
            ],
            "tests": {"added": found.policy.tests_added, "removed": found.policy.tests_removed},
        },
        "waiting": [{"stack": directory, "for": what} for directory, what in found.waiting],
    }
