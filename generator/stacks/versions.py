"""Versions of modules: their order, and what changes between two of them for whoever calls the module."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from generator.hcl import syntax
from generator.hcl.syntax import Block
from generator.problems import Refused, refuse

_NUMBER = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})\.([0-9]{1,18})(?:-(.+))?\Z")  # Python reads no number of more than 4300 digits
_DIGITS = re.compile(r"[0-9]{1,18}\Z")
_PADDING = re.compile(r"(?<=[(\[{]) | (?=[)\]}])")
META = frozenset({"source", "version", "providers", "count", "for_each", "depends_on"})
"""Arguments of every call, which are no inputs of the module."""
Files = Mapping[str, bytes]


def key(version: str) -> tuple[object, ...]:
    """The order of versions, as semver has it; what is no version comes before all."""
    match = _NUMBER.match(version)
    if match is None:
        return (0, version)
    parts = [(0, int(part), "") if _DIGITS.match(part) else (1, 0, part) for part in (match[4] or "").split(".")]
    return (1, int(match[1]), int(match[2]), int(match[3]), not match[4], parts)


@dataclass(frozen=True, slots=True)
class Variable:
    """An input of a module, as text; `default` None: it must be given. `rest` is all else that decides, such as validations."""

    name: str
    type: str
    default: str | None
    rest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interface:
    """What a module takes and gives."""

    variables: Mapping[str, Variable]
    outputs: frozenset[str]

    @property
    def required(self) -> list[str]:
        """The inputs that every call must give."""
        return sorted(name for name, found in self.variables.items() if found.default is None)


def interface(files: Files) -> Interface:
    """The inputs and outputs of a module's files; refused where one of them cannot be read."""
    variables: dict[str, Variable] = {}
    outputs: set[str] = set()
    for path, content in files.items():
        if "/" not in path and path.endswith((".tf", ".tf.json")):
            found, given = _of_json(content, path) if path.endswith(".json") else _of_hcl(content, path)
            variables |= found
            outputs |= given
    return Interface(variables, frozenset(outputs))


@lru_cache(maxsize=1 << 6)  # most files of a version are those of the one before
def _of_hcl(content: bytes, path: str) -> tuple[Mapping[str, Variable], frozenset[str]]:
    if not any(word in content for word in (b"variable", b"output")):
        return {}, frozenset()
    blocks, problems = syntax.parse(content, path)
    if problems:
        raise Refused(problems)
    source = content.decode("utf-8-sig")
    labelled = [block for block in blocks if block.labels]
    variables = {block.labels[0]: _variable(block, source) for block in labelled if block.type == "variable"}
    return variables, frozenset(block.labels[0] for block in labelled if block.type == "output")


def _variable(block: Block, source: str) -> Variable:
    said = {name: _words(source[found.span.start : found.span.end]) for name, found in block.attributes.items()}
    inner = [f"{each.type} {_words(source[each.span.start : each.span.end])}" for each in block.blocks]
    return Variable(block.labels[0], said.get("type", "any"), said.get("default"), _rest(said, inner))


def _rest(said: Mapping[str, str], inner: Sequence[str] = ()) -> tuple[str, ...]:
    return tuple([*(f"{name} = {value}" for name, value in sorted(said.items()) if name not in ("type", "default", "description")), *inner])


def _of_json(content: bytes, path: str) -> tuple[Mapping[str, Variable], frozenset[str]]:
    try:
        document = json.loads(content)
        listed = {name: body[-1] if isinstance(body, list) else body for name, body in document.get("variable", {}).items()}
        said = {name: {key: json.dumps(value, sort_keys=True) for key, value in body.items()} for name, body in listed.items()}
        outputs = frozenset(document.get("output", {}))
    except (ValueError, AttributeError, LookupError, TypeError, RecursionError):
        raise refuse("hcl-unreadable", "not JSON of Terraform's that can be read", "repair it", file=path) from None
    variables = {
        name: Variable(name, body.get("type", '"any"').strip('"'), body.get("default"), _rest(body)) for name, body in said.items()
    }
    return variables, outputs


def _words(text: str) -> str:
    """Text on one line: how it is broken into lines decides nothing."""
    return _PADDING.sub("", " ".join(text.split()))


@dataclass(frozen=True, slots=True)
class Difference:
    """What a caller has to know of another version of a module: inputs and outputs by name, and of changed inputs what changed."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[tuple[str, str], ...] = ()
    removed_outputs: tuple[str, ...] = ()
    new_outputs: tuple[str, ...] = ()


def difference(old: Interface, new: Interface) -> Difference:
    """What changes from one version to another."""
    added = [found for name, found in new.variables.items() if name not in old.variables]
    both = [(old.variables[name], new.variables[name]) for name in sorted(old.variables.keys() & new.variables.keys())]
    return Difference(
        tuple(sorted(found.name for found in added if found.default is None)),
        tuple(sorted(found.name for found in added if found.default is not None)),
        tuple(sorted(old.variables.keys() - new.variables.keys())),
        tuple((after.name, "; ".join(words)) for before, after in both if (words := list(_changes(before, after)))),
        tuple(sorted(old.outputs - new.outputs)),
        tuple(sorted(new.outputs - old.outputs)),
    )


def _changes(before: Variable, after: Variable) -> Iterator[str]:
    if before.type != after.type:
        yield f"type {before.type}, now {after.type}"
    if before.default is not None and after.default is None:
        yield f"must be given now (the default was {before.default})"
    elif before.default is None and after.default is not None:
        yield f"may be left out now (default {after.default})"
    elif before.default != after.default:
        yield f"default {before.default}, now {after.default}"
    if before.rest != after.rest:
        yield "what it admits"
