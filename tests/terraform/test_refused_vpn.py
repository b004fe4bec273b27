"""What the vpn module refuses, in its own words, and the near twins that it takes.

What does not go together, such as a client range in a pool, is refused by a plan: see `vpn/decisions.tftest.hcl`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.hubs import METADATA
from tests.support.refused_inputs import Row, messages, spoiled

pytestmark = pytest.mark.terraform

# Arguments that the module takes; a row below spoils one of them.
GOOD: dict[str, dict[str, Any]] = {
    "vpn": {
        "name": "prod-vpn",
        "vpc_id": "vpc-0aaaaaaaaaaaaaaaa",
        "vpc_cidr_block": "10.20.0.0/20",
        "zone_ids": ["use1-az1", "use1-az2"],
        "client_cidr_block": "10.200.0.0/22",
        "server_certificate_arn": "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d",
        "saml_metadata": METADATA,
        "pools": ["10.0.0.0/12", "10.16.0.0/12"],
        "groups": ["okta-prod-engineers"],
        "dns_servers": ["10.20.0.2"],
        "session_timeout_hours": 8,
        "notice_topic_arn": "arn:aws:sns:us-east-1:333333333333:acme-notice",
    }
}
_LONG = "a" * 101
_LARGE = "client_cidr_block"
_CERTIFICATE, _METADATA = "server_certificate_arn", "saml_metadata"

REFUSED: tuple[Row, ...] = (
    ("vpn", "name", "Prod-VPN", 'name is "Prod-VPN"; use at most 100 lower-case letters'),
    ("vpn", "name", _LONG, f'name is "{_LONG}"; use at most 100'),
    ("vpn", "vpc_id", "prod-vpn", 'vpc_id is "prod-vpn"; give the id of a VPC'),
    ("vpn", "vpc_cidr_block", "10.20.0.1/20", 'vpc_cidr_block is "10.20.0.1/20"; give an IPv4 range from its first address'),
    ("vpn", "zone_ids", [], "zone_ids is []; give at least one zone, and each once"),
    ("vpn", "zone_ids", ["use1-az1", "use1-az1"], "zone_ids is [use1-az1, use1-az1]; give at least one zone, and each once"),
    ("vpn", "zone_ids", ["us-east-1a"], "zone_ids is [us-east-1a]; give zone ids such as use1-az1."),
    ("vpn", _LARGE, "10.200.0.0/23", 'client_cidr_block is "10.200.0.0/23"; give an IPv4 range between /12 and /22'),
    ("vpn", _LARGE, "172.0.0.0/11", 'client_cidr_block is "172.0.0.0/11"; give an IPv4 range between /12 and /22'),
    ("vpn", _LARGE, "10.200.1.0/22", 'client_cidr_block is "10.200.1.0/22"; give an IPv4 range between /12 and /22'),
    ("vpn", _LARGE, "clients", 'client_cidr_block is "clients"; give an IPv4 range between /12 and /22'),
    ("vpn", _CERTIFICATE, "vpn.acme.com", 'server_certificate_arn is "vpn.acme.com"; give the ARN of a certificate in ACM'),
    ("vpn", _METADATA, "", "saml_metadata has 0 characters and is no metadata of an identity provider; put what your provider gives"),
    ("vpn", _METADATA, METADATA.replace("IDPSSO", "SPSSO"), f"saml_metadata has {len(METADATA) - 2} characters and is no metadata"),
    ("vpn", "pools", [], "pools is []; give at least one IPv4 range"),
    ("vpn", "pools", ["10.0.0.0/12", "10.16.0.1/12"], "pools is [10.0.0.0/12, 10.16.0.1/12]; give at least one IPv4 range, each from"),
    ("vpn", "pools", ["10.0.0.0/12"] * 2, "pools names a range twice: 10.0.0.0/12, 10.0.0.0/12; give each once."),
    ("vpn", "groups", [], "groups is []; name at least one group, and each once"),
    ("vpn", "groups", ["a", "a"], "groups is [a, a]; name at least one group, and each once"),
    ("vpn", "groups", [""], "groups is []; a group has 1 to 255 characters."),
    ("vpn", "dns_servers", [], "dns_servers is []; give one or two IPv4 addresses"),
    ("vpn", "dns_servers", ["10.0.0.2", "10.0.0.3", "10.0.0.4"], "dns_servers is [10.0.0.2, 10.0.0.3, 10.0.0.4]; give one or two"),
    ("vpn", "dns_servers", ["dns.acme.com"], "dns_servers is [dns.acme.com]; give one or two IPv4 addresses"),
    ("vpn", "session_timeout_hours", 9, "session_timeout_hours is 9; Client VPN takes 8, 10, 12 or 24."),
    ("vpn", "notice_topic_arn", "acme-notice", 'notice_topic_arn is "acme-notice"; give the ARN of a topic'),
    ("vpn", "log_retention_days", 364, "log_retention_days is 364; CloudWatch Logs takes 1, 3"),
)
# what the module takes although it is near to what it refuses
TAKEN: tuple[dict[str, Any], ...] = (
    {"name": _LONG[:100], "zone_ids": ["use1-az1"], "session_timeout_hours": 24},
    {"name": "prod-vpn.eu-west-1.second", _LARGE: "10.208.0.0/12", "dns_servers": ["10.20.0.2", "8.8.8.8"]},
    {_CERTIFICATE: "arn:aws-us-gov:acm:us-gov-west-1:111122223333:certificate/0a1b2c3d", "self_service_portal": False},
    {"groups": ["a" * 255, "Engineers (production) & friends"], "log_retention_days": 3653},
)


@pytest.fixture(scope="module")
def said(initialised: Path, validate_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the module says to all rows and twins."""
    twins = [("vpn", {**GOOD["vpn"], **changes}) for changes in TAKEN]
    return messages([*spoiled(GOOD, REFUSED), *twins], tmp_path_factory.mktemp("refused"), initialised, validate_env)


@pytest.mark.parametrize("message", [row[3] for row in REFUSED])
def test_the_module_says_what_it_refuses_and_what_to_write(said: list[str], message: str) -> None:
    """One message, the module's own: a second one would send the reader after a second mistake."""
    assert len([detail for detail in said if detail.startswith(message)]) == 1


def test_nothing_else_is_refused(said: list[str]) -> None:
    """Every message belongs to a row; the twins are taken without so much as a warning."""
    assert len(said) == len(REFUSED)
