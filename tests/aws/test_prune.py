"""`scaffold peering prune` looks into both sides of a pair, and deletes nothing that it could not see to be gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import getitem
from typing import Any

import boto3
import pytest

from generator.aws import peerings
from generator.files import File
from generator.peering.model import Facts, Member, key
from generator.peering.stack_files import PeeringFiles, data_file, tombstone
from generator.ranges import Range
from generator.snapshot.model import TERMINAL, Connection, Contents, Place, Side
from generator.stacks.render import Renderer
from tests.support import cli, zones
from tests.support.aws import Aws
from tests.support.aws_faults import Faults
from tests.support.landing_zones import LandingZone

HOME, ABROAD = "us-east-1", "eu-west-1"
READER = "acme-reader"
DESCRIBE = "DescribeVpcPeeringConnections"
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two networks of two accounts and regions in AWS, whose stack is a tombstone that is committed."""

    aws: Aws
    zone: LandingZone
    requester: Side
    accepter: Side
    name: str = "prod-ml--prod-pay"

    def ec2(self, side: Side) -> Any:
        """A client on one side."""
        return self.aws.client("ec2", side.account, side.region)

    def ask(self, requester: Side, accepter: Side) -> str:
        """Request a connection; its id."""
        asked = self.ec2(requester).create_vpc_peering_connection(
            VpcId=requester.vpc_id, PeerVpcId=accepter.vpc_id, PeerOwnerId=accepter.account, PeerRegion=accepter.region
        )
        id: str = asked["VpcPeeringConnection"]["VpcPeeringConnectionId"]
        return id

    def connect(self) -> str:
        """Connect the two networks; the id."""
        id = self.ask(self.requester, self.accepter)
        self.ec2(self.accepter).accept_vpc_peering_connection(VpcPeeringConnectionId=id)
        return id

    def prune(self, *options: str, status: int = 0) -> cli.Outcome:
        """Prune against what is committed, by what AWS shows now."""
        return self.zone.run("peering", "prune", "--base", "HEAD", *options, status=status)

    @property
    def stands(self) -> bool:
        """Is its directory there?"""
        return (self.zone.root / "peering" / self.name).is_dir()


@pytest.fixture
def pair(aws: Aws, zone: LandingZone) -> Pair:
    """A pair across accounts and regions."""
    one, other = (_network(aws, *where) for where in (("prod-ml", HOME, "10.0.0.0/20"), ("prod-pay", ABROAD, "10.32.16.0/20")))
    made = Pair(aws, zone, one, other)
    _bury(zone, {"prod-ml": one, "prod-pay": other})
    cli.commit(zone.root)
    return made


def _network(aws: Aws, name: str, region: str, cidr_block: str) -> Side:
    account = aws.vend(name)
    return Side(account, region, aws.make_vpc(account, cidr_block, name, region))


def _bury(zone: LandingZone, sides: Mapping[str, Side]) -> None:
    """Write the tombstone of two networks, as sync leaves it."""
    organization = zones.organization()
    facts = {name: Facts(side.account, vpc_id=side.vpc_id, blocks=(Range(10 << 24, 20),)) for name, side in sides.items()}
    one, other = (Member(name, name, side.region, {}, facts=facts[name]) for name, side in sides.items())
    names = key(one.name, other.name)
    files = {**PeeringFiles(Renderer(zones.SKELETONS, organization)).constant(names), **tombstone(names)}
    _write(zone, files)
    (zone.root / f"peering/{one.name}--{other.name}/peering.tf.json").write_bytes(data_file(one, other, organization))


def _write(zone: LandingZone, files: Mapping[str, File]) -> None:
    for path, file in files.items():
        if file.content is not None:
            (zone.root / path).parent.mkdir(parents=True, exist_ok=True)
            (zone.root / path).write_bytes(file.content)


def test_where_nothing_was_left_the_directory_goes(pair: Pair) -> None:
    """Both sides were read, and show nothing."""
    done = pair.prune()

    assert "1 tombstone: 1 pruned, 0 kept." in done.out and not pair.stands


def test_a_live_connection_keeps_its_tombstone(pair: Pair) -> None:
    """It is named; that it is waited for is no failure. Once it is deleted, the directory goes."""
    id = pair.connect()
    kept = pair.prune()
    stood = pair.stands
    pair.ec2(pair.accepter).delete_vpc_peering_connection(VpcPeeringConnectionId=id)

    done = pair.prune()

    assert stood and f"its connection is still there: {id} (active)" in kept.err
    assert "1 pruned" in done.out and not pair.stands


def test_a_request_in_the_other_direction_keeps_its_tombstone(pair: Pair) -> None:
    """A pair has no direction, and one that is pending may be accepted."""
    id = pair.ask(pair.accepter, pair.requester)

    assert f"{id} (pending-acceptance)" in pair.prune().err and pair.stands


def test_a_rejected_request_keeps_nothing(pair: Pair) -> None:
    """The near twin: it is over, though AWS still shows it."""
    id = pair.ask(pair.requester, pair.accepter)
    pair.ec2(pair.accepter).reject_vpc_peering_connection(VpcPeeringConnectionId=id)

    pair.prune()

    assert not pair.stands


@pytest.mark.parametrize(("value", "stands"), [("prod-ml--prod-pay", True), ("prod-ml--prod-web", False)])
def test_a_marker_on_one_side_keeps_its_tombstone(pair: Pair, value: str, stands: bool) -> None:
    """Another VPC of the account is connected in its name; only the account that wrote the tag sees it."""
    other = Side(pair.requester.account, HOME, pair.aws.make_vpc(pair.requester.account, "10.99.0.0/20"))
    id = pair.ask(other, pair.accepter)
    pair.ec2(pair.accepter).create_tags(Resources=[id], Tags=[{"Key": "peering", "Value": value}])

    pair.prune()

    assert pair.stands is stands


@pytest.mark.parametrize("number", [0, 1], ids=["requester", "accepter"])
def test_a_denied_role_is_a_gap(pair: Pair, faults: Faults, number: int) -> None:
    """Whichever side does not answer: incomplete, and the directory stays."""
    side = (pair.requester, pair.accepter)[number]
    faults.deny("AssumeRole", arguments=f"{side.account}:role/{READER}")

    done = pair.prune(status=3)

    assert pair.stands and f"account {side.account} in {side.region} could not be read (AccessDenied)" in done.err


@pytest.mark.parametrize("code", ["RequestLimitExceeded", "UnrecognizedClientException", "AuthFailure", "UnauthorizedOperation"])
def test_a_region_that_does_not_answer_is_a_gap(pair: Pair, faults: Faults, code: str) -> None:
    """Throttled to the end, disabled, denied: of all these nothing is concluded."""
    faults.deny("*", code, region=ABROAD)

    done = pair.prune("--check", status=3)

    assert pair.stands and f"account {pair.accepter.account} in {ABROAD} could not be read ({code})" in done.err


def test_a_gap_keeps_its_own_pairs_only(aws: Aws, zone: LandingZone, pair: Pair, faults: Faults) -> None:
    """What was seen to be gone goes in the same run."""
    near = {"prod-lab": _network(aws, "prod-lab", HOME, "10.1.0.0/20"), "prod-ml": pair.requester}
    _bury(zone, near)
    cli.commit(zone.root)
    faults.deny("*", "AuthFailure", region=ABROAD)

    done = pair.prune(status=3)

    assert pair.stands and not (zone.root / "peering/prod-lab--prod-ml").exists()
    assert "2 tombstones: 1 pruned, 1 kept." in done.out


def test_a_connection_of_the_last_page_is_found(pair: Pair, monkeypatch: pytest.MonkeyPatch, faults: Faults) -> None:
    """AWS cuts long lists; the one that counts stands behind others."""
    for number in range(12):
        peer = Side(pair.requester.account, HOME, pair.aws.make_vpc(pair.requester.account, f"10.{100 + number}.0.0/20"))
        pair.ask(peer, Side(pair.requester.account, HOME, pair.requester.vpc_id))
    id = pair.connect()
    monkeypatch.setattr(peerings, "PAGE", 5)
    pages: list[int] = []

    def counted(answer: Answer) -> Answer:
        pages.append(len(answer["VpcPeeringConnections"]))
        return answer

    faults.alter(DESCRIBE, counted)

    done = pair.prune()

    assert sorted(pages) == [1, 3, 5, 5] and pair.stands and f"{id} (active)" in done.err


def _lacking(*path: str, value: object = None) -> Callable[[Answer], Answer]:
    """An answer in which every connection lacks something, or has it empty."""

    def change(answer: Answer) -> Answer:
        for found in answer["VpcPeeringConnections"]:
            inner = reduce(getitem, path[:-1], found)
            inner.pop(path[-1])
            inner.update({} if value is None else {path[-1]: value})
        return answer

    return change


@pytest.mark.parametrize("value", [None, ""], ids=["missing", "empty"])
@pytest.mark.parametrize(
    "path",
    [
        ("VpcPeeringConnectionId",),
        ("Status", "Code"),
        ("RequesterVpcInfo", "VpcId"),
        ("AccepterVpcInfo", "VpcId"),
        ("AccepterVpcInfo", "OwnerId"),
        ("RequesterVpcInfo", "Region"),
    ],
    ids=".".join,
)
def test_an_answer_that_lacks_what_decides_is_a_gap(pair: Pair, faults: Faults, path: tuple[str, ...], value: object) -> None:
    """A connection without its VPC would look like somebody else's."""
    pair.ec2(pair.requester).delete_vpc_peering_connection(VpcPeeringConnectionId=pair.connect())
    faults.alter(DESCRIBE, _lacking(*path, value=value))

    done = pair.prune(status=3)

    assert pair.stands and done.err.count(f"could not be read (an answer without {path[-1]})") == 2


@pytest.mark.parametrize("name", ["Status", "RequesterVpcInfo", "AccepterVpcInfo"])
def test_an_answer_without_a_whole_part_is_a_gap(pair: Pair, faults: Faults, name: str) -> None:
    """As little as without a value in it."""
    pair.connect()
    faults.alter(DESCRIBE, _lacking(name))

    assert f"an answer without {name}" in pair.prune(status=3).err and pair.stands


def test_an_answer_without_a_list_is_a_gap(pair: Pair, faults: Faults) -> None:
    """It is no empty list."""
    faults.alter(DESCRIBE, lambda answer: {})

    assert "an answer without VpcPeeringConnections" in pair.prune(status=3).err and pair.stands


def test_an_answer_without_tags_has_none(pair: Pair, faults: Faults) -> None:
    """AWS leaves them out where there are none."""
    pair.ec2(pair.requester).delete_vpc_peering_connection(VpcPeeringConnectionId=pair.connect())
    faults.alter(DESCRIBE, _lacking("Tags"))

    pair.prune()

    assert not pair.stands


def test_without_credentials_nothing_is_deleted(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status 1, and what to do."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(pair.zone.root))  # no shared credentials file
    monkeypatch.setattr("botocore.credentials.ContainerProvider.load", lambda self: None)

    assert "there are no AWS credentials" in pair.prune(status=1).err and pair.stands


def test_only_what_tombstones_need_is_read(pair: Pair, faults: Faults) -> None:
    """No other account and no other region: what does not answer there is no gap."""
    faults.deny("AssumeRole", arguments=f"{pair.aws.vend('prod-web')}:role")
    faults.deny("*", region="ap-south-1")

    assert "1 can go" in pair.prune("--check", status=2).out


def test_nothing_is_read_where_nothing_could_go(pair: Pair, faults: Faults) -> None:
    """A tombstone that is not on the base stays, whatever AWS would say."""
    faults.deny("*")
    cli.git(pair.zone.root, "rm", "--quiet", "-r", "--cached", "peering")
    cli.git(pair.zone.root, "commit", "--quiet", "--message", "the base before")

    assert "is not on the base yet" in pair.prune().err and pair.stands


def test_a_reading_keeps_everything_that_a_place_shows(pair: Pair) -> None:
    """What the file of a snapshot is made of: every connection, from both sides, each with its own tags."""
    id = pair.connect()
    pair.ec2(pair.requester).create_tags(Resources=[id], Tags=[{"Key": "peering", "Value": pair.name}])
    done: list[tuple[int, ...]] = []
    wanted = [pair.requester.place, pair.accepter.place, pair.requester.place, Place(pair.requester.account, "ap-south-1")]

    seen = peerings.read(zones.organization(), wanted, lambda *count: done.append(count))

    sides = (
        pair.requester._replace(cidr_blocks=("10.0.0.0/20",), dns=False),
        pair.accepter._replace(cidr_blocks=("10.32.16.0/20",), dns=False),
    )
    one = Connection(id, "active", *sides, {"peering": pair.name}, "Active")
    assert seen.places == {
        pair.requester.place: Contents(connections=(one,)),
        pair.accepter.place: Contents(connections=(one._replace(tags={}),)),
        wanted[-1]: Contents(),
    }
    assert not seen.gaps and done == [(1, 2), (2, 2)] and seen.taken.endswith("Z")


def test_every_status_of_aws_is_known_to_be_over_or_not() -> None:
    """The API's own list: nine, of which four are terminal. A tenth has to be looked at by a person."""
    listed = boto3.client("ec2", HOME).meta.service_model.shape_for("VpcPeeringConnectionStateReasonCode").enum

    alive = {"initiating-request", "pending-acceptance", "provisioning", "active", "deleting"}
    assert set(listed) == alive | TERMINAL and not alive & TERMINAL
