"""What the root modules below `bootstrap/` decide and refuse, by `terraform test` with mocked AWS."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support import bootstrap, cli, module_tests, terraform

pytestmark = pytest.mark.terraform

FILES = Path(__file__).parent / "bootstrap"
SECRET = "arn:aws:secretsmanager:us-east-1:333333333333:secret:pagerduty-AbCdEf"
KEY = "kms_key: alias/terraform-state}"
# test file -> where it runs, and how scaffold.yaml differs there
CASES: Mapping[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "platform": ("platform", ()),
    "lock_table": (
        "platform",
        (
            (KEY, "lock_table: locks}"),
            ("stacks: [network, ecr]", f'stacks: [network, ecr]\nalerts: {{critical: {{secret_arn: "{SECRET}"}}}}'),
        ),
    ),
    "foreign_key": ("platform", ((KEY, 'kms_key: "arn:aws:kms:us-east-1:333333333333:key/0a1b2c3d-1111-4222-8333-444455556666"}'),)),
    "management": ("management", ()),
    "reader": ("modules/reader", ()),
    "alerts": ("modules/alerts", ()),
}
RUNS = [(case, run) for case in CASES for run in module_tests.runs_of(FILES / f"{case}.tftest.hcl")]

Verdicts = Mapping[str, Mapping[str, tuple[str, str]]]


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """For each case its root, in a landing zone of its own."""
    fresh = bootstrap.landing_zone(tmp_path_factory.mktemp("bootstrap") / "zone")
    tops = {case: bootstrap.without_backend(fresh.root, fresh.root.parent / case, *said) for case, (_, said) in CASES.items()}
    return {case: top / CASES[case][0] for case, top in tops.items()}


@pytest.fixture(scope="module")
def verdicts(roots: Mapping[str, Path], initialised: Path, validate_env: dict[str, str]) -> Verdicts:
    """How each run of each case ended."""
    return {case: module_tests.verdicts_of(root, [FILES / f"{case}.tftest.hcl"], initialised, validate_env) for case, root in roots.items()}


@pytest.mark.parametrize(("case", "run"), RUNS)
def test_the_root_decides(verdicts: Verdicts, case: str, run: str) -> None:
    """Runs of `bootstrap/*.tftest.hcl`."""
    assert verdicts[case][run] == ("pass", "")


@pytest.mark.parametrize("case", ["lock_table", "management"])
def test_each_root_validates_without_a_warning(
    case: str, roots: Mapping[str, Path], verdicts: Verdicts, validate_env: dict[str, str]
) -> None:
    """Nothing of it is deprecated, the table of locks included."""
    assert verdicts[case]  # which made it ready
    assert terraform.validate_json(roots[case], validate_env) == []


def test_everything_is_formatted(tf_env: dict[str, str], tmp_path: Path) -> None:
    """As `init` writes it, and as `sync` writes it for one region and for two."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        cli.must(tmp_path / name, "init")
    bootstrap.add_region(tmp_path / "two")
    shutil.rmtree(tmp_path / "two/bootstrap/modules")

    result = terraform.run(["fmt", "-check", "-diff", "-recursive"], tmp_path, tf_env)

    assert (result.status, result.stdout) == (0, "")
    assert "eu_west_1" in (tmp_path / "two/bootstrap/platform/regions.tf").read_text()
