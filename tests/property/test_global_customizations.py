"""Whatever an organization is called and decides, its baseline is Terraform that says exactly that."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import hcl2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.files import File
from generator.hcl.quoting import terraform_json
from generator.landing_zone import global_customizations
from generator.landing_zone.global_customizations import DATA, FOLDER, STACK_SET
from generator.organization.model import Baseline, Budget, Organization, Roles
from generator.organization.schema import EMAIL, EXTERNAL_ID, REGION, ROLE, SLUG
from tests.support import cli, stack_set, terraform, zones

NAMES = st.from_regex(ROLE.pattern, fullmatch=True)
REGIONS = st.lists(st.from_regex(REGION.pattern, fullmatch=True).filter(str.isascii), min_size=1, max_size=4, unique=True)
BUDGETS = st.none() | st.builds(Budget, st.integers(1, 100_000_000), st.from_regex(EMAIL, fullmatch=True))
BASELINES = st.builds(Baseline, *[st.booleans()] * 5, BUDGETS)
ROLES = st.builds(Roles, NAMES, NAMES, NAMES, NAMES, st.just(True), st.none() | st.from_regex(EXTERNAL_ID.pattern, fullmatch=True)).filter(
    lambda roles: roles.atlantis != roles.reader
)
ZONE = zones.zone(zones.files())


@st.composite
def organizations(draw: st.DrawFn) -> Organization:
    """The conventions of any organization."""
    regions = dict.fromkeys(draw(REGIONS), ZONE.organization.regions["us-east-1"])
    name = draw(st.from_regex(SLUG.pattern, fullmatch=True))
    return dataclasses.replace(ZONE.organization, name=name, regions=regions, roles=draw(ROLES), baseline=draw(BASELINES))


def made(organization: Organization) -> Mapping[str, File]:
    """Its baseline."""
    zone = dataclasses.replace(ZONE, organization=organization)
    # files of the regions that this landing zone was begun with stay
    left = {f"{FOLDER}/scaffold-{region}.tf" for region in ZONE.organization.regions.keys() - organization.regions.keys()}
    return {path: file for path, file in global_customizations.part(zone).build().items() if path not in left}


@settings(max_examples=25, deadline=None)
@given(organizations())
def test_the_baseline_says_what_the_organization_does(organization: Organization) -> None:
    """Every file parses; the data is what was decided, as text and never as an expression; the template has the same roles."""
    files = made(organization)
    found: dict[str, Any] = json.loads(files[f"{FOLDER}/{DATA}"].body)["locals"]["scaffold"]

    assert found == terraform_json(global_customizations.data(organization))
    assert set(stack_set.roles(files[STACK_SET].body)) == {organization.roles.atlantis, organization.roles.reader}
    aliases = {
        provider['"aws"']["region"].strip('"')
        for path, file in files.items()
        if re.search(r"-[0-9]\.tf$", path)
        for provider in hcl2.loads(file.body.decode()).get("provider", ())
    }
    assert aliases == set(organization.regions)


@pytest.mark.terraform
def test_the_baseline_is_formatted(tmp_path: Path) -> None:
    """Of many organizations, each as Terraform itself would write it."""
    many: list[Organization] = []

    @settings(max_examples=25, deadline=None, database=None)
    @given(organizations())
    def draw(organization: Organization) -> None:
        many.append(organization)

    draw()
    for number, organization in enumerate(many):
        cli.written(tmp_path / str(number), {path: file.body for path, file in made(organization).items()})
    done = terraform.run(["fmt", "-check", "-recursive"], tmp_path, terraform.environment(tmp_path))

    assert (done.status, done.stdout, done.stderr) == (0, "", "")
