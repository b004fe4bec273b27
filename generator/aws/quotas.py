"""The quotas in force for the VPCs of one account in one region, out of Service Quotas."""

from __future__ import annotations

from collections.abc import Mapping

from botocore.exceptions import ClientError

from generator.aws.causes import FAILED, code
from generator.aws.session import Session

CODES: Mapping[str, str] = {"peerings": "L-7E9ECCDB", "routes": "L-93826ACB"}
"""The words of `inventory.COUNTED` -> AWS's code: active peerings of a VPC; routes of a table, IPv4 and IPv6 apart."""


def read(session: Session, region: str) -> tuple[dict[str, int], str]:
    """The quotas that could be read by the words of `CODES`, and why others could not be, "" if all could."""
    known, missed = {}, ""
    for word, quota in CODES.items():
        try:
            known[word] = _in_force(session, region, quota)
        except FAILED as error:
            missed = missed or code(error)
    return known, missed


def _in_force(session: Session, region: str, quota: str) -> int:
    """What was applied to the account; AWS has no such value where nobody ever asked for one, and its default is in force."""
    asked = {"region": region, "ServiceCode": "vpc", "QuotaCode": quota}
    try:
        answer = session.ask("service-quotas", "get_service_quota", **asked)
    except ClientError as error:
        if code(error) != "NoSuchResourceException":
            raise
        answer = session.ask("service-quotas", "get_aws_default_service_quota", **asked)
    return int(answer["Quota"]["Value"])
