"""The topics of alarms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.stacks.alerts import Alert, topic_arn
from tests.support.zones import organization


@pytest.mark.parametrize(
    ("region", "partition", "alert", "arn"),
    [
        ("us-east-1", "aws", Alert.CRITICAL, "arn:aws:sns:us-east-1:333333333333:acme-critical"),
        ("eu-west-1", "aws", Alert.NOTICE, "arn:aws:sns:eu-west-1:333333333333:acme-notice"),
        ("us-gov-west-1", "aws-us-gov", Alert.NOTICE, "arn:aws-us-gov:sns:us-gov-west-1:333333333333:acme-notice"),
    ],
)
def test_a_topic_is_the_platform_accounts_in_the_region(region: str, partition: str, alert: Alert, arn: str) -> None:
    """An alarm publishes within its region only; the name is the organization's and fixed."""
    assert topic_arn(replace(organization(), partition=partition), region, alert) == arn
