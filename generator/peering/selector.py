"""A selector of the policy's language outside the policy: given on a command line, or named there."""

from __future__ import annotations

from dataclasses import replace

from generator.documents import strict_yaml
from generator.documents.shape import Reader
from generator.organization.model import Organization
from generator.peering import grammar
from generator.peering.policy import FILE, Policy, Selector
from generator.problems import Problem, Refused, expected, refuse


def named(name: str, policy: Policy, option: str) -> Selector:
    """The selector that the policy describes under a name; refused where there is none."""
    if name not in policy.selectors:
        nearest = f"; {expected(name, policy.selectors)}" if policy.selectors else ""
        remedy = f"write KEY=VALUE, or the name of a selector{nearest}"
        raise refuse("unknown-selector", f'{option} is "{name}", and {FILE} describes no such selector', remedy, value=name)
    return policy.selectors[name]


def parse(text: str, organization: Organization, option: str) -> Selector:
    """The selector that `{matchTags: …, matchExpressions: …, accounts: …}` or `{any: true}` is; refused with every reason."""
    node, problems = strict_yaml.read(text.encode(), option)
    reader = Reader(option)
    found = grammar.SIDE.read(node, option, reader) if node is not None else None
    problems = [*problems, *reader.problems]
    if found is not None and not isinstance(found, Selector):
        raise refuse("wrong-selector", f"{option} names a selector in braces", f"write {option} {found.name}", value=text)
    if found is not None:
        problems += grammar.tags(Policy(selectors={option: found}), organization)
    if problems:
        raise Refused([_placeless(problem) for problem in problems])
    assert isinstance(found, Selector)
    return found


def _placeless(problem: Problem) -> Problem:
    """A command line has no file and no line."""
    return replace(problem, file=None, line=None)
