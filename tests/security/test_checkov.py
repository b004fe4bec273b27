"""Nothing that is written fails a check, but for what `accepted.yaml` says, with a reason.

Checks vanish without a word where a value cannot be resolved, so plans are scanned rather than HCL, and the number of
passed checks of each kind may not fall. `make security` runs this; checkov pins old libraries, so it has its own environment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.security.conftest import KINDS, TEMPLATE, Checked, results
from tests.support.root_modules import SKELETONS

TABLE = Path(__file__).parent / "accepted.yaml"
MODULES = sorted(path.parent.name for path in SKELETONS.glob("*/module"))
MOST_ROWS = 20


@pytest.fixture(scope="module")
def table(update_golden: bool, checked: Checked) -> Mapping[str, Any]:
    """The committed table; with --update-golden the numbers of passed checks are those of this run."""
    said: dict[str, Any] = yaml.safe_load(TABLE.read_text())
    if update_golden:
        said["passed"] = {kind: passed for kind, (_, passed) in checked.items()}
        head = TABLE.read_text().partition("\npassed:")[0]
        TABLE.write_text(head + "\n" + yaml.safe_dump({"passed": said["passed"]}, sort_keys=True))
    return said


def _matches(row: Mapping[str, str], kind: str, failed: tuple[str, str]) -> bool:
    return row["check"] == failed[0] and fnmatchcase(kind, row["kind"]) and fnmatchcase(failed[1], row["resource"])


@pytest.mark.parametrize("kind", [*KINDS, TEMPLATE])
def test_nothing_that_is_planned_fails_a_check(checked: Checked, table: Mapping[str, Any], kind: str) -> None:
    """But for the accepted ones; and no fewer checks pass than before."""
    failed, passed = checked[kind]

    assert [each for each in failed if not any(_matches(row, kind, each) for row in table["accepted"])] == []
    assert passed >= table["passed"][kind] > 0


def test_every_row_is_needed(checked: Checked, table: Mapping[str, Any]) -> None:
    """A row that matches nothing would hide what comes later; each says why."""
    rows = table["accepted"]
    failed = [(kind, each) for kind, (found, _) in checked.items() for each in found]

    assert [row for row in rows if not any(_matches(row, *each) for each in failed)] == []
    assert len(rows) < MOST_ROWS and all(len(row["reason"].split()) > 4 for row in rows)


@pytest.mark.parametrize("module", MODULES)
def test_the_text_of_a_module_fails_no_check(checkov: Callable[..., Any], table: Mapping[str, Any], module: str) -> None:
    """What can be told without values."""
    failed, passed = results(checkov("--directory", str(SKELETONS / module / "module"), "--framework", "terraform"))

    kind = re.escape(module)
    left = [each for each in failed if not any(_matches({**row, "kind": "*"}, kind, each) for row in table["accepted"])]
    assert left == [] and passed > 0


def test_nothing_is_skipped_in_the_text() -> None:
    """The table is the only place."""
    files = [path for path in SKELETONS.rglob("*") if path.is_file()]

    assert [path for path in files if b"checkov:skip" in path.read_bytes() or b"bridgecrew:skip" in path.read_bytes()] == []
