"""What the Terraform of a stack must not say: Atlantis runs a plan with its server's credentials, before anybody approved it.

A plan reads data sources, and `external` runs a program; a provisioner runs one at apply. A state or a role that is
another stack's makes a reviewed plan change what nobody reviewed. What scaffold writes itself is not looked at twice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.files import Tree, join, walk
from generator.hcl import syntax
from generator.hcl.syntax import Block, Expression, Template, Text
from generator.landing_zone.lost_stacks import directories
from generator.landing_zone.model import LandingZone
from generator.peering import existing
from generator.peering.stack_files import PeeringFiles
from generator.problems import Problem, Severity
from generator.stacks.model import DATA

MODULES = "modules"
_WORTH_PARSING = re.compile(rb"backend|cloud|provider\b|provisioner|external")
_ROLE = re.compile(r"arn:[a-z-]+:iam::([0-9]{12}):")
_ID = re.compile(rb'"id": "([0-9]{12})"')
_State = tuple[str | None, str | None]
"""Bucket and key of a state; None where an expression says it."""


@dataclass(frozen=True, slots=True)
class _Root:
    """A root module: its directory, the files below it that people wrote, and the accounts that are its own."""

    directory: str
    blocks: Sequence[tuple[str, Block]]
    accounts: frozenset[str]
    ours: bool


def dangers(zone: LandingZone) -> list[Problem]:
    """What is wrong in root modules and modules that people wrote or changed, and states that two root modules share."""
    own, ours = _written_by_us(zone), _ours(zone)
    problems: list[Problem] = []
    states: dict[_State, list[str]] = defaultdict(list)
    for directory, files in directories(zone.tree).items():
        paths = [join(directory, name) for name in files if name.endswith((".tf", ".tf.json"))]
        root = _Root(directory, _read(zone.tree, paths, own, problems), _accounts(zone.tree, directory), directory in ours)
        problems += _of_root(root)
        backend = zone.tree.read(f"{directory}/{existing.BACKEND}")
        kept = backend is not None and own.get(f"{directory}/{existing.BACKEND}") == backend.replace(b"\r\n", b"\n")
        found = [(zone.organization.state.bucket, directory)] if kept else list(_states(root))
        problems += _of_states(root, found)
        for state in found:
            states[state].append(directory)
    paths = [path for path in walk(zone.tree, MODULES) if path.endswith((".tf", ".tf.json"))]
    problems += [problem for path, block in _read(zone.tree, paths, own, problems) for problem in _programs(path, block)]
    return [*problems, *_shared(states)]


def _written_by_us(zone: LandingZone) -> Mapping[str, bytes]:
    """The constant files of every stack and pair and the releases of modules, as scaffold writes them now."""
    found = {}
    for account in zone.accounts:
        for stack in zone.stacks(account.slug):
            found.update({path: file.body for path, file in zone.renderer.managed(stack).items()})
    render = PeeringFiles(zone.renderer)
    for pair in zone.peerings().stacks:
        found.update({path: file.body for path, file in render.constant(pair).items()})
    for name in zone.renderer.skeletons.all:
        found.update({path: file.body for path, file in zone.renderer.module(name).items()})
    return found


def _ours(zone: LandingZone) -> set[str]:
    """The directories of stacks and pairs that scaffold keeps."""
    stacks = {stack.directory for account in zone.accounts for stack in zone.stacks(account.slug)}
    return stacks | {existing.directory(pair) for pair in zone.peerings().stacks}


def _read(tree: Tree, paths: Sequence[str], own: Mapping[str, bytes], problems: list[Problem]) -> list[tuple[str, Block]]:
    """`(path, block)` of every file that could say something dangerous; a file that cannot be read is added to the problems."""
    found: list[tuple[str, Block]] = []
    for path in paths:
        content = tree.read(path) or b""
        if not _WORTH_PARSING.search(content) or own.get(path) == content.replace(b"\r\n", b"\n"):
            continue
        blocks, unreadable = syntax.parse_json(content, path) if path.endswith(".json") else syntax.parse(content, path)
        found += [(path, block) for block in blocks]
        problems += unreadable
    return found


def _accounts(tree: Tree, directory: str) -> frozenset[str]:
    """The accounts that a stack's data file names."""
    content = b"".join(tree.read(f"{directory}/{name}") or b"" for name in (DATA, existing.DATA))
    return frozenset(found.decode() for found in _ID.findall(content))


def _of_root(root: _Root) -> Iterator[Problem]:
    for path, block in root.blocks:
        yield from _programs(path, block)
        if block.type == "provider" and root.ours:
            yield from _roles(path, block, root)


def _programs(path: str, block: Block) -> Iterator[Problem]:
    """Programs that Terraform would run on Atlantis' server."""
    if (block.type, *block.labels[:1]) == ("data", "external"):
        message = f"data.{'.'.join(block.labels)} runs a program at every plan, with Atlantis' credentials, before anybody approved it"
        remedy = "compute it with Terraform's functions, or write the value down"
        yield Problem(id="external-program", file=path, line=block.span.line, message=message, remedy=remedy)
    for inner in block.blocks:
        if block.type == "resource" and inner.type == "provisioner":
            message = f"the provisioner of {'.'.join(block.labels)} runs a program on Atlantis' server"
            yield Problem(id="provisioner", file=path, line=inner.span.line, message=message, remedy="do it outside Terraform")


def _roles(path: str, block: Block, root: _Root) -> Iterator[Problem]:
    """A provider that works in an account which is not the stack's."""
    for inner in block.blocks:
        text = _text(inner.attributes.get("role_arn")) if inner.type == "assume_role" else None
        match = _ROLE.match(text or "")
        if match is not None and match[1] not in root.accounts:
            own = " and ".join(sorted(root.accounts)) or "not known"
            message = f"this provider assumes a role of account {match[1]}, and the stack's own is {own}"
            remedy = "make a stack of that account for it, or name the role of its own account"
            yield Problem(id="foreign-role", file=path, line=inner.span.line, message=message, remedy=remedy, value=text)


def _text(expression: Expression | None) -> str | None:
    """A literal; of a template the part before its first interpolation."""
    if isinstance(expression, Template):
        expression = expression.parts[0] if expression.parts else None
    return expression.value if isinstance(expression, Text) else None


def _states(root: _Root) -> Iterator[_State]:
    for _, block in root.blocks:
        for inner in block.blocks if block.type == "terraform" else ():
            if inner.type == "backend" and inner.labels == ("s3",):
                bucket, key = (inner.attributes.get(name) for name in ("bucket", "key"))
                yield (bucket.value if isinstance(bucket, Text) else None, key.value if isinstance(key, Text) else None)
            elif inner.type in ("backend", "cloud"):
                yield (f"{inner.type} {' '.join(inner.labels)}", None)


def _of_states(root: _Root, found: Sequence[_State]) -> Iterator[Problem]:
    """Every root module keeps its state in a backend, and a stack of ours under its own path."""
    if not found:
        message = "no backend: its state would lie in Atlantis' working copy, and be lost with it"
        remedy = f"write a backend with the key {root.directory}"
        yield Problem(id="no-backend", file=root.directory, message=message, remedy=remedy, severity=Severity.WARNING)
    for _, key in found:
        if root.ours and key != root.directory:
            message = f"its state's key is {key or 'computed'}, which is not its path"
            remedy = f"restore {existing.BACKEND} from git; the key of a stack is its directory, {root.directory}"
            yield Problem(id="backend-key", file=f"{root.directory}/{existing.BACKEND}", message=message, remedy=remedy, value=key)


def _shared(states: Mapping[_State, Sequence[str]]) -> Iterator[Problem]:
    for (_, key), users in sorted(states.items(), key=lambda each: tuple(each[1])):
        if key is not None and len(users) > 1:
            message = f"{' and '.join(users)} have one state, {key}: each would destroy what the other made"
            yield Problem(id="shared-state", file=users[0], message=message, remedy="give each its own key", value=key)
