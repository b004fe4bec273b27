"""The how-to of `skeletons/README.md`: its commands are run in order, as somebody would who makes a first skeleton."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from generator.stacks import own
from tests.support import cli
from tests.support.own_skeletons import ROOT, below, queue

README = (cli.REPOSITORY / "skeletons/README.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def _keys(heading: str) -> list[str]:
    """The first column of the table below a heading."""
    section = README.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def test_the_how_to_makes_a_skeleton_from_nothing(tmp_path: Path) -> None:
    """Any failing line fails the test; in the end the stack calls the second version."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    script = 'set -eu\nscaffold() { "$PYTHON" -m generator "$@"; }\n' + "\n".join(BLOCKS)
    environment = cli.environment(PATH=path, HOME=str(tmp_path), PYTHON=sys.executable)

    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    root = tmp_path / "landing-zone"
    stack = root / "stacks/dev-ml/us-east-1/queue-jobs/main.tf"
    assert stack.read_text() == ('module "queue" {\n  source = "../../../../modules/queue/1.1.0"\n\n  name = "jobs"\n  keep_days = 1\n}\n')
    assert "output that is new: url" in done.stdout and "1 outdated" in done.stdout


def test_the_tables_name_what_there_is() -> None:
    """Of `_scaffold`, every word that is read."""
    assert sorted(_keys("What `_scaffold` says")) == sorted(own.FIELDS)


def test_every_key_of_the_table_is_filled_in(tmp_path: Path) -> None:
    """With something else than its default; all of them in one skeleton."""
    keys = _keys("What a template is given")
    files = queue(None, **dict.fromkeys(keys, "unfilled"))
    document = json.loads(files["cookiecutter.json"])
    document["_scaffold"]["inputs"].pop("production")
    files["cookiecutter.json"] = json.dumps(document).encode()
    files[f"{ROOT}/outputs.tf"] = "".join(f"# {key}: {{{{ cookiecutter.{key} }}}}\n" for key in keys).encode()
    cli.must(tmp_path, "init")
    cli.written(tmp_path, below("skeletons/queue", files))

    cli.must(tmp_path, "account", "dev-ml", "--owner", "ml-platform", "--with", "queue:mail")

    written = (tmp_path / "stacks/dev-ml/us-east-1/queue-mail/outputs.tf").read_text()
    assert len(keys) == len(written.splitlines()) > 5 and "unfilled" not in written
