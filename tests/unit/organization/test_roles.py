"""`roles` in `scaffold.yaml`: four names that AWS takes, each once, and none that belongs to somebody else."""

from __future__ import annotations

import pytest

from generator.organization import read
from tests.support import zones

SOURCE = zones.files()["scaffold.yaml"].decode()
ATLANTIS = "  atlantis: acme-atlantis\n"


def _found(name: str, more: str = "") -> list[tuple[str, str | None, str]]:
    """What is wrong where Atlantis' role has this name."""
    assert SOURCE.count(ATLANTIS) == 1
    text = SOURCE.replace(ATLANTIS, f'  atlantis: "{name}"\n{more}')
    return [(problem.id, problem.value, problem.message) for problem in read.read(text.encode())[1]]


@pytest.mark.parametrize(
    "name", ["acme-atlantis", "Atlantis+x=,.@_1", "awsome", "aws-atlantis", "OrganizationAccountAccessRole2", "x" * 64]
)
def test_a_name_of_its_own_passes(name: str) -> None:
    """Also one that merely looks like somebody's."""
    assert _found(name) == []


@pytest.mark.parametrize("name", ["acme-reader", "ACME-Reader", "acme-atlantis-server", "acme-scaffold-ci"])
def test_one_name_for_two_roles(name: str) -> None:
    """AWS keeps no two that differ in case only; whoever assumes one would be the other."""
    ((id, _, message),) = _found(name)

    assert id == "contradiction" and "an account has one role of a name" in message


@pytest.mark.parametrize(
    "name",
    [
        "AWSAFTExecution",
        "awsaftexecution",
        "AWSControlTowerExecution",
        "AWSCloudFormationStackSetExecutionRole",
        "OrganizationAccountAccessRole",
        "aws-controltower-ConfigRecorderRole",
        "stacksets-exec-0a1b",
        "AWSReservedSSO_Admin_0a1b",
        "AWSServiceRoleForRDS",
    ],
)
def test_a_role_of_somebody_else(name: str) -> None:
    """With that name Atlantis would be master of the account, or AFT's run would end in every one."""
    assert _found(name) == [
        ("contradiction", name, f'roles.atlantis is "{name}", a name that AFT, Control Tower or AWS gives to a role of its own')
    ]


@pytest.mark.parametrize("name", ["acme-reader", "OrganizationAccountAccessRole"])
def test_whoever_makes_the_roles_decides_their_names(name: str) -> None:
    """An organization that had such roles before may go on with them."""
    assert _found(name, "  create: false\n") == []


@pytest.mark.parametrize("name", ["caf\u00e9", "a b", "path/role", "", "x" * 65])
def test_what_iam_does_not_take(name: str) -> None:
    """Letters are those of ASCII."""
    assert [(id, value) for id, value, _ in _found(name)] == [("wrong-value", name)]


@pytest.mark.parametrize(("id", "problems"), [("acme/1", 0), ("caf\u00e9", 1)])
def test_an_external_id_that_sts_takes(id: str, problems: int) -> None:
    """As a name."""
    assert len(_found("acme-atlantis", f'  external_id: "{id}"\n')) == problems
