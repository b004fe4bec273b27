"""The README's command blocks, which are run as a reader would: in order, any failing line a failure."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from tests.support.cli import REPOSITORY

README = (REPOSITORY / "README.md").read_text()
BLOCKS: list[str] = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
MAKE = [block for block in BLOCKS if block.startswith("make ")]
TOUR = [block for block in BLOCKS if not block.startswith("make ")]


def environment(programs: Path, home: Path) -> dict[str, str]:
    """An empty home, a git identity that is nobody's, and `scaffold` on a PATH that has neither Terraform nor settings of AWS."""
    names = {f"GIT_{who}_{what}": "reader@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return {**names, "PATH": f"{programs}:/usr/bin:/bin", "HOME": str(home), "GIT_CONFIG_GLOBAL": os.devnull, "LANG": "C.UTF-8"}


def take_the_tour(programs: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run all blocks but those of make, with the `scaffold` that lies among these programs."""
    script = "set -eu\n" + "\n".join(TOUR)
    env = environment(programs, folder)
    return subprocess.run(["bash", "-c", script], cwd=folder, env=env, capture_output=True, text=True, check=False)
