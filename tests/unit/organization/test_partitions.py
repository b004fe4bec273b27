"""`partition` in `scaffold.yaml`, and the regions named beside it."""

from __future__ import annotations

import boto3
import pytest

from generator.organization import read
from generator.organization.read import partition_of
from generator.problems import Problem
from tests.support import zones

SOURCE = zones.files()["scaffold.yaml"].decode()


def _problems(*replacements: tuple[str, str]) -> list[Problem]:
    """What is wrong with the conventions after replacements, each of all there is of a text."""
    source = SOURCE
    for old, new in replacements:
        assert old in source
        source = source.replace(old, new)
    return read.read(source.encode())[1]


def _to(partition: str, first: str, second: str) -> list[tuple[str, str]]:
    return [("partition: aws\n", f"partition: {partition}\n"), ("us-east-1", first), ("eu-west-1", second)]


@pytest.mark.parametrize(
    ("partition", "regions"),
    [
        ("aws", ("us-west-2", "il-central-1")),
        ("aws-cn", ("cn-north-1", "cn-northwest-1")),
        ("aws-us-gov", ("us-gov-west-1", "us-gov-east-1")),
    ],
)
def test_regions_of_one_partition_pass(partition: str, regions: tuple[str, str]) -> None:
    """Each partition has regions of its own."""
    assert _problems(*_to(partition, *regions)) == []


def test_a_region_of_another_partition_is_told_with_both_remedies() -> None:
    """In each place that names a region; none of its roles can be assumed from here."""
    vpn = ("\nstate:", "\nvpn: {client_cidr: {us-gov-west-1: 10.200.0.0/22}}\nstate:")

    found = _problems(vpn, ("  eu-west-1:", "  cn-north-1:"))

    assert [(problem.id, problem.value, problem.message, problem.remedy) for problem in found] == [
        (
            "contradiction",
            "cn-north-1",
            'regions names cn-north-1, which is in the partition aws-cn, and partition is "aws"',
            "write partition: aws-cn, or name a region of aws",
        ),
        (
            "contradiction",
            "us-gov-west-1",
            'vpn.client_cidr names us-gov-west-1, which is in the partition aws-us-gov, and partition is "aws"',
            "write partition: aws-us-gov, or name a region of aws",
        ),
    ]
    assert [SOURCE.replace("  eu-west-1:", "  cn-north-1:").splitlines()[(problem.line or 0) - 1] for problem in found[:1]] == [
        "  cn-north-1:"
    ]


def test_the_bucket_of_states_is_in_the_partition_too() -> None:
    """Terraform could not reach it."""
    (bucket,) = _problems(*_to("aws-us-gov", "us-gov-west-1", "us-gov-east-1"), (", region: us-gov-west-1", ", region: us-east-1"))

    assert (bucket.value, bucket.message.partition(" names ")[0]) == ("us-east-1", "state")


def test_a_partition_that_nobody_can_write_is_not_proposed() -> None:
    """The secret regions are no place for us."""
    (problem,) = _problems(("  eu-west-1:", "  us-iso-east-1:"))

    assert (problem.value, problem.remedy) == ("us-iso-east-1", "name a region of aws")


def test_every_region_of_aws_is_in_its_partition() -> None:
    """As the SDK has it; `eusc-…` is not a name that `regions` takes."""
    session = boto3.Session()
    known = {
        region: partition
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("ec2", partition)
        if not region.startswith("eusc-")
    }

    assert len(known) > 30 and {region: partition_of(region) for region in known} == known
