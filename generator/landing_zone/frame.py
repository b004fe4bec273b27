"""`scaffold init`: the frame of a new landing zone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from generator import __version__
from generator.files import File, FileSet, Kind, MemoryTree
from generator.landing_zone.desired import desired
from generator.landing_zone.load import load
from generator.organization.schema import ACCOUNT_ID, DOMAIN, ORGANIZATION_ID, REPOSITORY, SLUG
from generator.problems import Problem, Refused, refuse
from generator.stacks.skeletons import LANDING_ZONE, Skeletons

# Zone ids of three zones by region, as `describe-availability-zones` gives them; scaffold.yaml can say others.
_PREFIXES = MappingProxyType(
    {
        "us-east-1": ("use1", (1, 2, 4)),
        "us-east-2": ("use2", (1, 2, 3)),
        "us-west-2": ("usw2", (1, 2, 3)),
        "ca-central-1": ("cac1", (1, 2, 4)),
        "eu-central-1": ("euc1", (1, 2, 3)),
        "eu-west-1": ("euw1", (1, 2, 3)),
        "eu-west-2": ("euw2", (1, 2, 3)),
        "eu-west-3": ("euw3", (1, 2, 3)),
        "eu-north-1": ("eun1", (1, 2, 3)),
        "ap-south-1": ("aps1", (1, 2, 3)),
        "ap-southeast-1": ("apse1", (1, 2, 3)),
        "ap-southeast-2": ("apse2", (1, 2, 3)),
        "ap-northeast-1": ("apne1", (1, 2, 4)),
        "sa-east-1": ("sae1", (1, 2, 3)),
    }
)
ZONES: Mapping[str, tuple[str, ...]] = {region: tuple(f"{prefix}-az{n}" for n in found) for region, (prefix, found) in _PREFIXES.items()}

_ANY_DAY = "0001-01-01"  # nothing in a new policy expires


@dataclass(frozen=True, slots=True)
class Names:
    """What `init` is told; everything else is edited in `scaffold.yaml` afterwards."""

    organization: str = "acme"
    organization_id: str = "o-a1b2c3d4e5"
    repository: str = ""
    domain: str = ""
    home_region: str = "us-east-1"
    management: str = "111111111111"
    aft_management: str = "222222222222"
    platform: str = "333333333333"


def frame(names: Names, skeletons: Skeletons) -> FileSet:
    """All files of a new landing zone. Refused, as `scaffold.yaml` is, where a name is not legal."""
    check_names(names)
    rendered = skeletons.render(LANDING_ZONE, _context(names))
    files = {path: body.encode() if isinstance(body, str) else body for path, body in rendered.items()}
    seeded = FileSet.of({path: File(content, Kind.SEEDED) for path, content in files.items()}, "frame")
    return seeded | desired(load(MemoryTree(files), skeletons, day=_ANY_DAY))


def check_names(names: Names) -> None:
    """Refuse names that no `scaffold.yaml` could say, all at once, and a region whose zones nobody knows."""
    if names.home_region not in ZONES:
        known = ", ".join(ZONES)
        remedy = f"take one of {known}, and correct regions in scaffold.yaml afterwards"
        raise refuse("unknown-region", f'the zones of "{names.home_region}" are not known', remedy, value=names.home_region)
    problems = list(_wrong(names))
    if problems:
        raise Refused(problems)


def _wrong(names: Names) -> Iterator[Problem]:
    """What `init` was told, against the shapes of `scaffold.yaml`: an illegal name is said as the option it came by."""
    shapes = {
        "--organization": (names.organization, SLUG),
        "--organization-id": (names.organization_id, ORGANIZATION_ID),
        "--repository": (names.repository, REPOSITORY),
        "--domain": (names.domain, DOMAIN),
        "--management": (names.management, ACCOUNT_ID),
        "--aft-management": (names.aft_management, ACCOUNT_ID),
        "--platform": (names.platform, ACCOUNT_ID),
    }
    for option, (value, shape) in shapes.items():
        if value and not re.fullmatch(shape.pattern, value):
            yield Problem(id="wrong-value", message=f'{option} is "{value}"', remedy=f"write {shape.wanted}", value=value)


def _context(names: Names) -> dict[str, object]:
    return {
        "organization": names.organization,
        "organization_id": names.organization_id,
        "repository": names.repository or f"{names.organization}/landing-zone",
        "domain": names.domain or f"{names.organization}.com",
        "home_region": names.home_region,
        "partition": "aws",
        "scaffold_version": __version__,
        "zones": {"ids": list(ZONES[names.home_region])},
        "management": names.management,
        "aft_management": names.aft_management,
        "platform": names.platform,
    }
