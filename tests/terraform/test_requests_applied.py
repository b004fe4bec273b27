"""Request folders in the styles that people write, applied by Terraform: the rows of AFT's table are what we read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest

from generator.accounts.model import Request
from tests.support import styles, terraform
from tests.support.root_modules import SKELETONS

pytestmark = pytest.mark.terraform

REQUEST_MODULE = SKELETONS / "landing-zone/{{cookiecutter.directory}}/aft-account-request/terraform/modules/aft-account-request"
TABLE = "aft-request"
PROVIDER = 'provider "aws" {\n  region = "us-east-1"\n}\n'
APPLIED = tuple(style for style in styles.STYLES if style != "broken")


def _write(style: str, folder: Path) -> None:
    """The folder, with AFT's module in its place."""
    for path, content in styles.files(style).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    shutil.copytree(REQUEST_MODULE, folder / "modules/aft-account-request", dirs_exist_ok=True)


def _table(moto_url: str) -> Any:
    """AFT's table of requests, empty."""
    session = boto3.Session("testing", "testing", region_name="us-east-1")
    return session.resource("dynamodb", endpoint_url=moto_url).create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


@pytest.fixture(scope="module")
def rows(moto_url: str, tf_env: Mapping[str, str], initialised: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """Every row by its id, after one apply of all folders: each is a module of one root, which changes no value of theirs."""
    root = tmp_path_factory.mktemp("requests")
    for style in APPLIED:
        _write(style, root / style)
    calls = (f'module "{style}" {{\n  source = "./{style}"\n}}\n' for style in APPLIED)
    (root / "main.tf").write_text(PROVIDER + "".join(calls))
    terraform.prepared(root, initialised, tf_env)
    table = _table(moto_url)
    terraform.run(["apply", "-auto-approve", "-no-color", "-parallelism=20"], root, tf_env, timeout=300).check()
    found = table.scan()["Items"]
    return {row["id"]: {**row, **{name: json.loads(row[name]) for name in ("account_tags", "custom_fields")}} for row in found}


def _row(request: Request) -> Mapping[str, Any]:
    """What AFT's module writes of a request: tags and fields as JSON text."""
    return {
        "id": request.control_tower["AccountEmail"],
        "control_tower_parameters": dict(request.control_tower),
        "change_management_parameters": dict(request.change),
        "account_tags": dict(request.tags),
        "custom_fields": dict(request.custom_fields),
        "account_customizations_name": request.customizations,
    }


@pytest.mark.parametrize("style", APPLIED)
def test_the_rows_of_a_folder_are_what_we_read(style: str, rows: Mapping[str, Any]) -> None:
    """Field by field."""
    ours = [_row(record.request) for record in styles.reading(style).records]

    assert ours and [rows.get(row["id"]) for row in ours] == ours


def test_no_row_is_missing_in_what_we_read(rows: Mapping[str, Any]) -> None:
    """An account that we do not see is worse than one that we see wrongly."""
    ours = [str(record.request.control_tower["AccountEmail"]) for style in APPLIED for record in styles.reading(style).records]

    assert sorted(ours) == sorted(rows)
