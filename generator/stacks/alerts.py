"""The two SNS topics that every alarm goes to: critical wakes somebody, notice is read in working hours.

The platform account has both in each region (an alarm publishes only within its region), under names that are fixed:
a stack of any account writes the ARN without reading another state.
"""

from __future__ import annotations

from enum import Enum

from generator.organization.model import Organization


class Alert(Enum):
    """How urgent an alarm is."""

    CRITICAL = "critical"
    NOTICE = "notice"


def topic_name(organization: Organization, alert: Alert) -> str:
    """`ORGANIZATION-critical` or `ORGANIZATION-notice`."""
    return f"{organization.name}-{alert.value}"


def key_alias(organization: Organization) -> str:
    """The alias of the key that encrypts both topics, in each region."""
    return f"alias/{organization.name}-alerts"


def topic_arn(organization: Organization, region: str, alert: Alert) -> str:
    """The ARN of a region's topic in the platform account."""
    platform = organization.accounts["platform"]
    return f"arn:{organization.partition}:sns:{region}:{platform}:{topic_name(organization, alert)}"
