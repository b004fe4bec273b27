"""An organization of three accounts in two regions, to be read as the audit does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from generator.aws import snapshot
from generator.aws.record import Lines
from generator.organization.model import Organization
from generator.snapshot.model import Contents, Place, Snapshot
from tests.support import zones
from tests.support.aws import MANAGEMENT, Aws
from tests.support.aws_faults import Faults

HOME, ABROAD = "us-east-1", "eu-west-1"
Answer = dict[str, Any]


def organization() -> Organization:
    """Conventions whose management account is the server's."""
    usual = zones.organization()
    return replace(usual, accounts={**usual.accounts, "management": MANAGEMENT})


def only(*regions: str) -> Any:
    """A change of DescribeRegions: these are enabled, and the server's others are not."""

    def change(answer: Answer) -> Answer:
        for found in answer["Regions"]:
            found["OptInStatus"] = "opted-in" if found["RegionName"] in regions else "not-opted-in"
        return answer

    return change


@dataclass(slots=True)
class Kept:
    """The lines of a reading, in memory."""

    lines: list[str] = field(default_factory=list)
    name: str = "audit.json.partial"

    def read(self) -> Iterable[str]:
        """Those of the run before."""
        return tuple(self.lines)

    def append(self, line: str) -> None:
        """One more."""
        assert "\n" not in line
        self.lines.append(line)


@dataclass(frozen=True, slots=True)
class Company:
    """Two accounts beside the management account: `ml` and `pay`, in `HOME` and `ABROAD`."""

    aws: Aws
    faults: Faults
    ml: str
    pay: str

    def ec2(self, account: str, region: str = HOME) -> Any:
        """A client in an account."""
        return self.aws.client("ec2", account, region)

    def read(self, lines: Lines | None = None) -> Snapshot:
        """Read it; the calls of `faults` are those of this reading, the one that tests the credentials left out."""
        self.faults.calls.clear()
        found = snapshot.read(organization(), lines, lambda done, total: None)
        self.faults.calls[:] = [call for call in self.faults.calls if call.operation != "GetCallerIdentity"]
        return found

    def suspend(self, account: str) -> None:
        """Let Organizations list an account as closed."""

        def change(answer: Answer) -> Answer:
            for found in answer["Accounts"]:
                found["State"] = "SUSPENDED" if found["Id"] == account else "ACTIVE"
            return answer

        self.faults.alter("ListAccounts", change)

    def contents(self, account: str, region: str = HOME) -> Contents:
        """What a place shows; it has to be read without any gap."""
        found = self.read()
        assert not found.gaps
        return found.places[Place(account, region)]

    def connect(self, one: tuple[str, str, str], other: tuple[str, str, str]) -> str:
        """Connect two VPCs, given as account, region and id; the id of the connection."""
        asked = self.ec2(*one[:2]).create_vpc_peering_connection(
            VpcId=one[2], PeerOwnerId=other[0], PeerRegion=other[1], PeerVpcId=other[2]
        )
        id = str(asked["VpcPeeringConnection"]["VpcPeeringConnectionId"])
        self.ec2(*other[:2]).accept_vpc_peering_connection(VpcPeeringConnectionId=id)
        return id


def company(aws: Aws, faults: Faults) -> Company:
    """Found it; nothing is in its accounts but what AWS puts there."""
    faults.alter("DescribeRegions", only(HOME, ABROAD))
    return Company(aws, faults, aws.vend("prod-ml"), aws.vend("prod-pay"))


@dataclass(frozen=True, slots=True)
class Peered:
    """The company with a connection between its two accounts, routes on both sides, and a prefix list."""

    company: Company
    requester: str
    accepter: str
    connection: str
    table: str
    prefix_list: str


def peered(company: Company) -> Peered:
    """Connect a VPC of `ml` at home with one of `pay` abroad; at home `pay` has a few others."""
    for number in range(6):
        company.aws.make_vpc(company.pay, f"10.{100 + number}.0.0/20")
    one, other = company.aws.make_vpc(company.ml, "10.0.0.0/20", "prod-ml"), company.aws.make_vpc(company.pay, "10.32.0.0/20", None, ABROAD)
    id = company.connect((company.ml, HOME, one), (company.pay, ABROAD, other))
    ec2 = company.ec2(company.ml)
    table = ec2.create_route_table(VpcId=one)["RouteTable"]["RouteTableId"]
    entries = [{"Cidr": "10.32.0.0/20"}, {"Cidr": "10.33.0.0/20"}]
    made = ec2.create_managed_prefix_list(PrefixListName="peers", MaxEntries=5, AddressFamily="IPv4", Entries=entries)
    list_id = made["PrefixList"]["PrefixListId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="10.32.0.0/20", VpcPeeringConnectionId=id)
    ec2.create_route(RouteTableId=table, DestinationPrefixListId=list_id, VpcPeeringConnectionId=id)
    return Peered(company, one, other, id, table, list_id)
