"""GitHub's `gh` as far as the workflows call it, over a JSON file: comments, pull requests and issues of one repository.

Run by the workflows' shell as a program of its own; what it cannot answer is an error. `--jq` is not evaluated: each
expression has its meaning here, and a test compares the two with the real jq.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Items = list[dict[str, Any]]
_ALONE = ("--paginate", "--silent")
_MARKER = "<!-- scaffold:summary -->"
_BOT = "github-actions[bot]"
EMPTY: Mapping[str, Any] = {"comments": [], "pulls": [], "issues": [], "calls": [], "tokens": []}


def _comments(items: Items) -> list[Any]:
    return [item["id"] for item in items if item["user"]["login"] == _BOT and item["body"].startswith(_MARKER)]


def _branches(items: Items) -> list[Any]:
    names = [item["headRefName"] for item in items if not item["isCrossRepository"]]
    return [next((name for name in names if name.startswith("scaffold/sync-")), "")]


def _issue(items: Items) -> list[Any]:
    return [next((item["number"] for item in items if item["title"] == "scaffold sync needs a person"), "")]


MEANINGS: Mapping[str, Callable[[Items], list[Any]]] = {
    '.[] | select(.user.login == "github-actions[bot]" and (.body | startswith("<!-- scaffold:summary -->"))) | .id': _comments,
    '[.[] | select(.isCrossRepository | not).headRefName | select(startswith("scaffold/sync-"))] | first // ""': _branches,
    '[.[] | select(.title == "scaffold sync needs a person").number] | first // ""': _issue,
    ".[].number": lambda items: [item["number"] for item in items],
}


def read() -> dict[str, Any]:
    """What GitHub holds."""
    file = Path(os.environ["FAKE_GITHUB"])
    found: dict[str, Any] = json.loads(file.read_text() if file.exists() else json.dumps(EMPTY))
    return found


def _parse(arguments: list[str]) -> tuple[list[str], dict[str, str]]:
    words, options, rest = [], {}, iter(arguments)
    for word in rest:
        if not word.startswith("--"):
            words.append(word)
        else:
            options[word] = "" if word in _ALONE else next(rest)
    return words, options


def _text(options: Mapping[str, str]) -> str:
    file = options["--body-file"] if "--body-file" in options else options["--field"].removeprefix("body=@")
    return Path(file).read_text()


def _api(state: dict[str, Any], words: list[str], options: Mapping[str, str]) -> Items:
    path, method = words[0].partition("?")[0], options.get("--method", "GET")
    comments: Items = state["comments"]
    if method == "POST":
        comments.append({"id": len(comments) + 1, "user": {"login": _BOT}, "body": _text(options), "at": path})
    if method == "PATCH":
        (found,) = [item for item in comments if item["id"] == int(path.rpartition("/")[2])]
        found["body"] = _text(options)
    return comments


def _pr(state: dict[str, Any], words: list[str], options: Mapping[str, str]) -> Items:
    pulls: Items = state["pulls"]
    if words[0] == "create":
        new = {"headRefName": options["--head"], "isCrossRepository": False, "number": len(pulls) + 1}
        pulls.append({**new, "title": options["--title"], "body": _text(options)})
    if words[0] == "edit":
        (found,) = [item for item in pulls if item["headRefName"] == words[1]]
        found["body"] = _text(options)
    return [item for item in pulls if options.get("--head", item["headRefName"]) == item["headRefName"]]


def _issues(state: dict[str, Any], words: list[str], options: Mapping[str, str]) -> Items:
    issues: Items = state["issues"]
    if words[0] == "create":
        issues.append(
            {"number": len(issues) + 1, "title": options["--title"], "body": _text(options), "app": "acme-scaffold", "open": True}
        )
    for item in issues:
        if words[0] in ("edit", "close") and item["number"] == int(words[1]):
            item["open"] = words[0] == "edit"
            item["body"] = _text(options) if words[0] == "edit" else item["body"]
    return [item for item in issues if item["open"] and item["app"] == options.get("--app")]


def main(arguments: list[str]) -> int:
    """Answer one command line."""
    state = read()
    state["calls"].append(arguments)
    state["tokens"].append(os.environ.get("GH_TOKEN", ""))
    (command, *words), options = _parse(arguments)
    items = {"api": _api, "pr": _pr, "issue": _issues, "auth": lambda *_: []}[command](state, words, options)
    Path(os.environ["FAKE_GITHUB"]).write_text(json.dumps(state))
    if "--jq" in options:
        for line in MEANINGS[" ".join(options["--jq"].split())](items):
            print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
