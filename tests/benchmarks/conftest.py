"""Benchmarks run on request: `make bench`."""

from __future__ import annotations

import gc
import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from generator.cli.main import collected_seldom
from generator.report.text import table
from tests.benchmarks.landing_zones import populated


@pytest.fixture(autouse=True)
def _on_request(pytestconfig: pytest.Config) -> None:
    if not pytestconfig.getoption("--benchmarks"):
        pytest.skip("benchmarks run with --benchmarks (make bench)")


@pytest.fixture
def as_in_a_command() -> Iterator[None]:
    """Cycles are looked for as seldom as while a command runs."""
    with collected_seldom():
        yield


Ratio = Callable[..., None]
"""ratio(what, measured, measure, most=…) or (…, least=…): print how often `measure` goes into `measured`, and hold it to the goal."""


Memory = Callable[[str, float, float], None]
"""memory(what, peak, most): the same for a peak in MiB."""
_Row = tuple[str, str, str, str, str]
_MEASURED = pytest.StashKey[list[_Row]]()


@pytest.fixture
def ratio(pytestconfig: pytest.Config) -> Ratio:
    """Keeps a ratio beside its goal for the table at the end, and fails where the goal is missed."""

    def said(what: str, measured: float, measure: float, *, most: float | None = None, least: float | None = None) -> None:
        found = measured / measure
        goal = f"at most {most:.3g}" if most is not None else f"at least {least:.3g}"
        is_met = (most is None or found <= most) and (least is None or found >= least)
        _keep(pytestconfig, what, f"{found:.3g}", goal, is_met, f"{measured * 1000:.1f} ms against {measure * 1000:.1f} ms")

    return said


@pytest.fixture
def memory(pytestconfig: pytest.Config) -> Memory:
    """Keeps a peak of memory beside its goal, likewise."""
    return lambda what, peak, most: _keep(pytestconfig, what, f"{peak:.0f} MB", f"at most {most:.0f} MB", peak <= most, "")


def _keep(config: pytest.Config, what: str, found: str, goal: str, is_met: bool, detail: str) -> None:
    config.stash.setdefault(_MEASURED, []).append((what, found, goal, "met" if is_met else "MISSED", detail))
    assert is_met, f"{what}: {found}, which should be {goal} ({detail})"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """One table of everything that was measured, against the goals."""
    rows = config.stash.get(_MEASURED, [])
    if rows:
        terminalreporter.section("measured, against the goals")
        terminalreporter.write_line(table(("what", "measured", "goal", "", ""), rows))


def fastest(work: Callable[[], object], repeats: int) -> float:
    """Seconds of the fastest of several runs: what the program takes, not what its neighbours take, nor what they left behind."""
    (found,) = fastest_of((work,), repeats)
    return found


def fastest_of(works: Sequence[Callable[[], object]], repeats: int) -> list[float]:
    """The same for several, in turns: a machine that is slow for a second is slow for each of them."""
    times: list[list[float]] = [[] for _ in works]
    gc.collect()
    gc.freeze()
    try:
        for _, (work, taken) in itertools.product(range(repeats), list(zip(works, times, strict=True))):
            begin = time.perf_counter()
            work()
            taken.append(time.perf_counter() - begin)
    finally:
        gc.unfreeze()
    return [min(taken) for taken in times]


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
