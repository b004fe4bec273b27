"""IAM's decisions, as far as our policies need them: allow, deny, wildcards, `NotAction`, and conditions of equal strings.

Source: "Policy evaluation logic" and "IAM JSON policy elements" of the IAM user guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]


def allowed(policies: Iterable[Document], action: str, resource: str = "*") -> bool:
    """May whoever has these policies do this? What no statement allows is denied, and one that denies wins."""
    effects = {statement["Effect"] for policy in policies for statement in _statements(policy) if _meets(statement, action, resource)}
    return effects == {"Allow"}


def trusts(trust: Document, role_arn: str, said: Mapping[str, str] | None = None) -> bool:
    """May this role assume the one that has the trust policy? `said` are further keys of the request (`sts:ExternalId`)."""
    context = {"aws:PrincipalArn": role_arn, **(said or {})}
    effects = {
        statement["Effect"]
        for statement in _statements(trust)
        if "sts:AssumeRole" in _many(statement["Action"]) and _named(statement, role_arn) and _holds(statement, context)
    }
    return effects == {"Allow"}


def _statements(policy: Document) -> list[Document]:
    return list(_many(policy["Statement"]))


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _matches(patterns: Any, value: str, flags: int = 0) -> bool:
    written = ("".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in each) for each in _many(patterns))
    return any(re.fullmatch(pattern, value, flags) for pattern in written)


def _meets(statement: Document, action: str, resource: str) -> bool:
    """An action that has no resource is asked for on `*`, which only `*` meets."""
    if "Condition" in statement:
        raise NotImplementedError("a condition in a policy of permissions")
    named = (
        not _matches(statement["NotAction"], action, re.IGNORECASE)
        if "NotAction" in statement
        else _matches(statement["Action"], action, re.IGNORECASE)
    )
    return named and (statement["Resource"] == "*" if resource == "*" else _matches(statement["Resource"], resource))


def _named(statement: Document, role_arn: str) -> bool:
    """An account as principal stands for everybody in it whom that account lets."""
    partition, account = role_arn.split(":")[1], role_arn.split(":")[4]
    return any(name in ("*", role_arn, account, f"arn:{partition}:iam::{account}:root") for name in _many(statement["Principal"]["AWS"]))


def _holds(statement: Document, context: Mapping[str, str]) -> bool:
    return all(context.get(key) in _many(wanted) for key, wanted in _conditions(statement))


def _conditions(statement: Document) -> Iterator[tuple[str, Any]]:
    for operator, wanted in statement.get("Condition", {}).items():
        if operator != "StringEquals":
            raise NotImplementedError(operator)
        yield from wanted.items()
