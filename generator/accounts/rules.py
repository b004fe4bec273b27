"""Rules that every account must keep, offline: what AFT and AWS would refuse after the merge, and our schema.

AFT validates almost nothing itself, so a wrong request fails once it is too late to edit it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from generator import ranges
from generator.accounts import request_rules, value_rules
from generator.accounts.case import Case
from generator.accounts.model import Account
from generator.accounts.others import FILE as OTHERS
from generator.accounts.others import OtherNetwork
from generator.inventory import Inventory
from generator.organization.catalogue import RULES
from generator.organization.model import Organization
from generator.problems import Problem
from generator.ranges import Range

_SHOWN = 3


def check(
    accounts: Sequence[Account],
    organization: Organization,
    inventory: Inventory | None = None,
    described: Iterable[OtherNetwork] = (),
) -> list[Problem]:
    """All problems of all accounts, in order of file and line; `inventory` is what AWS has, `described` are networks without a request."""
    known = inventory or Inventory()
    live = known.by_email()
    cases = [Case(account, organization, known, live.get(str(account.email).lower())) for account in accounts]
    each = [problem for case in cases for rule in (*request_rules.RULES, *value_rules.RULES) for problem in rule(case)]
    problems = [*each, *_same_slug(cases), *_same_email(cases), *_overlaps(accounts, described)]
    return sorted(problems, key=lambda problem: (problem.file or "", problem.line or 0, problem.id, problem.message))


def _same_slug(cases: Sequence[Case]) -> Iterator[Problem]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.account.slug].append(case)
    for shared, (first, *others) in groups.items():
        for case in others:
            known = first.account
            message = f'the name "{case.account.name}" gives the slug {shared}, as does "{known.name}" in {known.record.file}'
            yield case.problem("same-slug", ("control_tower_parameters", "AccountName"), message, "rename one of them", shared)


def _same_email(cases: Sequence[Case]) -> Iterator[Problem]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if isinstance(case.account.email, str) and case.account.email:
            groups[case.account.email.lower()].append(case)
    for address, (first, *others) in groups.items():
        for case in others:
            message = f'the address "{address}" is also that of {first.account.slug} ({first.account.record.file})'
            remedy = "give each account its own: AFT keys requests by address"
            yield case.problem("same-email", ("control_tower_parameters", "AccountEmail"), message, remedy, address)


@dataclass(frozen=True, slots=True, eq=False)
class _Declared:
    """A network's name and where it is declared; the line is looked for only where it is told."""

    name: str
    file: str
    line: Callable[[], int]


def _overlaps(accounts: Iterable[Account], described: Iterable[OtherNetwork]) -> Iterator[Problem]:
    """Ranges that share addresses. That is no error, equal ranges are everywhere in grown organizations; but AWS never peers them."""
    for (outer, around), (inner, inside) in ranges.clashes([*_requested(accounts), *_described(described)]):
        names = sorted({declared.name for declared in (*around, *inside)})
        if len(names) > 1:
            where = f"the range {inner}" if inner == outer else f"the ranges {outer} and {inner}, one in the other"
            message = f"{_shown(names)} have {where}: no two of them that share addresses can ever meet"
            last = inside[-1]
            yield Problem(
                id="overlapping-range",
                severity=RULES["overlapping-range"].severity,
                file=last.file,
                line=last.line(),
                message=message,
                remedy="nothing, unless they should: then declare a further network with a range of its own",
                value=str(inner),
            )


def _requested(accounts: Iterable[Account]) -> Iterator[tuple[Range, _Declared]]:
    for account in accounts:
        for network in account.networks:
            try:
                block = ranges.parse(str(network.cidr_block))
            except ValueError:
                continue  # a problem of its own
            line = partial(account.record.line_of, "custom_fields", network.key)
            yield block, _Declared(network.name, account.record.file, line)


def _described(networks: Iterable[OtherNetwork]) -> Iterator[tuple[Range, _Declared]]:
    for network in networks:
        declared = _Declared(network.name, OTHERS, partial(int, network.line))
        yield from ((block, declared) for block in network.cidr_blocks)


def _shown(names: Sequence[str]) -> str:
    """A few names, and how many more there are."""
    more = len(names) - _SHOWN
    return f"{', '.join(names[:_SHOWN])} and {more} more" if more > 0 else " and ".join(names) if more < 0 else ", ".join(names)
