"""The stacks of a whole landing zone, as the command writes them, read by the real Terraform."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import pytest

from tests.support import terraform
from tests.support.landing_zones import LandingZone, landing_zone

pytestmark = pytest.mark.terraform

HOME, ABROAD = "us-east-1", "eu-west-1"
POOL = "ipv4pool-ec2-0123456789abcdef0"
READY = {"prod-ready": "111122223333", "dev-ready": "222233334444", "staging-data": "333344445555"}
# Validated: each skeleton, ready and waiting, in production and elsewhere.
DATABASES = ("rds-orders", "elasticache-sessions")
STACKS = ("network", "ecr", *DATABASES)
VALIDATED = [
    f"stacks/{environment}-{state}/{HOME}/{stack}" for environment, state, stack in product(("prod", "dev"), ("ready", "waiting"), STACKS)
]
# The others: account name -> further options.
OTHERS: Mapping[str, tuple[str, ...]] = {
    "prod-search": ("--network", ABROAD, "--with", f"ecr@{ABROAD}"),
    "prod-batch": ("--network", f"{HOME}/spark", "--network", f"{ABROAD}/spark=10.36.0.0/16"),
    "prod-abroad": ("--region", ABROAD),
    "dev-abroad": ("--region", ABROAD, "--network", HOME),
    "dev-large": ("--network", f"{HOME}=10.20.0.0/16"),
    "dev-small": ("--network", f"{HOME}=10.21.0.0/22", "--tag", "tier=data"),
    "staging-data": ("--owner", "data-platform"),
    "staging-registry": ("--without", "network"),
}
SEEDED_INPUTS = re.compile(
    rb"  (zone_ids|nat_gateways|public_ipv4_pool|images|charts|organization_id) +"
    rb'= (("[a-z0-9_-]+")|\["[a-z0-9-]+"(, "[a-z0-9-]+")*\])( # pushed to .*)?'
)
OWN_LINES = {"backend.tf": (rb"# Managed by scaffold;.*", rb"# skeleton [a-z]+(, network [a-z0-9.-]+)?", rb'    key    = "stacks/.*"')}


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> LandingZone:
    """A landing zone with all these accounts, some of them ready."""
    made = landing_zone(tmp_path_factory.mktemp("stacks") / "zone")
    made.replace(f"  {ABROAD}:\n", f"  {ABROAD}:\n    public_ipv4_pool: {POOL}\n")
    databases = ("--with", "rds:orders", "--with", "elasticache:sessions")
    accounts = {f"{environment}-{state}": databases for environment in ("prod", "dev") for state in ("ready", "waiting")}
    for name, options in {**accounts, **OTHERS}.items():
        made.run("account", name, *(options if "--owner" in options else ("--owner", "platform", *options)))
    made.know({id: {"name": name} for name, id in READY.items()})
    made.run("sync")
    return made


@pytest.fixture(scope="module")
def prepared(zone: LandingZone, tf_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it, in which Terraform may leave files; each skeleton's first stack after one ordinary init."""
    copy = Path(shutil.copytree(zone.root, tmp_path_factory.mktemp("prepared") / "zone"))
    for name in STACKS:
        terraform.run(["init", "-backend=false", "-no-color"], first(copy, name), tf_env).check()
    return copy


def first(root: Path, name: str) -> Path:
    """The stack whose init serves all stacks of its name: they have equal constraints."""
    return root / f"stacks/prod-ready/{HOME}/{name}"


def stacks(zone: LandingZone) -> list[str]:
    """The directories of all stacks."""
    return sorted(path.parent.relative_to(zone.root).as_posix() for path in zone.root.glob("stacks/*/*/*/backend.tf"))


@pytest.mark.parametrize("directory", VALIDATED)
def test_a_stack_validates_without_a_diagnostic(prepared: Path, validate_env: dict[str, str], directory: str) -> None:
    """Neither an error nor a warning, in production and elsewhere, while it waits and once it is ready."""
    root = prepared / directory
    source = first(prepared, root.name)
    if root != source:
        terraform.prepared(root, source, validate_env)

    assert terraform.validate_json(root, validate_env) == []


def test_the_whole_landing_zone_is_formatted(zone: LandingZone, tf_env: dict[str, str]) -> None:
    """Requests, modules, stacks and AFT's own frame."""
    done = terraform.run(["fmt", "-check", "-diff", "-recursive"], zone.root, tf_env)

    assert (done.status, done.stdout, done.stderr) == (0, "", "")


def test_ready_and_waiting_stacks_differ_in_the_account_id(zone: LandingZone) -> None:
    """So that the change which makes a stack ready touches a file in its directory."""
    ids = {directory: zone.data(f"{directory}/account.tf.json")["locals"]["account"]["id"] for directory in VALIDATED}

    assert ids == {directory: READY.get(directory.split("/")[1], "0" * 12) for directory in VALIDATED}


def test_the_others_are_many(zone: LandingZone) -> None:
    """Twelve accounts in two regions, with several networks."""
    others = set(stacks(zone)) - set(VALIDATED)

    assert {directory.split("/")[1] for directory in others} == set(OTHERS)
    assert {directory.split("/")[2] for directory in others} == {HOME, ABROAD}
    assert {directory.split("/")[3] for directory in others} == {"network", "network-spark", "ecr"}


def test_every_other_stack_differs_from_a_validated_one_in_its_data_only(zone: LandingZone) -> None:
    """Bytes, file by file: data, the line of the state's key, the line of the identity, and the seeded inputs."""
    for directory in set(stacks(zone)) - set(VALIDATED):
        environment, skeleton = directory.split("/")[1].split("-")[0], directory.rsplit("/", 1)[1].split("-")[0]
        validated = f"stacks/{'prod' if environment == 'prod' else 'dev'}-waiting/{HOME}/{skeleton}"

        assert list(unlike(zone.root / directory, zone.root / validated)) == []


def unlike(one: Path, other: Path) -> Iterator[str]:
    """The names of files that differ in more than they may."""
    names = {path.name for path in one.iterdir()}
    yield from names ^ {path.name for path in other.iterdir()}
    for name in names:
        if not name.endswith(".tf.json") and constant(one / name) != constant(other / name):
            yield f"{one}/{name}"


def constant(file: Path) -> list[bytes]:
    """The lines of a file that every stack of its kind has, the names of the seeded inputs among them."""
    lines = file.read_bytes().split(b"\n")
    if file.name == "main.tf":
        lines = [line if SEEDED_INPUTS.fullmatch(line) is None else line.split(b" = ")[0].rstrip() for line in lines]
        return [line for line in lines if line not in (b"", b"  public_ipv4_pool")]
    return [line for line in lines if not any(re.fullmatch(own, line) for own in OWN_LINES.get(file.name, ()))]


def test_data_has_one_shape(zone: LandingZone) -> None:
    """What a script reads is there in every stack; a network in network stacks, and in what stands on one."""
    usual = ["name", "id", "partition", "region", "environment", "tags"]

    for directory in stacks(zone):
        account = zone.data(f"{directory}/account.tf.json")["locals"]["account"]
        has_network = directory.rsplit("/", 1)[1].startswith(("network", *DATABASES))
        assert list(account) == ([*usual, "network"] if has_network else usual)
        assert (account["name"], account["region"]) == tuple(directory.split("/")[1:3])
        assert all(isinstance(value, str) for value in account["tags"].values())


def test_seeded_inputs_follow_the_region_and_the_environment(zone: LandingZone) -> None:
    """Zones and the address pool are the region's; a gateway per zone is production's."""
    abroad = (zone.root / f"stacks/prod-abroad/{ABROAD}/network/main.tf").read_text()
    home = (zone.root / f"stacks/dev-abroad/{HOME}/network/main.tf").read_text()

    assert 'zone_ids = ["euw1-az1", "euw1-az2", "euw1-az3"]' in abroad
    assert f'public_ipv4_pool = "{POOL}"' in abroad
    assert 'nat_gateways = "one_per_zone"' in abroad
    assert 'zone_ids = ["use1-az1", "use1-az2", "use1-az4"]' in home
    assert "public_ipv4_pool" not in home
    assert 'nat_gateways = "single"' in home
