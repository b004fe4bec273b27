"""Terraform as a function: found, given a provider, bounded in time.

Two ways to give Terraform the AWS provider:

- `environment()`: Terraform starts it for each command. Right for plan and apply; some 3 s and 600 MB each.
- `shared_provider()`: one process serves all commands. For validate and for tests with mocked providers
  ONLY. The process holds a single configuration, that of the last command or alias that configured it: plans
  under it mix up accounts, regions and tags, and version constraints are not checked.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_PROVIDER = Path("registry.terraform.io/hashicorp/aws")
_IMPLIED_MIRRORS = (
    Path.home() / ".terraform.d/plugins",
    Path.home() / ".local/share/terraform/plugins",
    Path("/usr/local/share/terraform/plugins"),
    Path("/usr/share/terraform/plugins"),
)
_MIRROR_IN_RC = re.compile(r'filesystem_mirror\s*\{[^}]*?\bpath\s*=\s*"([^"]+)"')
_REATTACH = re.compile(r"TF_REATTACH_PROVIDERS='([^']+)'")
# Settings of the caller that would send a test to another place or another version of a command.
_DROPPED = ("AWS_", "TF_")
_KEPT = "TF_PLUGIN_CACHE_DIR"


@dataclass(frozen=True, slots=True)
class Completed:
    """How one command ended."""

    args: tuple[str, ...]
    status: int
    stdout: str
    stderr: str

    def check(self) -> Completed:
        """Itself if the command succeeded; AssertionError with everything it printed otherwise."""
        if self.status:
            raise AssertionError(f"{' '.join(self.args)}: status {self.status}\n{self.stdout}\n{self.stderr}")
        return self


def require_terraform() -> str:
    """The path of `terraform`. Without it, the calling test fails in CI (CI=true) and is skipped elsewhere."""
    if found := shutil.which("terraform"):
        return found
    reason = "terraform is not on PATH: install Terraform 1.10 or later to run the tests marked terraform"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def provider_mirror() -> Path | None:
    """A folder that Terraform can take the AWS provider from; None lets Terraform download it as usual.

    Looked for in SCAFFOLD_PROVIDER_MIRROR, in the CLI configuration, in the folders that Terraform itself
    looks into, and one level below /opt.
    """
    candidates = [*_configured_mirrors(), *_IMPLIED_MIRRORS, *sorted(Path("/opt").glob("*"))]
    return next((folder for folder in candidates if (folder / _PROVIDER).is_dir()), None)


def _configured_mirrors() -> Iterator[Path]:
    if named := os.environ.get("SCAFFOLD_PROVIDER_MIRROR"):
        yield Path(named)
    rc_file = Path(os.environ.get("TF_CLI_CONFIG_FILE") or Path.home() / ".terraformrc")
    if rc_file.is_file():
        yield from map(Path, _MIRROR_IN_RC.findall(rc_file.read_text(encoding="utf-8")))


def environment(folder: Path, endpoint_url: str | None = None) -> dict[str, str]:
    """The environment for Terraform, with its CLI configuration written into `folder`.

    Only what is named here reaches the provider: credentials that are none, and `endpoint_url` for every
    service, so that no test can speak to AWS.
    """
    kept = {name: value for name, value in os.environ.items() if name == _KEPT or not name.startswith(_DROPPED)}
    return kept | {
        "TF_CLI_CONFIG_FILE": str(_rc_file(folder)),
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
        "AWS_ENDPOINT_URL": endpoint_url or "http://127.0.0.1:9",  # port 9 refuses
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "2",
    }


def _rc_file(folder: Path) -> Path:
    mirror = provider_mirror()
    source = f"filesystem_mirror {{\n    path = {json.dumps(str(mirror))}\n  }}" if mirror else "direct {}"
    rc_file = folder / "terraform.rc"
    rc_file.write_text(f"provider_installation {{\n  {source}\n}}\n", encoding="utf-8")
    return rc_file


def run(args: Sequence[str], cwd: Path, env: Mapping[str, str], timeout: float = 120) -> Completed:
    """Run `terraform ARGS` in `cwd`; after `timeout` seconds it and all it started is ended, and the call raises.

    The provider retries some answers for many minutes without a word: every call needs the limit.
    """
    command = (require_terraform(), *args)
    process = subprocess.Popen(
        command, cwd=cwd, env=dict(env), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        stdout, stderr = process.communicate(timeout=timeout)
    except BaseException:
        _end_group(process)
        raise
    return Completed(command, process.returncode, stdout, stderr)


def _end_group(process: subprocess.Popen[str], grace: float = 10) -> None:
    """SIGINT lets Terraform end its providers and write its state; SIGKILL follows after `grace` seconds."""
    for sent in (signal.SIGINT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sent)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=grace)
            return


@contextlib.contextmanager
def shared_provider(env: Mapping[str, str], prepared_root: Path) -> Iterator[dict[str, str]]:
    """Start the provider of an initialised root once; yield `env` plus what makes Terraform use that process.

    For validate and mocked tests ONLY, see the module's text. The provider reads AWS settings from `env` at
    its start; what a later command sets is ignored.
    """
    binary = next((prepared_root / ".terraform/providers" / _PROVIDER).glob("*/*/terraform-provider-aws*"))
    with subprocess.Popen(
        [binary, "-debug"], env=dict(env), text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            yield {**env, "TF_REATTACH_PROVIDERS": _reattach(process)}
        finally:
            _end(process)


def _reattach(process: subprocess.Popen[str], timeout: float = 60) -> str:
    """The value that the provider prints once it serves."""
    assert process.stdout is not None
    too_late = threading.Timer(timeout, process.kill)  # ends the loop below: a killed process closes its output
    too_late.start()
    try:
        for line in process.stdout:
            if match := _REATTACH.search(line):
                return match[1]
    finally:
        too_late.cancel()
    raise RuntimeError(f"the provider ended, or printed no TF_REATTACH_PROVIDERS within {timeout} s")


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()


def prepare(folder: Path, versions: str, env: Mapping[str, str]) -> Path:
    """One ordinary `init` of a root that holds only the `versions.tf` text: it checks the constraints,
    links the provider and writes the lock file. Returns the folder, for `prepared`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "versions.tf").write_text(versions, encoding="utf-8")
    run(["init", "-backend=false", "-no-color"], folder, env).check()
    return folder


def prepared(root: Path, source: Path, env: Mapping[str, str]) -> Path:
    """Make `root` ready as `init` would, in a tenth of its time: copy from `source`, then `terraform get`.

    `source` must come from `prepare` with the same `required_providers`. Returns `root`.
    """
    shutil.copytree(source / ".terraform", root / ".terraform", symlinks=True, dirs_exist_ok=True)
    shutil.copy2(source / ".terraform.lock.hcl", root)
    run(["get", "-no-color"], root, env).check()
    return root


def plan_json(root: Path, env: Mapping[str, str]) -> dict[str, Any]:
    """Plan `root` with a provider of its own and return what `terraform show -json` says about the plan.

    `env` must come from `environment`, not from `shared_provider`.
    """
    run(["plan", "-no-color", "-out=plan.bin"], root, env).check()
    shown: dict[str, Any] = json.loads(run(["show", "-json", "plan.bin"], root, env).check().stdout)
    return shown


def validate_json(root: Path, env: Mapping[str, str]) -> list[dict[str, Any]]:
    """The diagnostics of `terraform validate`, errors and warnings, in the order of their text."""
    answer = json.loads(run(["validate", "-json"], root, env).stdout)
    diagnostics: list[dict[str, Any]] = answer["diagnostics"]
    return sorted(diagnostics, key=lambda d: (d["summary"], d.get("detail", "")))
