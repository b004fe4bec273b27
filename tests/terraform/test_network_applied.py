"""The network module applied by pytest-terraform, and read as `scaffold pull` reads it.

Its root module is `terraform/network`, beside this file.
"""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from generator.aws import places
from generator.aws.session import Sessions
from generator.inventory.networks import Sought, find, matched
from tests.support import terraform, zones
from tests.support.aws import MANAGEMENT, Aws

pytestmark = pytest.mark.terraform

if shutil.which("terraform"):
    from pytest_terraform import terraform as applied
else:  # the plugin needs it even to be imported: each test says so itself

    def applied(name: str, **_: Any) -> Any:
        """Leave the test as it is."""
        return lambda test: test

    @pytest.fixture
    def network() -> None:
        """Skip, or fail in CI."""
        terraform.require_terraform()


@pytest.fixture
def aws(moto_url: str, tf_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Aws:
    """The server, and what the plugin's Terraform takes from this process's environment."""
    for name, value in tf_env.items():
        if name.startswith(("AWS_", "TF_", "CHECKPOINT_")):
            monkeypatch.setenv(name, value)
    return Aws(moto_url)


@applied("network")
def test_pull_reads_what_the_module_made(aws: Aws, network: Any) -> None:
    """Tags of the VPC and of its tables lead to it; every subnet is associated, and public ones are not for peers."""
    made = network.outputs["network"]["value"]
    ec2 = aws.client("ec2")

    sought = {"dev-ml": Sought("10.20.0.0/20"), "dev-ml.us-east-1.spark": Sought("10.21.0.0/20")}
    session = Sessions(zones.organization()).assume(MANAGEMENT)

    there = places.networks(session, "us-east-1", lambda contents: (vpc.id for vpc in matched(contents, sought).values()))
    seen = find(there.contents, "us-east-1", sought, frozenset())
    found = seen.networks

    assert (found["dev-ml"].vpc_id, found["dev-ml"].cidr_blocks, found["dev-ml"].dns) == (made["vpc_id"], ("10.20.0.0/20",), True)
    assert found["dev-ml"].route_table_ids == tuple(sorted(made["peering_route_table_ids"].values()))
    assert (list(found), seen.candidates, seen.untagged) == (["dev-ml"], {}, frozenset())
    assert routed_subnets(ec2, found["dev-ml"].route_table_ids) == {*made["private_subnet_ids"].values(), *made["data_subnet_ids"].values()}


def routed_subnets(ec2: Any, tables: tuple[str, ...]) -> set[str]:
    """The subnets that are associated with these tables."""
    listed = ec2.describe_route_tables(RouteTableIds=list(tables))["RouteTables"]
    return {association["SubnetId"] for table in listed for association in table["Associations"] if "SubnetId" in association}
