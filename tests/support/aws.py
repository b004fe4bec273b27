"""An organization in the server that answers as AWS, seeded with boto3."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3

MANAGEMENT = "123456789012"
"""The account that the plain credentials of `tests.support.terraform.environment` belong to."""

_NO_ONE = {"Version": "2012-10-17", "Statement": []}


@dataclass(frozen=True, slots=True)
class Aws:
    """The server at `url`."""

    url: str

    def reset(self) -> None:
        """Forget everything, the roles that were assumed too."""
        _client.cache_clear()
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/moto-api/reset", method="POST")).close()

    def client(self, service: str, account: str = MANAGEMENT, region: str = "us-east-1") -> Any:
        """A client that acts in an account; the server lets any role of any account be assumed."""
        return _client(self.url, service, account, region)

    def found_organization(self) -> None:
        """An organization whose management account is `MANAGEMENT`."""
        self.client("organizations").create_organization(FeatureSet="ALL")

    def vend(self, name: str, email: str | None = None) -> str:
        """A new account of the organization; its id."""
        made = self.client("organizations").create_account(AccountName=name, Email=email or f"aws+{name}@acme.com")
        id: str = made["CreateAccountStatus"]["AccountId"]
        return id

    def make_role(self, account: str, name: str) -> None:
        """A role in an account, as AFT's customizations would make it."""
        iam = self.client("iam", account)
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(_NO_ONE))

    def make_vpc(self, account: str, cidr_block: str, name: str | None = None, region: str = "us-east-1") -> str:
        """A VPC, tagged as the network `name`; its id."""
        tags = {"TagSpecifications": _tagged("vpc", {"scaffold:network": name})} if name else {}
        made = self.client("ec2", account, region).create_vpc(CidrBlock=cidr_block, **tags)
        id: str = made["Vpc"]["VpcId"]
        return id


@cache  # making one takes longer than a call
def _client(url: str, service: str, account: str, region: str) -> Any:
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": region, "endpoint_url": url}
    if account != MANAGEMENT:
        role = f"arn:aws:iam::{account}:role/AWSAFTExecution"
        given = boto3.client("sts", **keys).assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"]
        keys |= {"aws_access_key_id": given["AccessKeyId"], "aws_secret_access_key": given["SecretAccessKey"]}
        keys |= {"aws_session_token": given["SessionToken"]}
    return boto3.client(service, **keys)


def _tagged(kind: str, tags: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}]
