"""`scaffold init --from` on folders that other people wrote: what it prints, and the `scaffold.yaml` that it writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support import cli, sixty, styles

HERE = Path(__file__).parent / "observed"


def _style(name: str) -> dict[str, bytes]:
    return {f"terraform/{path}": content for path, content in styles.files(name).items()}


CASES: Mapping[str, Mapping[str, bytes]] = {
    "one-file": _style("one-file"),
    "mixed": _style("mixed"),
    "broken": _style("broken"),
    "sixty": {**sixty.files(), "terraform/half.tf": sixty.BROKEN},
}


def _zone(root: Path, name: str) -> tuple[Path, cli.Outcome]:
    cli.written(root / "aft-account-request", CASES[name])
    zone = root / "zone"
    zone.mkdir()
    return zone, cli.run(zone, "init", "--from", "../aft-account-request")


@pytest.mark.parametrize("name", CASES)
def test_what_it_says_and_what_it_writes(name: str, tmp_path: Path, update_golden: bool) -> None:
    """The whole of both, and of what lint finds afterwards: near-misses and broken rules, nothing else."""
    zone, done = _zone(tmp_path, name)
    linted = cli.run(zone, "lint")
    printed = f"$ scaffold init --from ../aft-account-request\n{done.out}{done.err}status {done.status}\n"
    printed += f"\n$ scaffold lint\n{linted.out}{linted.err}status {linted.status}\n"
    written = (zone / "scaffold.yaml").read_text(encoding="utf-8")
    if update_golden:
        (HERE / f"{name}.txt").write_text(printed, encoding="utf-8")
        (HERE / f"{name}.yaml").write_text(written, encoding="utf-8")

    assert (HERE / f"{name}.txt").read_text(encoding="utf-8") == printed
    assert (HERE / f"{name}.yaml").read_text(encoding="utf-8") == written


def test_every_golden_file_has_a_case() -> None:
    """One that nobody reads would pass for ever."""
    assert {path.name for path in HERE.iterdir()} == {f"{name}.{end}" for name in CASES for end in ("txt", "yaml")}
