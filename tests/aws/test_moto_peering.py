"""The server's peerings behave as AWS's do, where moto alone does not: without these, other tests would prove nothing."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.aws import Aws

ONE, OTHER = "111111111111", "222222222222"
HOME, ABROAD = "us-east-1", "eu-west-1"


@dataclass(frozen=True, slots=True)
class Side:
    """One VPC, with a client of its account and region."""

    ec2: Any
    account: str
    region: str
    vpc_id: str

    def ask(self, peer: Side) -> str:
        """Request a connection with the other side; its id."""
        asked = self.ec2.create_vpc_peering_connection(
            VpcId=self.vpc_id, PeerVpcId=peer.vpc_id, PeerOwnerId=peer.account, PeerRegion=peer.region
        )
        id: str = asked["VpcPeeringConnection"]["VpcPeeringConnectionId"]
        return id

    def join(self, peer: Side) -> str:
        """Request a connection and let the other side accept it; its id."""
        id = self.ask(peer)
        peer.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=id)
        return id

    def see(self, id: str) -> dict[str, Any]:
        """What this side is told of a connection."""
        (found,) = self.ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[id])["VpcPeeringConnections"]
        return dict(found)

    def status(self, id: str) -> str:
        """The status of a connection, as this side sees it."""
        return str(self.see(id)["Status"]["Code"])

    def tag(self, id: str, key: str, value: str) -> None:
        """Tag something."""
        self.ec2.create_tags(Resources=[id], Tags=[{"Key": key, "Value": value}])

    def tags(self, id: str) -> dict[str, str]:
        """The tags that this side sees on a connection."""
        return {tag["Key"]: tag["Value"] for tag in self.see(id)["Tags"]}

    def found(self, **filters: str) -> list[str]:
        """The ids of connections that match filters, in whose names `__` stands for a dot or a colon, and `_` for a hyphen."""
        named = [{"Name": name.replace("tag__", "tag:").replace("__", ".").replace("_", "-"), "Values": [v]} for name, v in filters.items()]
        listed = self.ec2.describe_vpc_peering_connections(Filters=named)["VpcPeeringConnections"]
        return [each["VpcPeeringConnectionId"] for each in listed]

    def let_resolve(self, id: str, *sides: str) -> None:
        """Turn DNS resolution on for sides of a connection."""
        options = {f"{side}PeeringConnectionOptions": {"AllowDnsResolutionFromRemoteVpc": True} for side in sides}
        self.ec2.modify_vpc_peering_connection_options(VpcPeeringConnectionId=id, **options)


def side(aws: Aws, cidr_block: str, account: str = ONE, region: str = HOME, ipv6: bool = False) -> Side:
    """A new VPC."""
    ec2 = aws.client("ec2", account, region)
    vpc = ec2.create_vpc(CidrBlock=cidr_block, AmazonProvidedIpv6CidrBlock=ipv6)["Vpc"]
    return Side(ec2, account, region, vpc["VpcId"])


@pytest.fixture
def pair(aws: Aws) -> tuple[Side, Side]:
    """Two VPCs of two accounts; each has a second IPv4 range, and the requester an IPv6 range."""
    requester, accepter = side(aws, "10.0.0.0/16", ipv6=True), side(aws, "10.1.0.0/16", OTHER)
    requester.ec2.associate_vpc_cidr_block(VpcId=requester.vpc_id, CidrBlock="100.64.0.0/20")
    accepter.ec2.associate_vpc_cidr_block(VpcId=accepter.vpc_id, CidrBlock="100.64.16.0/20")
    return requester, accepter


def test_each_account_has_its_own_tags(pair: tuple[Side, Side]) -> None:
    """A marker that one side wrote is not the other side's."""
    requester, accepter = pair
    id = requester.join(accepter)
    requester.tag(id, "by", "requester")
    accepter.tag(id, "by", "accepter")

    assert (requester.tags(id), accepter.tags(id)) == ({"by": "requester"}, {"by": "accepter"})


def test_each_region_of_an_account_has_its_own_tags(aws: Aws) -> None:
    """Tags belong to a region as well."""
    here, abroad = side(aws, "10.0.0.0/16"), side(aws, "10.1.0.0/16", region=ABROAD)
    id = here.join(abroad)
    here.tag(id, "by", "requester")

    assert (here.tags(id), abroad.tags(id)) == ({"by": "requester"}, {})


@pytest.mark.parametrize("ranges", [("10.0.0.0/16", "10.0.0.0/16"), ("10.0.0.0/16", "10.0.128.0/20"), ("10.9.0.0/16", "100.64.8.0/21")])
def test_a_connection_of_overlapping_ranges_fails(aws: Aws, ranges: tuple[str, str]) -> None:
    """On both sides and at once; the last overlap is with a secondary range."""
    requester, accepter = side(aws, ranges[0]), side(aws, ranges[1], OTHER)
    requester.ec2.associate_vpc_cidr_block(VpcId=requester.vpc_id, CidrBlock="100.64.0.0/20")
    id = requester.ask(accepter)

    assert (requester.status(id), accepter.status(id)) == ("failed", "failed")
    with pytest.raises(ClientError, match="InvalidStateTransition"):
        accepter.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=id)


def test_a_connection_of_adjacent_ranges_is_pending(pair: tuple[Side, Side]) -> None:
    """The twin of what fails."""
    assert pair[0].status(pair[0].ask(pair[1])) == "pending-acceptance"


@pytest.mark.parametrize("accepted", [True, False])
def test_a_pair_has_one_connection(pair: tuple[Side, Side], accepted: bool) -> None:
    """Whoever asks for the second one, also while the first one is pending; a deleted one does not count."""
    requester, accepter = pair
    id = requester.join(accepter) if accepted else requester.ask(accepter)

    for one, other in (pair, pair[::-1]) if accepted else (pair[::-1],):
        with pytest.raises(ClientError, match="VpcPeeringConnectionAlreadyExists"):
            one.ask(other)
    requester.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=id)
    assert accepter.ask(requester) != id


def test_a_request_that_is_repeated_is_answered_again(pair: tuple[Side, Side]) -> None:
    """While it is pending: the provider asks again where an answer was slow."""
    requester, accepter = pair

    assert requester.ask(accepter) == requester.ask(accepter)


def test_an_active_connection_shows_every_range(pair: tuple[Side, Side]) -> None:
    """Primary, secondary and IPv6; the same to both sides."""
    requester, accepter = pair
    id = requester.join(accepter)
    (ipv6,) = requester.see(id)["RequesterVpcInfo"]["Ipv6CidrBlockSet"]

    for seen in (requester.see(id), accepter.see(id)):
        asked, accepted = seen["RequesterVpcInfo"], seen["AccepterVpcInfo"]
        assert (asked["CidrBlock"], accepted["CidrBlock"]) == ("10.0.0.0/16", "10.1.0.0/16")
        assert asked["CidrBlockSet"] == [{"CidrBlock": "10.0.0.0/16"}, {"CidrBlock": "100.64.0.0/20"}]
        assert accepted["CidrBlockSet"] == [{"CidrBlock": "10.1.0.0/16"}, {"CidrBlock": "100.64.16.0/20"}]
        assert (asked["Ipv6CidrBlockSet"], "Ipv6CidrBlockSet" in accepted) == ([ipv6], False)


def test_a_connection_that_is_not_active_shows_no_range(pair: tuple[Side, Side]) -> None:
    """Whoever judges ranges has to look at the VPCs."""
    requester, accepter = pair
    id = requester.ask(accepter)
    pending = accepter.see(id)
    accepter.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=id)
    requester.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=id)

    for seen in (pending, accepter.see(id)):
        for info in (seen["RequesterVpcInfo"], seen["AccepterVpcInfo"]):
            assert not {"CidrBlock", "CidrBlockSet", "Ipv6CidrBlockSet"} & set(info)
            assert {"OwnerId", "Region", "VpcId"} <= set(info)


def test_filters_are_applied(aws: Aws, pair: tuple[Side, Side]) -> None:
    """Each by itself, two together, and tags of the side that asks."""
    requester, accepter = pair
    id, second = requester.join(accepter), requester.ask(side(aws, "10.2.0.0/16", OTHER))
    accepter.tag(id, "by", "accepter")

    assert requester.found() == [id, second]
    assert requester.found(status_code="active") == [id]
    assert requester.found(status_code="pending*") == [second]
    assert requester.found(accepter_vpc_info__vpc_id=accepter.vpc_id) == [id]
    assert requester.found(accepter_vpc_info__cidr_block="10.1.0.0/16") == [id]
    assert requester.found(requester_vpc_info__owner_id=OTHER) == []
    assert requester.found(requester_vpc_info__vpc_id=requester.vpc_id, vpc_peering_connection_id=second) == [second]
    assert (requester.found(tag__by="accepter"), accepter.found(tag__by="accepter"), accepter.found(tag_key="by")) == ([], [id], [id])
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        requester.found(colour="blue")


def test_a_route_carries_nothing_unless_its_connection_is_active(pair: tuple[Side, Side]) -> None:
    """A route may be made before the connection is accepted, and outlives it; the local one is no matter of peerings."""
    requester, accepter = pair
    table = requester.ec2.create_route_table(VpcId=requester.vpc_id)["RouteTable"]["RouteTableId"]

    def states() -> dict[str, str]:
        (found,) = requester.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
        return {route["DestinationCidrBlock"]: route["State"] for route in found["Routes"] if "DestinationCidrBlock" in route}

    id = requester.ask(accepter)
    requester.ec2.create_route(RouteTableId=table, DestinationCidrBlock="10.1.0.0/16", VpcPeeringConnectionId=id)
    seen = [states()["10.1.0.0/16"]]
    accepter.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=id)
    seen.append(states()["10.1.0.0/16"])
    accepter.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=id)
    seen.append(states()["10.1.0.0/16"])

    assert seen == ["blackhole", "active", "blackhole"]
    assert states()["10.0.0.0/16"] == "active"


def test_each_account_sets_its_own_options(pair: tuple[Side, Side]) -> None:
    """Nobody turns on DNS resolution for the other account."""
    requester, accepter = pair
    id = requester.join(accepter)

    for one, foreign in ((requester, ("Accepter",)), (accepter, ("Requester",)), (requester, ("Requester", "Accepter"))):
        with pytest.raises(ClientError, match="OperationNotPermitted"):
            one.let_resolve(id, *foreign)
    requester.let_resolve(id, "Requester")
    assert resolves(accepter.see(id)) == (True, False)
    accepter.let_resolve(id, "Accepter")
    assert resolves(requester.see(id)) == (True, True)


def test_options_are_set_in_the_region_of_their_side(aws: Aws) -> None:
    """Also within one account; in one region one call sets both."""
    here, abroad, near = side(aws, "10.0.0.0/16"), side(aws, "10.1.0.0/16", region=ABROAD), side(aws, "10.2.0.0/16")
    far, close = here.join(abroad), here.join(near)

    with pytest.raises(ClientError, match="OperationNotPermitted"):
        here.let_resolve(far, "Accepter")
    abroad.let_resolve(far, "Accepter")
    here.let_resolve(close, "Requester", "Accepter")
    assert (resolves(here.see(far)), resolves(near.see(close))) == ((False, True), (True, True))


def test_options_wait_for_acceptance(pair: tuple[Side, Side]) -> None:
    """Setting them too early is what makes others apply twice."""
    requester, accepter = pair
    id = requester.ask(accepter)

    with pytest.raises(ClientError, match="not active"):
        requester.let_resolve(id, "Requester")


def test_ipv6_ranges_have_their_shortest_form(aws: Aws) -> None:
    """They are random: among 48, about six would have a zero too many."""
    ec2 = aws.client("ec2", ONE)
    made = [ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"] for _ in range(48)]
    ranges = [vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"] for vpc in made]

    assert ranges == [str(ipaddress.ip_network(range)) for range in ranges]


def resolves(seen: dict[str, Any]) -> tuple[bool, bool]:
    """Whether the requester's and the accepter's names resolve for the other side."""
    options = [seen[f"{side}VpcInfo"]["PeeringOptions"] for side in ("Requester", "Accepter")]
    return options[0]["AllowDnsResolutionFromRemoteVpc"], options[1]["AllowDnsResolutionFromRemoteVpc"]
