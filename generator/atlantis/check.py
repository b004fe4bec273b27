"""Any file of Atlantis: which of the two it is, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.atlantis import model, server_rules, validate
from generator.atlantis.fields import Findings
from generator.atlantis.permissions import UNKNOWN, Permissions
from generator.documents.strict_yaml import Node
from generator.files import Tree
from generator.problems import Problem

_SERVER_KEYS = frozenset({"repos", "metrics", "team_authz"})


@dataclass(frozen=True, slots=True)
class Checked:
    """Whose configuration a file is, `repository` or `server`, and all its problems in order of line."""

    kind: str
    problems: list[Problem]


def check(content: bytes, file: str, *, server: Permissions = UNKNOWN, base: str | None = None, tree: Tree | None = None) -> Checked:
    """Judge a file by what it is: a server's has repos, metrics or team_authz. The rest as in `validate.validate`."""
    found = Findings(file)
    node = model.parse(content, found)
    is_server = node is not None and _is_server(node)
    if node is not None and is_server:
        server_rules.judge(node, found)
    elif node is not None:
        validate.judge(node, found, server=server, base=base, tree=tree)
    return Checked("server" if is_server else "repository", validate.in_order(found))


def _is_server(node: Node) -> bool:
    return isinstance(node.value, Mapping) and not _SERVER_KEYS.isdisjoint(node.value)
