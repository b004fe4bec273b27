"""Where root modules keep their states: a stack of ours in one place only, and no two root modules in one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.hcl.syntax import Block, Expression, Text
from generator.peering.existing import BACKEND
from generator.problems import Problem, Severity

_WRITTEN = frozenset({"bucket", "key", "region", "encrypt", "kms_key_id", "dynamodb_table", "use_lockfile"})
"""What scaffold says of a state; any other argument may send it elsewhere, or read it with another role."""


@dataclass(frozen=True, slots=True)
class Backend:
    """Bucket and key of a state, None where an expression says it, and the place that says so; of another kind the kind as bucket.

    `more` are the arguments that scaffold does not write.
    """

    bucket: str | None
    key: str | None
    file: str
    line: int | None = None
    more: tuple[str, ...] = ()


def backends(path: str, block: Block) -> Iterator[Backend]:
    """What a block says of where the state is."""
    for inner in block.blocks if block.type == "terraform" else ():
        if inner.type == "backend" and inner.labels == ("s3",):
            more = tuple(sorted({*inner.attributes, *(each.type for each in inner.blocks)} - _WRITTEN))
            yield Backend(_said(inner.attributes.get("bucket")), _said(inner.attributes.get("key")), path, inner.span.line, more)
        elif inner.type in ("backend", "cloud"):
            yield Backend(" ".join((inner.type, *inner.labels)), None, path, inner.span.line)


def _said(expression: Expression | None) -> str | None:
    return expression.value if isinstance(expression, Text) else None


def missing(directory: str) -> Problem:
    """A root module that says nothing of its state."""
    message = "no backend: its state would lie in Atlantis' working copy, and be lost with it"
    remedy = f"write a backend with the key {directory}"
    return Problem(id="no-backend", file=directory, message=message, remedy=remedy, severity=Severity.WARNING)


def of_ours(directory: str, found: Sequence[Backend], bucket: str) -> Iterator[Problem]:
    """A stack of ours has one backend, in the bucket of scaffold.yaml, under its own path."""
    for backend in found:
        remedy = f"restore {BACKEND} from git" if backend.file == f"{directory}/{BACKEND}" else f"take it away: {BACKEND} says it"
        if backend.key != directory:
            message = f"its state's key is {backend.key or 'computed'}, which is not its path"
            way = f"{remedy}; the key of a stack is its directory, {directory}"
            yield Problem(id="backend-key", file=backend.file, line=backend.line, message=message, remedy=way, value=backend.key)
        if backend.bucket != bucket:
            message = f"its state's bucket is {backend.bucket or 'computed'}, and that of scaffold.yaml is {bucket}"
            yield Problem(id="backend-bucket", file=backend.file, line=backend.line, message=message, remedy=remedy, value=backend.bucket)
        if backend.more:
            message = f"its backend says {', '.join(backend.more)}: nobody can tell that its state is its own"
            yield Problem(id="backend-argument", file=backend.file, line=backend.line, message=message, remedy=remedy)
    for backend in found[1:]:
        message = f"a second backend beside that of {found[0].file}: it would decide where the state is"
        yield Problem(id="second-backend", file=backend.file, line=backend.line, message=message, remedy="take it away")


def shared(found: Mapping[str, Sequence[Backend]]) -> Iterator[Problem]:
    """States that more than one directory names."""
    users: dict[tuple[str | None, str], list[str]] = defaultdict(list)
    for directory, said in found.items():
        for bucket, key in dict.fromkeys((backend.bucket, backend.key) for backend in said):
            if key is not None:
                users[bucket, key].append(directory)
    for (_, key), several in sorted(users.items(), key=lambda each: tuple(each[1])):
        if len(several) > 1:
            message = f"{' and '.join(several)} have one state, {key}: each would destroy what the other made"
            yield Problem(id="shared-state", file=several[0], message=message, remedy="give each its own key", value=key)


def moved(before: Mapping[str, Sequence[Backend]], after: Mapping[str, Sequence[Backend]]) -> Iterator[Problem]:
    """Root modules that look for their state elsewhere than on the base: nothing moves it, so all would be made once more."""
    for directory, said in after.items():
        old, new = ({(backend.bucket, backend.key) for backend in each} for each in (before.get(directory, said), said))
        if old != new:
            message = f"its state was {_named(old)}, and is {_named(new)} now: nothing moves it, and all it manages would be made once more"
            remedy = "restore it; or move the state first (terraform init -migrate-state), and merge this knowing that it is red"
            yield Problem(id="state-moved", file=directory, message=message, remedy=remedy)


def _named(states: set[tuple[str | None, str | None]]) -> str:
    return " and ".join(sorted(f"{bucket}/{key}" for bucket, key in states)) or "nowhere"
