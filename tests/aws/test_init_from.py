"""`scaffold init --from --live`: the accounts and VPCs that no request describes, read through a role that is told."""

from __future__ import annotations

from pathlib import Path

from tests.support import cli, sixty
from tests.support.aws import MANAGEMENT, Aws
from tests.support.aws_company import ABROAD, HOME, only
from tests.support.aws_faults import Faults


def test_what_has_no_request_is_proposed(aws: Aws, faults: Faults, tmp_path: Path) -> None:
    """One account made by hand, and an older VPC of one that has a request; the role that was told is written down."""
    faults.alter("DescribeRegions", only(HOME, ABROAD))
    cli.written(tmp_path / "requests", {"terraform/a.tf": sixty.files()["terraform/dev-data-1.tf"]})
    hub, data = aws.vend("Hub made by hand", "hub@umbrella.example"), aws.vend("dev-data-1", "aws-dev-data-1@umbrella.example")
    vpc, old = aws.make_vpc(hub, "10.40.0.0/16"), aws.make_vpc(data, "172.20.0.0/16")
    told = ("--management", MANAGEMENT, "--reader", "Audit")

    done = cli.run(tmp_path, "init", "zone", "--from", "requests", "--live", *told)

    written = (tmp_path / "zone/accounts.yaml").read_text()
    assert done.status == 0 and "1 account without a request, and 2 VPCs that no request declares" in done.out
    assert '"hub-made-by-hand":' in written and f'id: "{hub}"' in written and vpc in written and old in written
    assert '"dev-data-1.us-east-1.' in written and 'reader: "Audit"\n' in (tmp_path / "zone/scaffold.yaml").read_text()
