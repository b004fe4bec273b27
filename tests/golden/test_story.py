"""The story of one landing zone, stage by stage: the commands are run, and what a reviewer reads then is committed.

Only what AWS would have answered is made here: the inventory of `scaffold pull`, and the snapshot of an audit.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator import inventory
from generator.cli import workspace
from generator.inventory import Inventory, LiveAccount, LiveNetwork
from generator.landing_zone.load import load
from generator.landing_zone.model import LandingZone
from generator.snapshot.model import Side
from generator.snapshot.write import write
from tests.support import audited, cli

FOLDER = cli.REPOSITORY / "examples/story"
DAY = "2026-11-24"
MADE = ("prod-ml", "prod-vpn", "dev-pay", "dev-ml")
"""The accounts in the order in which AFT makes them, which gives each its id for life."""
BOUGHT = """\
version: 1
accounts:
  prod-erp:                 # came with a company that was bought: no request, and a range of its own
    id: "555566667777"
    tags: {environment: prod, owner: erp, tier: app}
    networks: {prod-erp: {region: us-east-1, vpc_id: vpc-0e4b0000000000001, cidr_blocks: [RANGE]}}
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """One pull request, or one report: what happened, the commands, and what they change besides."""

    title: str
    told: str
    commands: tuple[str, ...]
    before: Callable[[Path], None] | None = None
    status: int = 0
    shown: str = "scaffold atlantis summary --base main"


def zone_of(root: Path) -> LandingZone:
    """The landing zone as it is now."""
    return load(workspace.tree_of(root), workspace.bundled(), DAY)


def vended(root: Path) -> None:
    """What `scaffold pull` would write once AFT has made every account and Atlantis has applied its network."""
    found = {}
    for account in zone_of(root).accounts:
        number = MADE.index(account.slug) + 1
        networks = {
            network.name: LiveNetwork("us-east-1", f"vpc-{number:017x}", (str(network.cidr_block),), (), (f"rtb-{number:017x}",), True)
            for network in account.networks
        }
        id = f"{100_000_000_000 + number}"
        found[id] = LiveAccount(id, account.slug, str(account.email), "ACTIVE", True, False, networks)
    (root / inventory.FILE).write_bytes(inventory.write(Inventory(found)))


def bought(root: Path) -> None:
    """An account that people made by hand is described, in accounts.yaml and by `pull`."""
    hub = zone_of(root).account("prod-vpn")
    assert hub is not None
    block = ".".join(str(hub.networks[0].cidr_block).split(".")[:2]) + ".0.0/16"
    (root / "accounts.yaml").write_text(BOUGHT.replace("RANGE", block))
    known, _ = inventory.read((root / inventory.FILE).read_bytes())
    erp = LiveNetwork("us-east-1", "vpc-0e4b0000000000001", (block,), (), ("rtb-0e4b0000000000001",), True)
    account = LiveAccount("555566667777", "prod-erp", "erp@bought.example", "ACTIVE", True, False, {"prod-erp": erp})
    (root / inventory.FILE).write_bytes(inventory.write(Inventory({**known.accounts, account.id: account})))


def connected_by_hand(root: Path) -> None:
    """What an audit reads: all that is declared, and one connection that somebody made at night."""
    zone = zone_of(root)
    sides = {
        name: Side(account.id, network.region, network.vpc_id, network.cidr_blocks, (), False)
        for account in zone.inventory.accounts.values()
        for name, network in account.networks.items()
    }
    rogue = audited.between(sides["dev-ml"], sides["prod-vpn"], "pcx-0bad0000000000001")
    (root / "audit.json").write_bytes(write(audited.with_connection(audited.clean(zone), rogue)))


STAGES = (
    Stage(
        "The first account",
        "A team needs an account. Its name says the environment, the rest has defaults; nothing is there to meet yet.",
        ("scaffold account prod-ml --owner ml-platform",),
    ),
    Stage(
        "A second account meets it",
        "The hub of production carries `tier=vpn`, and the policy says that such a hub reaches its environment. AWS has the first account"
        " by now, and the second only once this is merged: the pair waits.",
        ("scaffold pull", "scaffold sync", "scaffold account prod-vpn --owner platform --tag tier=vpn"),
        vended,
    ),
    Stage(
        "AWS has both",
        "The scheduled job pulls and syncs, and opens this pull request. Atlantis plans the peering, and nobody wrote a line of it.",
        ("scaffold pull", "scaffold sync"),
        vended,
    ),
    Stage(
        "A tag changes",
        "A development account becomes one of production: its tag is edited, in place, and the pull request says whom it meets then.",
        ("scaffold account dev-pay --tag environment=prod",),
    ),
    Stage(
        "A refusal",
        "A company was bought, and its network holds the range of the hub. The policy allows it to meet the hub; routes to both"
        " cannot exist. It is said, with what to do, and nothing that exists is touched.",
        ("scaffold sync",),
        bought,
    ),
    Stage(
        "A removal",
        "The first account is not needed any more. Its peerings go first, as tombstones that Atlantis plans.",
        ("scaffold account prod-ml --retire",),
    ),
    Stage(
        "A rogue is found",
        "Somebody connected development with production by hand. The nightly audit compares policy, repository and AWS, and says who may"
        " delete what.",
        (),
        connected_by_hand,
        status=2,
        shown="scaffold peering audit --snapshot audit.json --format markdown",
    ),
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages, by name: each stage is run, shown against main, and merged."""
    root = tmp_path_factory.mktemp("story") / "landing-zone"
    root.mkdir()
    cli.must(root, "init", "--organization", "acme", "--domain", "acme.example")
    cli.commit(root, "The frame")
    pages = dict(_pages(root))
    return {**pages, "README.md": _contents(pages)}


def _pages(root: Path) -> Iterator[tuple[str, str]]:
    for number, stage in enumerate(STAGES, 1):
        if stage.title == "A tag changes":  # what is there by then besides
            _meanwhile(root)
        cli.git(root, "switch", "--quiet", "--create", f"stage-{number}")
        if stage.before is not None:
            stage.before(root)
        for command in stage.commands:
            if command != "scaffold pull":  # its answer is there already
                cli.must(root, *shlex.split(command)[1:], *(() if command == "scaffold lint" else ("--date", DAY)))
        shown = cli.run(root, *shlex.split(stage.shown)[1:], "--date", DAY)
        assert shown.status == stage.status, shown
        yield f"{number}-{stage.title.lower().replace(' ', '-')}.md", _page(stage, shown.out)
        (root / "audit.json").unlink(missing_ok=True)
        cli.commit(root, stage.title)
        cli.git(root, "switch", "--quiet", "main")
        cli.git(root, "merge", "--quiet", "--ff-only", f"stage-{number}")


def _meanwhile(root: Path) -> None:
    cli.must(root, "account", "dev-pay", "--owner", "payments", "--date", DAY)
    cli.must(root, "account", "dev-ml", "--owner", "ml-platform", "--date", DAY)
    vended(root)
    cli.must(root, "sync", "--date", DAY)
    cli.commit(root, "Two more accounts")


def _contents(pages: Mapping[str, str]) -> str:
    listed = "\n".join(f"{number}. [{stage.title}]({name})" for number, (name, stage) in enumerate(zip(pages, STAGES, strict=True), 1))
    told = (
        "One landing zone, stage by stage: what somebody did, the commands, and what a reviewer reads on the pull request. It begins with"
        "\n`scaffold init --organization acme --domain acme.example`; the policy is the one that `init` writes."
    )
    return f"# A landing zone grows\n\n{told}\n\n{listed}\n"


def _page(stage: Stage, shown: str) -> str:
    commands = "\n".join((*stage.commands, stage.shown))
    return f"# {stage.title}\n\n{stage.told}\n\n```\n{commands}\n```\n\n{shown}"


def test_the_story_is_what_the_commands_say(told: dict[str, str], update_golden: bool) -> None:
    """Every page, byte for byte, and no other."""
    if update_golden:
        FOLDER.mkdir(exist_ok=True)
        for old in FOLDER.glob("*.md"):
            old.unlink()
        for name, page in told.items():
            (FOLDER / name).write_text(page)

    assert {path.name: path.read_text() for path in FOLDER.iterdir()} == told


def test_each_stage_shows_what_it_is_for(told: dict[str, str]) -> None:
    """The words that a reader has to find in it."""
    wanted = (
        "1 account added",
        "### Waiting (1)",
        "connects 1 pair",
        "### To connect (1)",
        "### Allowed, and cannot be made (",
        "### To disconnect (",
        "rogue-denied",
    )

    assert [words for words, page in zip(wanted, told.values(), strict=False) if words not in page] == []
