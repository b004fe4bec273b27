"""The zone ids that `init` proposes are ids of real zones of that region."""

from __future__ import annotations

import boto3
import pytest
from moto import mock_aws

from generator.landing_zone.frame import ZONES


@pytest.mark.parametrize("region", ZONES)
def test_the_proposed_zones_exist(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A zone id that AWS does not have would fail in the first apply."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")

    with mock_aws():
        zones = boto3.client("ec2", region_name=region).describe_availability_zones()["AvailabilityZones"]

    assert len(ZONES[region]) == 3
    assert set(ZONES[region]) <= {zone["ZoneId"] for zone in zones}
