"""The shape of `scaffold.yaml`: read it, check it and describe it to an editor from one place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from generator import ranges
from generator.documents.shape import Flag, Items, Key, Number, Reader, Record, Shape, Table, Text, json_schema, mismatch
from generator.documents.strict_yaml import Node
from generator.organization.levels import Levels
from generator.organization.model import (
    Baseline,
    Budget,
    Environment,
    LintSettings,
    Organization,
    Region,
    Roles,
    SsoUser,
    State,
    TagRule,
    Unit,
    Versions,
)

FILE = "scaffold.yaml"
EMAIL = r"[^\s@\"'()<>\[\]:;,\\|%&.][^\s@\"'()<>\[\]:;,\\|%&]*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"


_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, as text."""

    def read(self, node: Node, at: str, reader: Reader) -> Any:
        """The pattern, if Python can compile it."""
        text = Text(wanted="a regular expression").read(node, at, reader)
        try:
            re.compile(text or "")
        except re.error as error:
            return reader.wrong("wrong-value", node.line, f'{at} is "{text}": {error}', "write a regular expression", text)
        return text

    def schema(self) -> dict[str, Any]:
        """See `Shape.schema`."""
        return {"type": "string", "format": "regex"}


@dataclass(frozen=True, slots=True)
class Cidr:
    """An IPv4 range without host bits, at least `low` and at most `high` bits long."""

    low: int = 8
    high: int = 28

    def read(self, node: Node, at: str, reader: Reader) -> Any:
        """The range."""
        text = node.value
        if not isinstance(text, str):
            return mismatch(node, at, reader, f"an IPv4 range such as 10.0.0.0/{self.low}")
        try:
            found = ranges.parse(text)
        except ValueError as error:
            return reader.wrong("wrong-range", node.line, f'{at} is "{text}", which {error}', "write a range without host bits", text)
        if not self.low <= found.length <= self.high:
            return reader.wrong("wrong-range", node.line, f'{at} is "{text}"', f"write a /{self.low} to /{self.high}", text)
        return found

    def schema(self) -> dict[str, Any]:
        """See `Shape.schema`."""
        lengths = "|".join(map(str, range(self.low, self.high + 1)))
        return {"type": "string", "pattern": rf"^({_OCTET}\.){{3}}{_OCTET}/({lengths})$"}


SLUG = Text(r"[a-z0-9]+(-[a-z0-9]+)*", "lower-case letters, digits and single hyphens")
TAG_KEY = Text(r"(?!aws:)[\w .:/=+\-@]{1,128}", "a tag key: up to 128 letters, digits, spaces and _ . : / = + - @, not starting with aws:")
TAG_VALUE = Text(r"[\w .:/=+\-@]{0,256}", "a tag value: up to 256 letters, digits, spaces and _ . : / = + - @")
ACCOUNT_ID = Text(r"[0-9]{12}", "the twelve digits of an account id")
PARTITIONS = ("aws", "aws-cn", "aws-us-gov")
REGION = Text(r"[a-z]{2}(-[a-z]+)+-[0-9]", "a region such as us-east-1")
PLACE = Text(rf"([a-z0-9]+(-[a-z0-9]+)*/)?{REGION.pattern}", "a region such as us-east-1, or ACCOUNT/REGION")
ROLE = Text(r"[A-Za-z0-9_+=,.@-]{1,64}", "the name of an IAM role: 1 to 64 letters a-z and A-Z, digits and _ + = , . @ -")
EXTERNAL_ID = Text(r"[A-Za-z0-9_+=,.@:/-]{2,1224}", "2 to 1224 letters a-z and A-Z, digits and _ + = , . @ : / -")
ARN = Text(r"arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:[\w+=,.@/:-]+", "an ARN")
CERTIFICATE = Text(
    r"arn:[a-z-]+:acm:[a-z0-9-]+:[0-9]{12}:certificate/[A-Za-z0-9-]+",
    "the ARN of a certificate in ACM: arn:aws:acm:REGION:ACCOUNT:certificate/ID",
)
SECRET = Text(
    r"arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9_+=,.@/-]+",
    "the ARN of a secret in Secrets Manager, arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME",
)
ORGANIZATION_ID = Text(r"o-[a-z0-9]{10,32}", "the organization's id, o-…")
CHECKOUT = Text(r"[\w./-]+", "a path")
REPOSITORY = Text(r"[\w.-]+/[\w.-]+", "OWNER/NAME")
_INSIDE = r"[\w-][\w.-]*(/[\w-][\w.-]*)*"
DOMAIN = Text(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", "a domain such as acme.com")
CONSTRAINT = Text(r"[0-9<>=~!., ]+", "a version constraint such as >= 1.10")
PLAIN = Text(r"[\w ./@:+=-]+", "letters, digits, spaces and _ . / @ : + = -")


def _optional(shape: Shape, help: str, default: Any = None) -> Key:
    return Key(shape, help, default=default)


def _needed(shape: Shape, help: str) -> Key:
    return Key(shape, help, required=True)


_TAG = Record(
    {
        "required": _optional(Flag(), "must every account have it", False),
        "pattern": _optional(Pattern(), "a regular expression for the whole value"),
        "values": _optional(Items(TAG_VALUE, 1), "the legal values", ()),
        "default": _optional(TAG_VALUE, "written once into a new request"),
        "from_name": _optional(Text(r"[a-z_]+", "a field of names.account"), "the field of the account's name that proposes it"),
        "propagate": _optional(Flag(), "do the account's resources carry it", True),
    },
    TagRule,
)
_REGION = Record(
    {
        "zones": _needed(Items(Text(r"[a-z0-9]+-az[0-9]", "a zone id such as use1-az1"), 2, 3), "two or three zone ids"),
        "prefix": _optional(Number(16, 22), "the size of a network", 20),
        "pools": _needed(Table(SLUG, Items(Cidr(8, 22), 1), 1), "ranges by environment, or default"),
        "reserved": _optional(Items(Cidr(8, 32)), "ranges of networks that exist elsewhere", ()),
        "public_ipv4_pool": _optional(Text(r"ipv4pool-ec2-[0-9a-z]+", "ipv4pool-ec2-…"), "own public addresses for NAT"),
    },
    Region,
)
_UNIT = Record(
    {
        "name": _needed(PLAIN, "the unit's name as Control Tower shows it"),
        "id": _optional(Text(r"ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}", "ou-xxxx-yyyyyyyy"), "needed for a nested unit"),
    },
    Unit,
)
_ENVIRONMENT = Record(
    {
        "ou": _needed(SLUG, "a key of organizational_units"),
        "production": _optional(Flag(), "does it get what production gets", False),
    },
    Environment,
)
_GUARDRAILS = {
    "ebs_encryption": "new EBS volumes and snapshots are encrypted, in every region named here",
    "s3_public_access_block": "no bucket or object of the account is public",
    "password_policy": "passwords of IAM users are long, and replaced after 90 days",
    "imdsv2": "new instances answer requests for metadata only with a token, in every region named here",
    "account_alias": "the sign-in page is called ORGANIZATION-ACCOUNT, which nobody else in AWS may have taken",
}
_BASELINE = Record(
    {
        **{name: _optional(Flag(), f"{help}; false takes that back", True) for name, help in _GUARDRAILS.items()},
        "budget": _optional(
            Record(
                {
                    "monthly_usd": _needed(Number(1, 100_000_000), "US dollars a month"),
                    "email": _needed(Text(EMAIL, "an e-mail address"), "who is told, at 80 % spent and at 100 % forecast"),
                },
                Budget,
            ),
            "a monthly budget per account; without it, none",
        ),
    },
    Baseline,
)
_TOPIC = Record({"secret_arn": _needed(SECRET, "the secret whose whole value is the subscriber's URL")})

KEYS = {
    "version": _needed(Number(1, 1), "1"),
    "organization": _needed(
        Record(
            {
                "name": _needed(SLUG, "a short name"),
                "id": _needed(ORGANIZATION_ID, "o-…"),
            }
        ),
        "the organization's name and id",
    ),
    "repository": _needed(REPOSITORY, "this repository, OWNER/NAME"),
    "partition": _optional(Text(values=PARTITIONS), "the AWS partition", "aws"),
    "home_region": _needed(REGION, "the home region of Control Tower"),
    "accounts": _needed(
        Record(
            {
                "management": _needed(ACCOUNT_ID, "the management account"),
                "aft_management": _needed(ACCOUNT_ID, "the account AFT runs in"),
                "platform": _needed(ACCOUNT_ID, "the account Atlantis runs in"),
            }
        ),
        "ids of the three accounts that everything else stands on",
    ),
    "names": _needed(
        Record(
            {
                "account": _needed(
                    Text(r"[a-z0-9{}_-]+", "fields in braces, such as {environment}-{workload}"), "the pattern of account names"
                ),
                "email": _needed(Text(r"[^\s]+@[^\s@]+", "an address with {name} in it"), "the pattern of account addresses"),
            }
        ),
        "patterns for names and e-mail addresses",
    ),
    "sso_user": _needed(
        Record(
            {
                "email": _needed(Text(EMAIL, "an e-mail address"), "the first user's address"),
                "first_name": _needed(PLAIN, "the first user's first name"),
                "last_name": _needed(PLAIN, "the first user's last name"),
            },
            SsoUser,
        ),
        "the first user of every account",
    ),
    "organizational_units": _needed(Table(SLUG, _UNIT, 1), "units by a short key"),
    "environments": _needed(
        Record(
            {
                "tag": _needed(TAG_KEY, "the tag key that says the environment"),
                "values": _needed(Table(SLUG, _ENVIRONMENT, 1), "its legal values"),
            }
        ),
        "which environments there are",
    ),
    "owner_tag": _optional(TAG_KEY, "the tag key that --owner sets", "owner"),
    "tags": _needed(Table(TAG_KEY, _TAG, 1), "every legal tag key"),
    "other_tags": _optional(Text(values=("error", "allow")), "what a tag key not named here is", "error"),
    "regions": _needed(Table(REGION, _REGION, 1), "the regions that networks may be in"),
    "stacks": _optional(Items(SLUG), "the skeletons a new account gets", ("network", "ecr")),
    "state": _needed(
        Record(
            {
                "bucket": _needed(Text(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "the name of a bucket"), "the S3 bucket"),
                "region": _needed(REGION, "the bucket's region"),
                "kms_key": _optional(Text(r"[\w:/-]+", "an alias, a key id or an ARN"), "the key that encrypts states"),
                "lock_table": _optional(Text(r"[\w.-]{3,255}", "the name of a DynamoDB table"), "instead of lock files in the bucket"),
            },
            State,
        ),
        "where Terraform keeps states",
    ),
    "roles": _needed(
        Record(
            {
                "atlantis": _needed(ROLE, "the role in each account that Atlantis assumes"),
                "reader": _needed(ROLE, "the role in each account that pull and the audit assume"),
                "atlantis_server": _needed(ROLE, "the role that Atlantis runs as"),
                "ci": _needed(ROLE, "the role of the scheduled jobs"),
                "create": _optional(Flag(), "does the baseline make the first two; false also removes those that it made", True),
                "external_id": _optional(EXTERNAL_ID, "what Atlantis has to say when it assumes the role of an account"),
            },
            Roles,
        ),
        "names of IAM roles",
    ),
    "terraform": _optional(
        Record(
            {
                "required": _optional(CONSTRAINT, "Terraform's version", ">= 1.10"),
                "aws": _optional(CONSTRAINT, "the AWS provider's version", ">= 5.100, < 6.0"),
            },
            Versions,
        ),
        "version constraints",
        Versions(),
    ),
    "peering": _optional(
        Record(
            {
                "limit": _optional(Number(1, 125), "active peerings per VPC", 50),
                "routes": _optional(Number(50, 1000), "routes per route table", 500),
            }
        ),
        "quotas in force",
        {"limit": 50, "routes": 500},
    ),
    "baseline": _optional(_BASELINE, "what AFT applies in every account, beside the two roles", Baseline()),
    "vpn": _optional(
        Record(
            {
                "client_cidr": _optional(Table(REGION, Cidr(12, 22)), "addresses of clients by region", {}),
                "server_certificate_arn": _optional(
                    Table(PLACE, CERTIFICATE), "certificates by region, or by ACCOUNT/REGION where several accounts have a VPN in one", {}
                ),
                "saml_metadata": _optional(Text(_INSIDE, "a path in this repository"), "the identity provider's metadata"),
                "access": _optional(Table(PLAIN, SLUG), "environment by identity group", {}),
                "account_tags": _optional(Table(TAG_KEY, TAG_VALUE), "tags of the accounts that may have one, instead of tier: vpn"),
            }
        ),
        "Client VPN",
        {},
    ),
    "alerts": _optional(
        Record(
            {
                "critical": _optional(_TOPIC, "somebody must get up"),
                "notice": _optional(_TOPIC, "somebody should look tomorrow"),
            }
        ),
        "who is told what",
        {},
    ),
    "atlantis": _optional(Record({"parallel": _optional(Flag(), "plan and apply in parallel", True)}), "Atlantis", {"parallel": True}),
    "paths": _optional(
        Record(
            {
                "requests": _optional(CHECKOUT, "a checkout of the account-request repository"),
                "global_customizations": _optional(CHECKOUT, "a checkout of the global customizations"),
            }
        ),
        "separate checkouts instead of folders of this repository",
        {},
    ),
    "aft_remotes": _optional(
        Table(Text(r"aft-[a-z-]+", "the name of an AFT folder"), Text(r"[\w@:/.+~-]+", "a git remote")),
        "where each AFT folder is pushed",
        {},
    ),
    "lint": _optional(
        Record(
            {
                "rules": _optional(Levels(), "the severity of rules that are advice, or off", {}),
                "requests": _optional(Number(1, 1000), "so many new requests in one change get no note about AFT's time", 5),
            },
            LintSettings,
        ),
        "what scaffold lint says",
        LintSettings(),
    ),
}


def build(**read: Any) -> Organization:
    """The conventions, from the values of all keys."""
    return Organization(
        name=read["organization"]["name"],
        id=read["organization"]["id"],
        account_pattern=read["names"]["account"],
        email_pattern=read["names"]["email"],
        units=read["organizational_units"],
        environment_tag=read["environments"]["tag"],
        environments=read["environments"]["values"],
        other_tags=read["other_tags"] == "allow",
        versions=read["terraform"],
        **{key: read[key] for key in _SAME},
    )


_RENAMED = {"version", "organization", "names", "organizational_units", "environments", "other_tags", "terraform"}
_SAME = tuple(key for key in KEYS if key not in _RENAMED)
SHAPE = Record(KEYS, build)


def schema() -> dict[str, Any]:
    """The JSON Schema of `scaffold.yaml`."""
    return json_schema(FILE, SHAPE)
