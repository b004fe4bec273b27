"""What a change to an account does to its pairs, in words: before anybody has to find it in a plan."""

from __future__ import annotations

from generator.peering.describe import Difference, Standing, reason
from generator.peering.plan import Action, Pair
from generator.peering.plan import problems as problems_of
from generator.problems import Problem
from generator.report.text import printable

_SHOWN = 20


def disconnected(changed: Difference) -> list[Pair]:
    """The pairs whose stack this change turns into a tombstone."""
    return [pair for pair in changed.changed.get(Standing.DISCONNECT, ()) if pair.action is Action.TOMBSTONE]


def doubts(changed: Difference) -> list[Problem]:
    """What a person should know of the account's own pairs; those of others are sync's to tell, doubts about the policy everybody's."""
    always = {(problem.id, problem.message) for problem in changed.after.doubts}
    before = {(problem.id, problem.message) for problem in problems_of(changed.before)} - always
    return [problem for problem in problems_of(changed.after) if (problem.id, problem.message) not in before]


def lines(changed: Difference) -> list[str]:
    """What the change connects and disconnects, and why: before anybody has to find it in a plan."""
    pairs = [(standing.title.lower(), pair) for standing, listed in changed.changed.items() for pair in listed]
    if not pairs:
        return []
    rows = [(title, " -- ".join(pair.names), reason(pair)) for title, pair in pairs]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    rendered = [f"  {title.ljust(widths[0])}  {names.ljust(widths[1])}  {printable(why)}" for title, names, why in rows]
    shown, more = rendered[:_SHOWN], len(rendered) - _SHOWN
    return ["Peerings:", *shown, *([f"  and {more} more: scaffold peering plan"] if more > 0 else []), ""]
