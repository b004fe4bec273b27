"""The reading that the audit judges: everything that AWS shows, from every place, with calls that are counted."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from typing import Any

import pytest

from generator import aws
from generator.aws import peerings, places, snapshot
from generator.snapshot.model import Account, Connection, Doors, Place, Route, RouteTable, Side, Vpc
from generator.snapshot.read import read
from generator.snapshot.write import write
from tests.support.aws import MANAGEMENT, Aws
from tests.support.aws_company import ABROAD, HOME, Answer, Company, Peered, company, only, organization, peered
from tests.support.aws_faults import Faults

LISTS = (
    "DescribeVpcs",
    "DescribeVpcPeeringConnections",
    "DescribeRouteTables",
    "DescribeSubnets",
    "DescribeTransitGatewayAttachments",
    "DescribeVpcEndpointServiceConfigurations",
)


@pytest.fixture
def acme(aws: Aws, faults: Faults) -> Company:
    """Three accounts, two regions."""
    return company(aws, faults)


@pytest.fixture
def pair(acme: Company) -> Peered:
    """The same, connected."""
    return peered(acme)


def places_of(acme: Company, *regions: str) -> set[Place]:
    """Every place of the company."""
    return {Place(account, region) for account in (MANAGEMENT, acme.ml, acme.pay) for region in regions}


# What is read


def test_nothing_but_reading_is_asked_of_aws(pair: Peered) -> None:
    """Of a whole reading, with a connection in it."""
    pair.company.read()

    asked = {call.operation for call in pair.company.faults.calls}
    assert len(asked) > 10 and {each for each in asked if not each.startswith(("Describe", "Get", "List"))} == {"AssumeRole"}


def test_every_region_of_every_account_is_a_place(acme: Company) -> None:
    """The management account is one of them: no policy of the organization reaches it."""
    found = acme.read()

    assert found.places.keys() == places_of(acme, HOME, ABROAD) and not found.gaps and found.taken.endswith("Z")
    assert {id: (account.name, account.state) for id, account in found.accounts.items()} == {
        MANAGEMENT: ("master", "ACTIVE"),
        acme.ml: ("prod-ml", "ACTIVE"),
        acme.pay: ("prod-pay", "ACTIVE"),
    }


def test_each_account_has_its_own_regions(acme: Company, faults: Faults) -> None:
    """A region that is not enabled is no place, and no gap: nobody can have anything in use there."""
    faults.alter("DescribeRegions", only(HOME), account=acme.pay)

    found = acme.read()

    assert found.places.keys() == places_of(acme, HOME, ABROAD) - {Place(acme.pay, ABROAD)} and not found.gaps


def test_live_tags_of_every_page_are_read(acme: Company) -> None:
    """Thirty of them; one that AFT never took away is among them."""
    tags = {f"key-{number}": f"value-{number}" for number in range(29)} | {"note": ""}
    acme.aws.client("organizations").tag_resource(ResourceId=acme.ml, Tags=[{"Key": k, "Value": v} for k, v in tags.items()])

    found = acme.read()

    assert (found.accounts[acme.ml].tags, found.accounts[acme.pay].tags) == (tags, {})
    assert Counter(call.operation for call in acme.faults.calls)["ListTagsForResource"] == 3 + 2


def test_accounts_of_every_page_are_read(acme: Company, faults: Faults) -> None:
    """AWS lists twenty a page."""
    more = {acme.aws.vend(f"dev-{number}") for number in range(20)}
    faults.alter("DescribeRegions", only(HOME))

    found = acme.read()

    assert found.accounts.keys() == more | {MANAGEMENT, acme.ml, acme.pay} and len(found.places) == 23
    assert Counter(call.operation for call in acme.faults.calls)["ListAccounts"] == 2


def test_an_account_has_the_path_that_aws_gives(acme: Company, faults: Faults) -> None:
    """Newer answers hold it; older ones say `Status` and nothing of a path."""

    def change(answer: Answer) -> Answer:
        for found in answer["Accounts"]:
            if found["Id"] == acme.ml:
                found.update(State="ACTIVE", Status="SUSPENDED", Paths=["o-a/r-b/ou-c/1"])
            else:
                found.pop("State", None)
                found["Status"] = "ACTIVE"
        return answer

    faults.alter("ListAccounts", change)

    found = acme.read().accounts

    assert found[acme.ml] == Account(acme.ml, "prod-ml", "aws+prod-ml@acme.com", "ACTIVE", {}, "o-a/r-b/ou-c/1", (ABROAD, HOME))
    assert (found[acme.pay].path, found[acme.pay].state) == ("", "ACTIVE")


def test_a_connection_is_read_from_both_sides(pair: Peered) -> None:
    """Ranges, options and status are the same, tags are each side's own."""
    acme = pair.company
    acme.ec2(acme.pay, ABROAD).create_tags(Resources=[pair.connection], Tags=[{"Key": "peering", "Value": "a--b"}])
    options = {"AccepterPeeringConnectionOptions": {"AllowDnsResolutionFromRemoteVpc": True}}
    acme.ec2(acme.pay, ABROAD).modify_vpc_peering_connection_options(VpcPeeringConnectionId=pair.connection, **options)

    seen = acme.read()

    sides = (
        Side(acme.ml, HOME, pair.requester, ("10.0.0.0/20",), dns=False),
        Side(acme.pay, ABROAD, pair.accepter, ("10.32.0.0/20",), dns=True),
    )
    expected = Connection(pair.connection, "active", *sides, message="Active")
    assert seen.places[Place(acme.ml, HOME)].connections == (expected,)
    assert seen.places[Place(acme.pay, ABROAD)].connections == (expected._replace(tags={"peering": "a--b"}),)
    assert [place for place, _ in seen.connections()] == sorted([Place(acme.ml, HOME), Place(acme.pay, ABROAD)])


def test_a_request_says_when_it_ends(acme: Company, faults: Faults) -> None:
    """AWS shows no ranges of it; a status that nobody knows stays as it is."""
    one, other = acme.aws.make_vpc(acme.ml, "10.0.0.0/20"), acme.aws.make_vpc(acme.ml, "10.1.0.0/20")
    acme.ec2(acme.ml).create_vpc_peering_connection(VpcId=one, PeerVpcId=other)
    ends = datetime.datetime(2026, 12, 24, 18, 30, 59, 999, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))

    def change(answer: Answer) -> Answer:
        for found in answer["VpcPeeringConnections"]:
            found.update(ExpirationTime=ends, Status={"Code": "thinking", "Message": "AWS thinks"})
        return answer

    faults.alter("DescribeVpcPeeringConnections", change, region=HOME)

    (found,) = acme.contents(acme.ml).connections

    assert (found.status, found.message, found.expires, found.gone) == ("thinking", "AWS thinks", "2026-12-24T17:30:59Z", False)
    assert (found.requester.cidr_blocks, found.requester.vpc_id, found.accepter.vpc_id) == ((), one, other)


def test_a_vpc_has_its_ranges_and_subnets(acme: Company) -> None:
    """The primary range first; one that is taken away is none."""
    vpc, ec2 = acme.aws.make_vpc(acme.ml, "10.9.0.0/20", "prod-ml"), acme.ec2(acme.ml)
    for block in ("100.65.0.0/16", "10.8.0.0/20", "100.66.0.0/16"):
        made = ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock=block)
    ec2.disassociate_vpc_cidr_block(AssociationId=made["CidrBlockAssociation"]["AssociationId"])
    subnets = sorted(ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{n}.0/24")["Subnet"]["SubnetId"] for n in (0, 1))

    found = {vpc.id: vpc for vpc in acme.contents(acme.ml).vpcs}

    ranges = ("10.9.0.0/20", "10.8.0.0/20", "100.65.0.0/16")
    assert found.pop(vpc) == Vpc(vpc, ranges, subnets=tuple(subnets), tags={"scaffold:network": "prod-ml"})
    assert [(each.default, each.cidr_blocks) for each in found.values()] == [(True, ("172.31.0.0/16",))]


def test_a_route_table_has_its_subnets_and_routes(pair: Peered) -> None:
    """A prefix list as destination comes with its entries; `main` is that of all other subnets."""
    acme, ec2 = pair.company, pair.company.ec2(pair.company.ml)
    subnet = ec2.create_subnet(VpcId=pair.requester, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    ec2.associate_route_table(RouteTableId=pair.table, SubnetId=subnet)
    ec2.create_tags(Resources=[pair.table], Tags=[{"Key": "scaffold:peering", "Value": "routed"}])

    here = acme.contents(acme.ml)

    tables = {table.main: table for table in here.route_tables if table.vpc_id == pair.requester}
    local = Route("10.0.0.0/20", "local", "active")
    routes = {local, *(Route(to, pair.connection, "active") for to in ("10.32.0.0/20", pair.prefix_list))}
    assert tables[False]._replace(routes=()) == RouteTable(pair.table, pair.requester, False, (subnet,), (), {"scaffold:peering": "routed"})
    assert set(tables[False].routes) == routes and tables[True].routes == (local,)
    assert here.prefix_lists == {pair.prefix_list: ("10.32.0.0/20", "10.33.0.0/20")}


TARGETS = {
    "GatewayId": "igw-1",
    "NatGatewayId": "nat-1",
    "TransitGatewayId": "tgw-1",
    "VpcPeeringConnectionId": "pcx-1",
    "NetworkInterfaceId": "eni-1",
    "LocalGatewayId": "lgw-1",
    "CarrierGatewayId": "cagw-1",
    "EgressOnlyInternetGatewayId": "eigw-1",
    "CoreNetworkArn": "arn:aws:networkmanager::1:core-network/core-network-1",
    "OdbNetworkArn": "arn:aws:odb:us-east-1:1:odb-network/odbnet-1",
}


def routed(routes: list[dict[str, Any]]) -> Any:
    """A change of DescribeRouteTables: the first table has these routes, and no other has any."""

    def change(answer: Answer) -> Answer:
        for number, table in enumerate(answer["RouteTables"]):
            table["Routes"] = routes if not number else []
        return answer

    return change


def test_every_kind_of_target_is_kept(acme: Company, faults: Faults) -> None:
    """An instance is given with its interface; a route that a gateway put there is marked."""
    routes = [{"DestinationCidrBlock": f"10.{n}.0.0/16", key: id, "State": "active"} for n, (key, id) in enumerate(TARGETS.items())]
    routes[0] |= {"Origin": "EnableVgwRoutePropagation"}
    routes += [{"DestinationIpv6CidrBlock": "::/0", "InstanceId": "i-1", "NetworkInterfaceId": "eni-2", "State": "filtered"}]
    faults.alter("DescribeRouteTables", routed(routes), region=HOME, account=acme.ml)

    (table,) = acme.contents(acme.ml).route_tables

    assert [route.target for route in table.routes] == [*TARGETS.values(), "i-1"]
    assert [route.propagated for route in table.routes] == [True] + [False] * len(TARGETS)
    assert table.routes[-1] == Route("::/0", "i-1", "filtered")


def test_other_doors_are_counted(acme: Company) -> None:
    """What somebody attached to a transit gateway, services offered, and subnets that belong to another account."""
    ec2, vpc = acme.ec2(acme.ml), acme.aws.make_vpc(acme.ml, "10.0.0.0/20")
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=gateway, VpcId=vpc, SubnetIds=[subnet])

    def change(answer: Answer) -> Answer:
        vpcs = answer.get("Vpcs", [])
        return {**answer, "Vpcs": [*vpcs, {**vpcs[0], "OwnerId": acme.pay, "VpcId": "vpc-0123abcd"}]}

    def shared(answer: Answer) -> Answer:
        return {**answer, "Subnets": [*answer["Subnets"], {"OwnerId": acme.pay, "SubnetId": "subnet-0123abcd", "VpcId": "vpc-0123abcd"}]}

    acme.faults.alter("DescribeVpcs", change, region=HOME, account=acme.ml)
    acme.faults.alter("DescribeSubnets", shared, region=HOME, account=acme.ml)

    here = acme.contents(acme.ml)

    assert here.doors == Doors(transit_gateway_attachments=1, endpoint_services=0, shared_subnets=1)
    assert "vpc-0123abcd" not in {found.id for found in here.vpcs}  # the account that it belongs to shows it


@pytest.mark.parametrize("hostnames", [True, False])
def test_dns_attributes_are_asked_of_connected_vpcs(pair: Peered, hostnames: bool) -> None:
    """Both have to be on; of all others nothing is known, which is not the same as off."""
    acme = pair.company
    acme.ec2(acme.ml).modify_vpc_attribute(VpcId=pair.requester, EnableDnsHostnames={"Value": hostnames})

    found = {vpc.id: vpc.dns for vpc in acme.contents(acme.ml).vpcs}

    assert found.pop(pair.requester) is hostnames and set(found.values()) == {None}


def test_a_connection_that_is_over_asks_for_nothing(pair: Peered) -> None:
    """Nor does the other account's VPC, which this one cannot ask."""
    acme = pair.company
    acme.ec2(acme.ml).delete_vpc_peering_connection(VpcPeeringConnectionId=pair.connection)

    acme.read()

    assert "DescribeVpcAttribute" not in {call.operation for call in acme.faults.calls}


def test_what_is_read_is_a_file_that_can_be_read(pair: Peered) -> None:
    """Nothing that AWS gives is refused by the reader of the file."""
    found = pair.company.read()

    again = read(write(found), "audit.json")

    assert write(again) == write(found) and again.places.keys() == found.places.keys()


# Calls


def test_calls_are_counted(pair: Peered) -> None:
    """One AssumeRole for each account, a fixed number of lists for each place, and beyond these only what was found makes necessary."""
    acme = pair.company

    acme.read()

    calls = Counter((call.operation, call.account, call.region) for call in acme.faults.calls)
    everywhere = [(account, region) for account in (MANAGEMENT, acme.ml, acme.pay) for region in (HOME, ABROAD)]
    expected = Counter({(name, *place): 1 for name in LISTS for place in everywhere})
    expected += Counter({("DescribeRegions", account, HOME): 1 for account in (MANAGEMENT, acme.ml, acme.pay)})
    expected += {("AssumeRole", MANAGEMENT, HOME): 3, ("ListAccounts", MANAGEMENT, HOME): 1, ("ListTagsForResource", MANAGEMENT, HOME): 3}
    expected += {("DescribeVpcAttribute", acme.ml, HOME): 2, ("DescribeVpcAttribute", acme.pay, ABROAD): 2}
    expected += {("GetManagedPrefixListEntries", acme.ml, HOME): 1}
    assert calls == expected
    assert len({call.arguments["RoleArn"] for call in acme.faults.calls if call.operation == "AssumeRole"}) == 3


def test_the_table_of_actions_is_what_is_asked(pair: Peered) -> None:
    """Whoever makes the reader role copies it: nothing is missing, and nothing is there in vain (quotas are read by `pull` alone)."""
    listed = {action for service, action in re.findall(r"`(\w+):(\w+)`", aws.__doc__ or "") if service != "servicequotas"}

    pair.company.read()

    assert {call.operation for call in pair.company.faults.calls} == listed


PAGED = {
    "describe_vpcs": lambda ec2, vpc, n: ec2.create_vpc(CidrBlock=f"10.{n}.0.0/20"),
    "describe_route_tables": lambda ec2, vpc, n: ec2.create_route_table(VpcId=vpc),
    "describe_subnets": lambda ec2, vpc, n: ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.200.{n}.0/24"),
}


@pytest.mark.parametrize("operation", PAGED)
def test_lists_of_several_pages_are_whole(acme: Company, monkeypatch: pytest.MonkeyPatch, operation: str) -> None:
    """One call for each further page; what stands on the last one is found."""
    vpc, ec2 = acme.aws.make_vpc(acme.ml, "10.200.0.0/16"), acme.ec2(acme.ml)
    for number in range(12):
        PAGED[operation](ec2, vpc, number)
    name = "".join(map(str.title, operation.split("_")))
    before = acme.contents(acme.ml)
    single = Counter(call.operation for call in acme.faults.calls)[name]
    monkeypatch.setitem(places.PAGES, operation, 5)

    after = acme.contents(acme.ml)

    assert after == before
    sizes = {"describe_vpcs": len(after.vpcs), "describe_route_tables": len(after.route_tables)}
    pages = -(-sizes.get(operation, sum(len(each.subnets) for each in after.vpcs)) // 5)
    here = [call for call in acme.faults.calls if (call.operation, call.account, call.region) == (name, acme.ml, HOME)]
    assert pages > 2 and len(here) == pages and single == 6


def test_connections_of_several_pages_are_whole(acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of connections, whose reading `prune` shares."""
    hub, ec2 = acme.aws.make_vpc(acme.ml, "10.200.0.0/16"), acme.ec2(acme.ml)
    for number in range(11):
        ec2.create_vpc_peering_connection(VpcId=hub, PeerVpcId=acme.aws.make_vpc(acme.ml, f"10.{number}.0.0/20"))
    monkeypatch.setattr(peerings, "PAGE", 5)

    found = acme.contents(acme.ml)

    asked = [call for call in acme.faults.calls if call.operation == LISTS[1] and call.account == acme.ml and call.region == HOME]
    assert (len(found.connections), len(asked)) == (11, 3)
    assert [vpc.dns for vpc in found.vpcs if vpc.id == hub] == [False]


def test_entries_of_several_pages_are_whole(pair: Peered, monkeypatch: pytest.MonkeyPatch) -> None:
    """A range on the second page of a prefix list is as wide open as one on the first."""
    monkeypatch.setitem(places.PAGES, "get_managed_prefix_list_entries", 1)

    assert pair.company.contents(pair.company.ml).prefix_lists == {pair.prefix_list: ("10.32.0.0/20", "10.33.0.0/20")}
    assert Counter(call.operation for call in pair.company.faults.calls)["GetManagedPrefixListEntries"] == 2


@pytest.mark.parametrize(
    ("operation", "key", "item", "field"),
    [
        ("DescribeTransitGatewayAttachments", "TransitGatewayAttachments", {"State": "available"}, "transit_gateway_attachments"),
        ("DescribeVpcEndpointServiceConfigurations", "ServiceConfigurations", {"ServiceState": "Available"}, "endpoint_services"),
    ],
)
def test_doors_of_several_pages_are_counted(acme: Company, faults: Faults, operation: str, key: str, item: Answer, field: str) -> None:
    """One that is over is none, and an attachment of another account is that account's."""
    over = {name: "deleted" for name in item}
    pages: list[Answer] = [
        {key: [item, item, over], "NextToken": "more"},
        {key: [item, over, {**item, "ResourceOwnerId": acme.pay}]},
    ]
    faults.alter(operation, lambda answer: pages.pop(0), region=HOME, account=acme.ml)

    found = acme.contents(acme.ml).doors._asdict()[field]

    assert not pages and found == (3 if field == "transit_gateway_attachments" else 4)


def test_progress_is_told_account_by_account(acme: Company) -> None:
    """For a person who waits."""
    told: list[tuple[int, int]] = []
    snapshot.read(organization(), None, lambda *count: told.append(count))

    assert told == [(1, 3), (2, 3), (3, 3)]
