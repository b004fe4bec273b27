"""What the network and ecr modules refuse, in their own words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.refused_inputs import Row, messages, spoiled

pytestmark = pytest.mark.terraform

# Arguments that each module takes; a row below spoils one of them.
GOOD: dict[str, dict[str, Any]] = {
    "network": {
        "name": "prod-ml",
        "cidr_block": "10.0.0.0/20",
        "zone_ids": ["use1-az1", "use1-az2"],
        "nat_gateways": "single",
    },
    "ecr": {"organization_id": "o-a1b2c3d4e5"},
}
_RANGE = "give an IPv4 range between /16 and /22"
_COUNT = "zone(s); give two or three"

REFUSED: tuple[Row, ...] = (
    ("network", "cidr_block", "10.0.0.0/23", f'cidr_block is "10.0.0.0/23"; {_RANGE}'),
    ("network", "cidr_block", "10.0.0.0/15", f'cidr_block is "10.0.0.0/15"; {_RANGE}'),
    ("network", "cidr_block", "2001:db8::/20", f'cidr_block is "2001:db8::/20"; {_RANGE}'),
    ("network", "cidr_block", "10.0.0.0", f'cidr_block is "10.0.0.0"; {_RANGE}'),
    ("network", "cidr_block", "10.0.1.0/20", 'cidr_block is "10.0.1.0/20"; the range it lies in is 10.0.0.0/20'),
    ("network", "zone_ids", ["use1-az1"], f"zone_ids holds 1 {_COUNT}"),
    ("network", "zone_ids", ["use1-az1", "use1-az2", "use1-az3", "use1-az4"], f"zone_ids holds 4 {_COUNT}"),
    ("network", "zone_ids", ["use1-az1", "use1-az1"], "zone_ids names a zone twice: use1-az1, use1-az1"),
    ("network", "zone_ids", ["us-east-1a", "us-east-1b"], "zone_ids is us-east-1a, us-east-1b; give zone ids"),
    ("network", "nat_gateways", "two", 'nat_gateways is "two"; expected "one_per_zone" or "single".'),
    ("network", "public_ipv4_pool", "amazon", 'public_ipv4_pool is "amazon"; give the id of a pool'),
    ("network", "flow_log_retention_days", 100, "flow_log_retention_days is 100; CloudWatch Logs takes 1, 3"),
    ("network", "name", "Prod ML", 'name is "Prod ML"; use at most 128 lower-case letters'),
    ("ecr", "organization_id", "r-abcd", 'organization_id is "r-abcd"; give an id such as o-a1b2c3d4e5'),
    ("ecr", "images", ["ml", "ML"], "images is ml, ML; a name has 2 to 256 lower-case letters"),
    ("ecr", "images", ["ml", "ml"], "images names a repository twice: ml, ml; give each once."),
    ("ecr", "images", ["charts/ml"], "images is charts/ml; names under charts/ belong to Helm charts"),
    ("ecr", "charts", ["charts/ml"], "charts is charts/ml; a name has at most 249 lower-case letters"),
    ("ecr", "charts", ["ml", "ml"], "charts names a chart twice: ml, ml; give each once."),
    ("ecr", "keep_images", 0, "keep_images is 0; give a whole number of at least 1."),
    ("ecr", "untagged_days", 1.5, "untagged_days is 1.5; give a whole number of at least 1."),
)


@pytest.fixture(scope="module")
def refusals(initialised: Path, validate_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the modules say to all rows."""
    return messages(spoiled(GOOD, REFUSED), tmp_path_factory.mktemp("refused"), initialised, validate_env)


@pytest.mark.parametrize("message", [row[3] for row in REFUSED])
def test_a_module_says_what_it_refuses_and_what_to_write(refusals: list[str], message: str) -> None:
    """One message, the module's own: a second one would send the reader after a second mistake."""
    assert len([detail for detail in refusals if detail.startswith(message)]) == 1


def test_nothing_else_is_refused(refusals: list[str]) -> None:
    """Every message belongs to a row."""
    assert len(refusals) == len(REFUSED)
