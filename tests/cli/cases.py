"""Case files: command lines for `scaffold account`, and edits of files: of the `scaffold.yaml` that `init` writes, and of whole zones.

Both start with a comment that says what is wrong. An edit has lines to take out (`- `) and to put in their place (`+ `).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"


def names(kind: str) -> list[str]:
    """The cases of a kind, `account` or `yaml`."""
    return sorted(path.stem for path in (HERE / "cases" / kind).glob("*.txt"))


def body(kind: str, name: str) -> list[str]:
    """The lines of a case, without its comment."""
    comment, *lines = (HERE / "cases" / kind / f"{name}.txt").read_text().splitlines()
    assert comment.startswith("# ") and lines, f"{kind}/{name} says nothing"
    return lines


def edited(document: str, name: str) -> str:
    """The document with the edits of a case made."""
    for old, new in hunks(body("yaml", name)):
        assert document.count(old) == 1, f"{name}: {old!r} stands {document.count(old)} times"
        document = document.replace(old, new)
    return document


def hunks(lines: list[str]) -> Iterator[tuple[str, str]]:
    """What goes and what comes, for each run of `- ` lines followed by `+ ` lines."""
    old, new = "", ""
    for line in lines:
        if line.startswith("- ") and new:
            yield old, new
            old, new = "", ""
        if line.startswith("- "):
            old += f"{line[2:]}\n"
        else:
            assert line.startswith("+ "), line
            new += f"{line[2:]}\n"
    yield old, new


def apply(root: Path, kind: str, name: str) -> None:
    """Make the edits of a case whose files are named, each by a line `@ PATH`: changed, created, or deleted where no line follows."""
    files: dict[str, list[str]] = {}
    for line in body(kind, name):
        if line.startswith("@ "):
            path = line[2:]
            files[path] = []
        else:
            files[path].append(line)
    for path, lines in files.items():
        place = root / path
        if not lines:
            place.unlink()
            for folder in place.parents:
                if folder == root or any(folder.iterdir()):
                    break
                folder.rmdir()
        elif any(line.startswith("- ") for line in lines):
            content = place.read_text()
            for old, new in hunks(lines):
                assert content.count(old) == 1, f"{name}: {old!r} stands {content.count(old)} times in {path}"
                content = content.replace(old, new)
            place.write_text(content)
        else:
            assert not place.exists(), f"{name}: {path} is there"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text("".join(f"{line[2:]}\n" for line in lines))
