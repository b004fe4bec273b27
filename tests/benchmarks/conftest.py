"""Benchmarks run on request: `make bench`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.benchmarks.landing_zones import populated


@pytest.fixture(autouse=True)
def _on_request(pytestconfig: pytest.Config) -> None:
    if not pytestconfig.getoption("--benchmarks"):
        pytest.skip("benchmarks run with --benchmarks (make bench)")


Ratio = Callable[..., None]
"""ratio(what, measured, measure, most=…) or (…, least=…): print how often `measure` goes into `measured`, and hold it to the goal."""


@pytest.fixture
def ratio() -> Ratio:
    """Prints a ratio beside its goal, and fails where the goal is missed."""

    def said(what: str, measured: float, measure: float, *, most: float | None = None, least: float | None = None) -> None:
        found = measured / measure
        goal = f"at most {most:g}" if most is not None else f"at least {least:g}"
        print(f"\n{what}: {found:.3g} (goal: {goal}; {measured * 1000:.1f} ms against {measure * 1000:.1f} ms)", end="")
        assert most is None or found <= most
        assert least is None or found >= least

    return said


def fastest(work: Callable[[], object], repeats: int) -> float:
    """Seconds of the fastest of several runs: what the program takes, not what its neighbours take."""
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


@pytest.fixture(scope="session")
def zones(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """zones(number): a landing zone with so many accounts, two stacks each; made once."""
    made: dict[int, Path] = {}

    def zone(number: int) -> Path:
        if number not in made:
            made[number] = populated(tmp_path_factory.mktemp(f"accounts-{number}"), number)
        return made[number]

    return zone


def write_raw(root: Path, files: Mapping[str, bytes]) -> None:
    """The least that writing files can be: directories, open, write, close."""
    made = set()
    for name, content in files.items():
        folder = name.rpartition("/")[0]
        if folder not in made:
            made.add(folder)
            (root / folder).mkdir(parents=True, exist_ok=True)
        with open(f"{root}/{name}", "wb") as file:  # noqa: PTH123  # pathlib would make the measure slower
            file.write(content)
