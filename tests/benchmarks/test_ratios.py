"""The goals of the design, one benchmark each."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hcl2
import pytest

from generator.accounts import add
from generator.accounts.add import Spec
from generator.accounts.read import read_folder
from generator.accounts.write import path
from generator.accounts.write import write as write_request
from generator.cli.workspace import bundled, today
from generator.files import File, FileSet, Kind, MemoryTree
from generator.landing_zone.add import Wanted
from generator.landing_zone.add import account as decide
from generator.landing_zone.load import load
from generator.repository import changes, write
from generator.repository.worktree import WorkTree
from generator.stacks.model import Stack
from generator.stacks.render import WAITING_ID, Facts, NetworkFacts, data_file
from tests.benchmarks.conftest import Memory, Ratio, fastest, fastest_of, write_raw
from tests.benchmarks.landing_zones import requests
from tests.support import cli
from tests.support.root_modules import render

Zones = Callable[[int], Path]
STACK_PARTS = ("network", "ecr", "root-module", "root-module")


def _spawn(*command: str, cwd: Path) -> Callable[[], object]:
    """Runs a process; its modules are compiled by the first run, as those of an installed program are."""
    env = cli.environment(PYTHONPYCACHEPREFIX=f"{cwd}.compiled", PYTHONDONTWRITEBYTECODE="")

    def work() -> object:
        return subprocess.run(command, cwd=cwd, env=env, capture_output=True, check=False)

    return work


class _OneAccount:
    """The files of one account after another, in a warm process."""

    numbers = itertools.count()

    def __init__(self, root: Path) -> None:
        self.root, self.tree = root, WorkTree(root)
        self.zone = load(self.tree, bundled(), today())
        self.last = FileSet()
        self.command()  # the modules, which a later account finds in place

    def _name(self) -> str:
        return f"prod-new{next(self.numbers)}"

    def command(self) -> None:
        """As the command does it: every rule checked, what follows from the account found, then rendered and written."""
        self.last = decide(self.zone, Wanted(Spec(self._name(), {"owner": "web"}))).files
        write.apply(self.tree, changes.compare(self.last, self.tree))

    def render_and_write(self) -> None:
        """The request, and all files of its two stacks, through the writer that stages, keeps a journal and renames."""
        name, renderer, organization = self._name(), self.zone.renderer, self.zone.organization
        request = add.request(Spec(name, {"owner": "web"}), organization, ())
        files = {path(name): File(write_request(request).encode(), Kind.RECORD)}
        for stack in (Stack(name, "us-east-1", "network", network=name), Stack(name, "us-east-1", "ecr")):
            network = NetworkFacts(name, "10.0.0.0/20") if stack.network else None
            data = data_file(stack, Facts(name, WAITING_ID, "prod", {"owner": "web"}), network, organization)
            files |= renderer.seeds(stack, name, True) | renderer.managed(stack)
            files[f"{stack.directory}/account.tf.json"] = File(data, Kind.MANAGED)
        self.last = FileSet.of(files)
        write.apply(self.tree, changes.compare(self.last, self.tree))

    def raw(self) -> None:
        """The same bytes, just written."""
        write_raw(self.root / self._name(), {name: file.body for name, file in self.last.files.items()})


def test_one_account_against_raw_writes(zones: Zones, ratio: Ratio) -> None:
    """In process: rendering, comparing, staging and renaming cost no more than the disk does a few times over."""
    one = _OneAccount(zones(10))

    writing, raw = fastest_of((one.render_and_write, one.raw), 200)
    ratio("one account rendered and written, against raw writes", writing, raw, most=5)


def test_one_account_against_cookiecutter(zones: Zones, ratio: Ratio, tmp_path: Path) -> None:
    """In process: the same stacks by cookiecutter's own engine, and by ours with plain writes as cookiecutter does them."""
    one, number = _OneAccount(zones(10)), itertools.count()

    def ours() -> None:
        folder = tmp_path / f"{next(number)}"
        for skeleton in STACK_PARTS:
            rendered = one.zone.renderer.skeletons.render(skeleton, {})
            write_raw(folder, {name: body if isinstance(body, bytes) else body.encode() for name, body in rendered.items()})

    def theirs() -> None:
        for skeleton in STACK_PARTS:
            render(skeleton, tmp_path / f"{next(number)}", {})

    slow = fastest(theirs, 5)
    ratio("cookiecutter, against the same rendered and written by our engine", slow, fastest(ours, 60), least=40)


def test_sync_check_of_a_thousand_accounts(zones: Zones, ratio: Ratio) -> None:
    """In process: finding that there is nothing to do is little more than reading the files."""
    root = zones(1000)
    files = [root / "inventory.json", *root.glob("aft-account-request/terraform/*.tf"), *root.glob("stacks/*/*/*/*")]
    known = {str(file): file.read_bytes() for file in files}

    def read() -> None:
        for name, content in known.items():
            with open(name, "rb") as file:  # noqa: PTH123  # pathlib would make the measure slower
                assert file.read() == content

    assert cli.must(root, "sync", "--check").out.startswith("Nothing to do")

    checking, reading = fastest_of((lambda: cli.must(root, "sync", "--check"), read), 9)
    ratio("sync --check of 1,000 accounts", checking, reading, most=4)


def test_help(tmp_path: Path, ratio: Ratio) -> None:
    """A process each: what somebody waits for who has forgotten an option."""
    script = str(Path(sys.executable).parent / "scaffold")
    helping, bare = fastest_of([_spawn(*call, cwd=tmp_path) for call in ((script, "--help"), (sys.executable, "-c", "pass"))], 40)

    ratio("scaffold --help", helping, bare, most=5)


def test_an_account_among_a_thousand(zones: Zones, ratio: Ratio) -> None:
    """A process each, with --check so that every run does the same work."""
    call = cli.command("account", "prod-new", "--owner", "web", "--check")
    many, few = fastest_of([_spawn(*call, cwd=zones(number)) for number in (1000, 10)], 7)

    ratio("scaffold account with 1,000 accounts, against 10", many, few, most=3)


@pytest.mark.usefixtures("as_in_a_command")
def test_reading_canonical_requests(zones: Zones, ratio: Ratio) -> None:
    """In process: 10,000 requests by our reader, against python-hcl2 on 100 of them, a hundred times."""
    found = requests(zones(10), 10_000)
    sample = [content.decode() for content in list(found.values())[:100]]
    hcl2.loads(sample[0])

    def theirs() -> list[Any]:
        return [hcl2.loads(source) for source in sample]

    ours = fastest(lambda: read_folder(MemoryTree(found)), 3)

    ratio("reading 10,000 canonical requests, against python-hcl2", ours, 100 * fastest(theirs, 2), most=1 / 50)


_PEAK = """
import pathlib, sys
from generator.cli.main import main
status = main(["sync", "--check"])
print(*(line for line in pathlib.Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")), file=sys.stderr)
sys.exit(status)
"""
"""The program, and its peak as the kernel counts it. `getrusage` would count the process that started it, too."""


def test_peak_memory_at_ten_thousand_accounts(zones: Zones, memory: Memory) -> None:
    """A process of its own: `sync --check`, which holds every account and compares every file."""
    root = zones(10_000)
    done = subprocess.run([sys.executable, "-c", _PEAK], cwd=root, env=cli.environment(), capture_output=True, text=True, check=True)

    memory("peak memory of sync --check at 10,000 accounts", int(done.stderr.split()[-2]) / 1024, 500)
