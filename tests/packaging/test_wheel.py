"""The wheel: what is in it, and that it works alone, in an environment that knows nothing of this checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support import cli
from tests.support.readme import take_the_tour

PROJECT = "aft-scaffold"
_PIN = re.compile(r"([A-Za-z0-9._-]+)==")


def _run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built once."""
    folder = tmp_path_factory.mktemp("wheel")
    done = _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, cwd=cli.REPOSITORY)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


def _runtime() -> set[str]:
    """The names of everything the program needs, without what only its tests need."""
    found: set[str] = set()
    waiting = [PROJECT]
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in found:
            found.add(name)
            waiting += [need.name for need in map(Requirement, metadata.requires(name) or ()) if _wanted(need)]
    return found - {PROJECT}


def _wanted(need: Requirement) -> bool:
    return need.marker is None or need.marker.evaluate({"extra": ""})


def _locked(names: set[str]) -> Iterator[str]:
    """The lines of the lock file for these packages, hashes included."""
    keep = False
    for line in (cli.REPOSITORY / "requirements.lock").read_text().splitlines():
        pin = _PIN.match(line)
        keep = canonicalize_name(pin[1]) in names if pin else keep
        if keep and not line.lstrip().startswith("#"):
            yield line


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `scaffold` of an environment that holds the wheel and its locked dependencies, and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "venv")
    lock = folder / "runtime.lock"
    lock.write_text("\n".join(_locked(_runtime())) + "\n")
    pip = (sys.executable, "-m", "pip", "--python", folder / "venv/bin/python", "install", "--quiet", "--disable-pip-version-check")
    fetched = _run(*pip, "--require-hashes", "-r", lock, cwd=folder)
    if fetched.returncode and not os.environ.get("CI"):
        pytest.skip("the locked dependencies could not be fetched")
    assert fetched.returncode == 0, fetched.stderr
    done = _run(*pip, "--no-deps", wheel, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "venv/bin/scaffold"


def test_it_holds_the_program_the_skeletons_and_the_examples(wheel: Path) -> None:
    """Every committed file of the three, dot files included, and no test."""
    inside = set(zipfile.ZipFile(wheel).namelist())
    homes = {"generator/": "generator/", "skeletons/": "generator/_skeletons/", "examples/": "generator/_examples/"}
    tracked = cli.git(cli.REPOSITORY, "ls-files", "-z", *homes).split("\0")[:-1]
    wanted = {home + path.removeprefix(top) for path in tracked for top, home in homes.items() if path.startswith(top)}

    assert len(wanted) > 100 and wanted <= inside
    assert not any(name.startswith(("tests/", "skeletons/")) or "__pycache__" in name for name in inside)


def test_it_says_what_it_is(wheel: Path) -> None:
    """Licence, version and the one console script."""
    archive = zipfile.ZipFile(wheel)
    folder = next(name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name)

    assert f"{folder}/licenses/LICENSE" in archive.namelist()
    assert archive.read(f"{folder}/entry_points.txt").decode().split() == ["[console_scripts]", "scaffold", "=", "generator.__main__:run"]
    assert "Requires-Python: >=3.11" in archive.read(f"{folder}/METADATA").decode()


def test_its_parts_are_all_declared(wheel: Path) -> None:
    """Whatever the program imports from elsewhere comes with it."""
    named = _runtime()

    assert {"boto3", "click", "cookiecutter", "jinja2", "python-hcl2", "pyyaml"} <= named
    assert named == {canonicalize_name(match[1]) for line in _locked(named) if (match := _PIN.match(line))}


def test_the_readme_works_with_it_alone(installed: Path, tmp_path: Path) -> None:
    """Every command of the README, in an empty home, without this checkout, Terraform and AWS."""
    done = take_the_tour(installed.parent, tmp_path)

    assert done.returncode == 0, done.stderr
    for name in ("aft-account-request/terraform/prod-ml.tf", "stacks/prod-ml/us-east-1/network/main.tf", "modules/ecr/1.0.0/key.tf"):
        assert (tmp_path / "landing-zone" / name).is_file()


def test_it_reads_a_request_that_somebody_else_wrote(installed: Path, tmp_path: Path) -> None:
    """python-hcl2 and what it needs are there as well; text beyond ASCII too."""
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "LANG": "C.UTF-8"}
    _run(installed, "init", tmp_path / "zone", cwd=tmp_path, env=env)
    _run(installed, "account", "prod-ml", "--owner", "ml-platform", "--reason", "für später", cwd=tmp_path / "zone", env=env)
    request = tmp_path / "zone/aft-account-request/terraform/prod-ml.tf"
    request.write_text("# ours\n" + request.read_text())

    listed = _run(installed, "accounts", cwd=tmp_path / "zone", env=env)

    assert listed.returncode == 0 and "prod-ml" in listed.stdout, listed.stderr


def test_its_version_is_one(installed: Path, tmp_path: Path) -> None:
    """What the program says, the package says."""
    said = _run(installed, "--version", cwd=tmp_path).stdout

    assert metadata.version(PROJECT) in said
