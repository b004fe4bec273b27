"""The StackSet template as CloudFormation reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from moto.iam.aws_managed_policies import aws_managed_policies_data

ACCOUNT, PARTITION = "444455556666", "aws"


@dataclass(frozen=True, slots=True)
class Role:
    """A role: whom it trusts, and the documents of all its policies."""

    trust: Mapping[str, Any]
    policies: tuple[Mapping[str, Any], ...]


def _substituted(loader: Any, node: yaml.ScalarNode) -> str:
    return str(node.value).replace("${AWS::Partition}", PARTITION).replace("${AWS::AccountId}", ACCOUNT)


class _Loader(yaml.SafeLoader):
    """YAML with the one function that the template calls."""


_Loader.add_constructor("!Sub", _substituted)


def roles(template: bytes) -> dict[str, Role]:
    """The roles that the template makes in `ACCOUNT`, by name."""
    resources = yaml.load(template, _Loader)["Resources"].values()
    return {said["RoleName"]: _role(said) for said in (resource["Properties"] for resource in resources)}


def _role(said: Mapping[str, Any]) -> Role:
    attached = (policy_of_aws(arn) for arn in said.get("ManagedPolicyArns", ()))
    return Role(said["AssumeRolePolicyDocument"], (*attached, *(policy["PolicyDocument"] for policy in said["Policies"])))


@cache
def policy_of_aws(arn: str) -> Mapping[str, Any]:
    """A policy that AWS made."""
    found: Mapping[str, Any] = json.loads(aws_managed_policies_data)[arn.rpartition("/")[2]]["Document"]
    return found
