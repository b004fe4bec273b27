"""A stack: one root module, one state, one Atlantis project. Its directory is its identity."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.files import Tree
from generator.hcl.managed import Ownership, marked, ownership
from generator.problems import Problem, Severity

ROOT = "stacks"
BACKEND, DATA, LOCK, MAIN = "backend.tf", "account.tf.json", ".terraform.lock.hcl", "main.tf"
_IDENTITY = re.compile(r"# skeleton ([a-z0-9-]+)(?:, instance ([a-z0-9-]+))?(?:, network ([a-z0-9.-]+))?\Z")


@dataclass(frozen=True, slots=True, order=True)
class Stack:
    """Where a stack is and what it is. `network` is the name of the network it makes or stands on, else empty."""

    account: str
    region: str
    skeleton: str
    instance: str = ""
    network: str = ""

    @property
    def name(self) -> str:
        """The last part of its directory: `ecr`, `rds-orders`; a further network's stack is `network-NAME`."""
        parts = self.network.split(".") if self.skeleton == "network" else ()
        label = parts[2] if len(parts) == 3 else self.instance
        return f"{self.skeleton}-{label}" if label else self.skeleton

    @property
    def directory(self) -> str:
        """`stacks/ACCOUNT/REGION/STACK`."""
        return f"{ROOT}/{self.account}/{self.region}/{self.name}"

    @property
    def identity(self) -> str:
        """What line 2 of its `backend.tf` says."""
        instance = f", instance {self.instance}" if self.instance else ""
        network = f", network {self.network}" if self.network else ""
        return f"skeleton {self.skeleton}{instance}{network}"


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory below `stacks/`: a stack of ours, or not, and then why not."""

    path: str
    stack: Stack | None
    problem: Problem | None = None


def stack_of(path: str, content: bytes | None) -> Stack | None:
    """The stack that a directory's `backend.tf` names; None unless it is a managed file of ours."""
    if content is None or not marked(content):
        return None
    lines = content.split(b"\n", 2)
    match = _IDENTITY.match(lines[1].removesuffix(b"\r").decode(errors="replace")) if len(lines) > 1 else None
    parts = path.split("/")
    if match is None or len(parts) != 4:
        return None
    return Stack(parts[1], parts[2], match[1], match[2] or "", match[3] or "")


def directories(tree: Tree, account: str) -> list[Directory]:
    """Every directory of an account that holds Terraform files."""
    found = []
    for region in tree.list(f"{ROOT}/{account}").directories:
        for name in tree.list(f"{ROOT}/{account}/{region}").directories:
            path = f"{ROOT}/{account}/{region}/{name}"
            stack = stack_of(path, tree.read(f"{path}/{BACKEND}"))
            if stack is not None and stack.directory == path:
                found.append(Directory(path, stack))
            elif any(file.endswith((".tf", ".tf.json")) for file in tree.list(path).files):
                found.append(_foreign(tree, path, stack))
    return found


def _foreign(tree: Tree, path: str, stack: Stack | None) -> Directory:
    """A directory that is no stack of ours where it stands, and why not."""
    if stack is not None:
        message = f"{BACKEND} says {stack.identity}, which belongs in {stack.directory}"
        return Directory(path, None, _problem("misplaced-stack", path, message, "move it back, or correct line 2"))
    others = [file for file in tree.list(path).files if file.endswith((".tf", ".json")) and file != BACKEND]
    if any(ownership(file, tree.read(f"{path}/{file}") or b"") is not Ownership.THEIRS for file in others):
        message = f"other files here are managed, {BACKEND} with the stack's identity is not"
        return Directory(path, None, _problem("lost-identity", path, message, "restore it from git, or take the headers off all of them"))
    message = "a root module that is no stack of ours"
    remedy = "give it its own project in atlantis.yaml"
    found = Problem(id="foreign-root-module", file=path, message=message, remedy=remedy, severity=Severity.WARNING)
    return Directory(path, None, found)


def _problem(id: str, path: str, message: str, remedy: str, severity: str = "error") -> Problem:
    return Problem(id=id, file=f"{path}/{BACKEND}", message=message, remedy=remedy, severity=Severity(severity))
