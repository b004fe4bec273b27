"""What a policy of IAM says of a request: enough of the language for the policies that this repository writes.

AWS, "Policy evaluation logic" and "IAM JSON policy elements: Condition operators". Whatever a policy says that is not known
here is an error, never a silent yes or no.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_ELEMENTS = {"Sid", "Effect", "Action", "NotAction", "Resource", "Principal", "Condition"}
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """Who (`AWS:arn…`, `Service:…` or `Federated:…`; "" where the policy is the principal's own) does what to what."""

    action: str
    resource: str = "*"
    principal: str = ""
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)


def decision(policy: str, request: Request) -> str | None:
    """`Deny`, `Allow`, or None where no statement is about the request."""
    return _decision([json.loads(policy)], request)


def allowed(policies: Iterable[Document], action: str, resource: str = "*") -> bool:
    """May whoever has these policies do this? An action that has no resource is asked for on `*`, which only `*` meets."""
    return _decision(policies, Request(action, resource)) == "Allow"


def trusts(trust: Document, role_arn: str, said: Mapping[str, str] | None = None) -> bool:
    """May this role assume the one that has the trust policy? `said` are further keys of the request (`sts:ExternalId`)."""
    context = {"aws:PrincipalArn": role_arn, **(said or {})}
    return _decision([trust], Request("sts:AssumeRole", principal=f"AWS:{role_arn}", context=context)) == "Allow"


def _decision(policies: Iterable[Document], request: Request) -> str | None:
    found = {one["Effect"] for policy in policies for one in policy["Statement"] if _matches(one, request)}
    return next((effect for effect in ("Deny", "Allow") if effect in found), None)


def _matches(statement: Mapping[str, Any], request: Request) -> bool:
    assert set(statement) <= _ELEMENTS, statement
    return (
        _is_action(statement, request.action.lower())
        and any(_like(pattern, request.resource) for pattern in _list(statement.get("Resource", "*")))
        and _is_about(statement.get("Principal"), request.principal)
        and all(_holds(operator, keys, request.context) for operator, keys in statement.get("Condition", {}).items())
    )


def _is_action(statement: Mapping[str, Any], action: str) -> bool:
    named = _list(statement.get("NotAction") or statement["Action"])
    return any(_like(pattern.lower(), action) for pattern in named) is not ("NotAction" in statement)


def _is_about(said: Any, principal: str) -> bool:
    if said is None or said == "*":
        return True
    named = {f"{kind}:{name}" for kind, names in said.items() for name in _list(names)}
    return bool(named & {principal, *_account_of(principal)})


def _account_of(principal: str) -> set[str]:
    """An account as principal stands for everybody in it whom that account lets."""
    parts = principal.split(":")
    return {f"AWS:{parts[5]}", f"AWS:arn:{parts[2]}:iam::{parts[5]}:root"} if parts[:2] == ["AWS", "arn"] else set()


def _holds(operator: str, keys: Mapping[str, Any], context: Mapping[str, str | Sequence[str]]) -> bool:
    """All keys of an operator have to hold. A key that the request lacks matches nothing, so a negated operator holds."""
    given = {key.lower(): value for key, value in context.items()}
    return all(_OPERATORS[operator](_list(wanted), given.get(key.lower())) for key, wanted in keys.items())


def _equals(wanted: list[str], given: Any) -> bool:
    return given in wanted


def _string_like(wanted: list[str], given: Any) -> bool:
    return given is not None and any(_like(pattern, given) for pattern in wanted)


def _arn_like(wanted: list[str], given: Any) -> bool:
    """Each of the six parts of an ARN is compared by itself: `*` in one does not reach into the next."""
    return given is not None and any(_parts_like(pattern.split(":", 5), given.split(":", 5)) for pattern in wanted)


def _parts_like(pattern: list[str], given: list[str]) -> bool:
    return len(pattern) == len(given) == 6 and all(map(_like, pattern, given))


_OPERATORS: Mapping[str, Callable[[list[str], Any], bool]] = {
    "StringEquals": _equals,
    "StringLike": _string_like,
    "Bool": _equals,
    "ArnLike": _arn_like,
    "ArnNotLike": lambda wanted, given: not _arn_like(wanted, given),
    "ForAnyValue:StringEquals": lambda wanted, given: bool(set(wanted) & set(given or ())),
}


def _like(pattern: str, text: str) -> bool:
    """`*` stands for any characters, `?` for one."""
    expression = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)
    return re.fullmatch(expression, text) is not None


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
