"""An empty organization for each test, and a landing zone that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import botocore.session
import pytest

from generator.aws.session import Session, Sessions
from tests.support import moto_server, terraform
from tests.support.aws import MANAGEMENT, Aws
from tests.support.aws_company import ABROAD, HOME, Peered, company, only, organization, peered
from tests.support.aws_faults import Faults
from tests.support.landing_zones import LandingZone, landing_zone


@pytest.fixture(scope="package", autouse=True)
def _read_once() -> Iterator[None]:
    """Each session would read botocore's descriptions of the services again, which takes longer than all of its calls."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", cache(botocore.session.create_loader))
        yield


@pytest.fixture(scope="package")
def server() -> Iterator[Aws]:
    """A server of these tests' own: they reset it."""
    with moto_server.running() as url:
        yield Aws(url)


@pytest.fixture
def aws(server: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Aws:
    """An organization with its management account, and this process's environment pointing at it."""
    server.reset()
    server.found_organization()
    _point_at(server, tmp_path, monkeypatch)
    return server


def _point_at(server: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in terraform.environment(tmp_path, server.url).items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def founded(server: Aws) -> Peered:
    """A company with a connection, made once for a file of tests that only read it."""
    server.reset()
    server.found_organization()
    return peered(company(server, Faults()))


@pytest.fixture(scope="module")
def session(founded: Peered, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The reader role in the account of the connection's requester."""
    with pytest.MonkeyPatch.context() as environment:
        _point_at(founded.company.aws, tmp_path_factory.mktemp("home"), environment)
        yield Sessions(organization()).assume(founded.company.ml)


@pytest.fixture
def standing(founded: Peered, faults: Faults, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Peered:
    """The same, with faults of this test's own. Nothing in it may be changed."""
    _point_at(founded.company.aws, tmp_path, monkeypatch)
    faults.alter("DescribeRegions", only(HOME, ABROAD))
    return replace(founded, company=replace(founded.company, faults=faults))


@pytest.fixture
def zone(tmp_path: Path) -> LandingZone:
    """A landing zone with the account prod-ml, which declares a network in each of two regions."""
    made = landing_zone(tmp_path / "zone", "--management", MANAGEMENT)
    made.run("account", "prod-ml", "--owner", "ml", "--network", "us-east-1=10.0.0.0/20", "--network", "eu-west-1=10.32.0.0/20")
    return made


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Faults:
    """Calls to AWS that fail, or answer otherwise than the server does."""
    found = Faults()
    found.install(monkeypatch)
    return found
