"""Pairs as Markdown: a section per standing, with a table that names both sides, rule and tags of each pair."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from generator.peering.describe import Standing, rows
from generator.peering.model import Member
from generator.peering.plan import Pair
from generator.peering.policy import Policy
from generator.report import markdown

_HEAD = ("pair", "why", "what to do", "one side", "other side")
NOT_JUDGED = "Peered is not reachable: security groups still decide. Transit gateways and PrivateLink are not judged."


def pair_sections(
    listed: Mapping[Standing, Collection[Pair]], members: Mapping[str, Member], policy: Policy, limit: int
) -> Iterator[markdown.Markdown]:
    """A section per standing; together they are no longer than about `limit` characters, and say what they leave out."""
    share = limit // max(len(listed), 1)
    for standing, pairs in listed.items():
        body = _table(list(rows(pairs, members, policy)), share)
        yield markdown.section(f"{standing.title} ({len(pairs)})", body, 3)


def _table(cells: Sequence[Sequence[str]], limit: int) -> markdown.Markdown:
    """The rows, without the columns that are empty in all of them."""
    shown = [column for column in range(len(_HEAD)) if any(row[column] for row in cells)]
    return markdown.table([_HEAD[column] for column in shown], ([row[column] for column in shown] for row in cells), limit, "pair")
