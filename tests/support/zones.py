"""Landing zones, requests and conventions as values: nothing of them is ever on a disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from generator.accounts.add import Spec
from generator.accounts.model import CHANGE_KEYS, CONTROL_TOWER_KEYS, FOLDER, Record, Request
from generator.accounts.read import Reading, read_folder
from generator.files import FileSet, MemoryTree
from generator.landing_zone.add import Outcome, Wanted, account
from generator.landing_zone.desired import desired
from generator.landing_zone.frame import Names, frame
from generator.landing_zone.load import load
from generator.landing_zone.model import LandingZone
from generator.organization import read
from generator.organization.model import Organization
from generator.repository.changes import compare
from generator.repository.worktree import WorkTree
from generator.stacks.skeletons import Skeletons

SKELETONS = Skeletons(WorkTree(Path(__file__).resolve().parents[2] / "skeletons"))
_REGIONS = "regions:\n"
_SECOND = "regions:\n  eu-west-1:\n    zones: [euw1-az1, euw1-az2]\n    pools: {default: [10.32.0.0/12]}\n    reserved: [10.32.0.0/20]\n"
REQUEST = Request(
    label="prod-ml",
    control_tower=dict(
        zip(
            CONTROL_TOWER_KEYS,
            ("aws+prod-ml@acme.com", "prod-ml", "Production", "platform@acme.com", "Platform", "Team"),
            strict=True,
        )
    ),
    tags={"environment": "prod", "owner": "ml-platform", "tier": "app"},
    change=dict(zip(CHANGE_KEYS, ("platform", "new account prod-ml"), strict=True)),
    custom_fields={"account_name": "prod-ml", "environment": "prod", "region": "us-east-1", "vpc_cidr": "10.1.0.0/20"},
)


@cache
def _frame() -> Mapping[str, bytes]:
    files = {path: file.body for path, file in frame(Names(), SKELETONS).files.items()}
    files["scaffold.yaml"] = files["scaffold.yaml"].replace(_REGIONS.encode(), _SECOND.encode())
    return settled(files, desired(zone(files)))


def files() -> dict[str, bytes]:
    """The files of a fresh landing zone: networks are possible in us-east-1, its home, and in eu-west-1."""
    return dict(_frame())


def organization(*replacements: tuple[str, str]) -> Organization:
    """The conventions of that landing zone, after replacements in its `scaffold.yaml`, each of text that stands there once."""
    source = files()["scaffold.yaml"].decode()
    for old, new in replacements:
        assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in scaffold.yaml"
        source = source.replace(old, new)
    found, problems = read.read(source.encode())
    assert found is not None, problems
    return found


DAY = "2026-11-24"


def zone(content: Mapping[str, bytes], day: str = DAY) -> LandingZone:
    """The landing zone of a mapping from path to bytes."""
    return load(MemoryTree(content), SKELETONS, day)


def settled(content: Mapping[str, bytes], wanted: FileSet) -> dict[str, bytes]:
    """The files once everything that would be written is written."""
    changes = compare(wanted, MemoryTree(content))
    after = {**content, **{change.path: change.new for change in changes if change.written}}
    return {path: body for path, body in after.items() if body is not None}


def ask(content: Mapping[str, bytes], spec: Spec, owner: str | None = "ml-platform") -> Outcome:
    """`scaffold account` on these files."""
    return account(zone(content), Wanted(spec, owner))


def with_account(content: Mapping[str, bytes], spec: Spec, owner: str | None = "ml-platform") -> dict[str, bytes]:
    """These files after `scaffold account`."""
    return settled(content, ask(content, spec, owner).files)


def request(**changes: Mapping[str, str] | str) -> Request:
    """The request of prod-ml, with fields of `Request` replaced."""
    return replace(REQUEST, **changes)  # type: ignore[arg-type]


def reading(*sources: str | bytes) -> Reading:
    """What request files say; they are called `a.tf`, `b.tf` and so on."""
    contents = (source if isinstance(source, bytes) else source.encode() for source in sources)
    return read_folder(MemoryTree({f"{FOLDER}/{chr(97 + number)}.tf": content for number, content in enumerate(contents)}))


def record(source: str | bytes) -> Record:
    """The one request of a file."""
    (found,) = reading(source).records
    return found
