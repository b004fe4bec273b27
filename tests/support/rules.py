"""Policies in a few words: rules of one line each, with the sides that they are made of."""

from __future__ import annotations

from generator.peering import grammar
from generator.peering.policy import Policy
from tests.support import zones

OPTIONAL = '  pci: {values: ["yes", "no"]}\n  cost: {pattern: "[0-9]+"}\n  zone: {pattern: "a|b"}\n'
CONVENTIONS = zones.organization(("  tier: {required", f"{OPTIONAL}  tier: {{required"))

ANY = "{any: true}"


def policy_of(*rules: str, more: str = "") -> Policy:
    """A policy of rules in one line each, from line 3 on; their ids are a, b, c."""
    lines = (f"  - {{id: {name}, reason: why, {rule}}}\n" for name, rule in zip("abcdef", rules, strict=False))
    found, problems = grammar.read(f"version: 1\nrules:\n{''.join(lines)}{more}".encode(), CONVENTIONS)
    assert found is not None, problems
    return found


def tags(**values: str) -> str:
    """A side by tags."""
    return f"{{matchTags: {{{', '.join(f'{key}: {value!r}' for key, value in values.items())}}}}}"


def expressions(*asked: str) -> str:
    """Each as `environment NotIn prod dev`."""
    parts = [expression.split() for expression in asked]
    listed = [f"{{key: {key}, operator: {operator}{f', values: {values}' if values else ''}}}" for key, operator, *values in parts]
    return f"{{matchExpressions: [{', '.join(listed)}]}}"


def between(one: str, other: str) -> str:
    """Two sides."""
    return f"between: {one}, and: {other}"


def within(side: str) -> str:
    """One selector for both sides."""
    return f"within: {side}"


def allow(sides: str, *more: str) -> str:
    """An allow, for `policy_of`."""
    return ", ".join(["effect: allow", sides, *more])


def deny(sides: str, *more: str) -> str:
    """A deny, for `policy_of`."""
    return ", ".join(["effect: deny", sides, *more])


PROD, DEV, STAGING, VPN = tags(environment="prod"), tags(environment="dev"), tags(environment="staging"), tags(tier="vpn")
NOT_PROD, EXCEPT = expressions("environment NotIn prod"), "unless: [{between: {accounts: [x]}, and: {accounts: [y]}, reason: r, expires: "
SAME, NEAR = "where: {sameTags: [environment]}", "where: {sameRegion: true}"
LATER, PROPOSED = "expires: 2027-12-31", "proposed: true"
X_VPN, X_APP = "{accounts: [x], matchTags: {tier: vpn}}", "{accounts: [x], matchTags: {tier: app}}"
