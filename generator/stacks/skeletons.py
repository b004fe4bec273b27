"""Skeletons: cookiecutter templates, rendered by an engine that compiles each template once.

cookiecutter compiles every template at every render, changes the working directory and renders *values* as
templates. Here values stay values, undefined names are errors and the environment is sandboxed; the bodies
equal what cookiecutter itself writes, which a test proves for every skeleton.
"""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from generator.files import Tree, walk
from generator.problems import expected, refuse

ROOT_MODULE = "root-module"
LANDING_ZONE = "landing-zone"
PEERING = "peering"
BASELINE = "baseline"
# what makes no stack of one account
_FRAMES = (ROOT_MODULE, LANDING_ZONE, PEERING, BASELINE)
# what a template may be given: nothing that could leave a quoted string or become an expression
_SAFE = re.compile(r"[^\"\\$%\n\r]*\Z")
_FORBIDDEN = ("_extensions",)

Context = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a skeleton, as its `cookiecutter.json` describes it."""

    name: str
    type: str
    help: str
    default: Any
    pattern: str = ".*"
    reserved: frozenset[str] = frozenset()

    def admits(self, value: str) -> bool:
        """May the input have this value?"""
        return re.fullmatch(self.pattern, value) is not None and value not in self.reserved


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What `cookiecutter.json` says of a skeleton. `needs` is `account`, `network` or `networks`; see DESIGN of the stacks.

    `once`: an account has each instance a single time, in whatever region. `requires_tags`: what the tags of an account
    must say for it to have the stack. `settings`: the key of `scaffold.yaml` that its data file carries beside the account.
    """

    name: str
    summary: str
    version: str
    needs: str
    module: str
    instance: bool
    defaults: Context
    inputs: tuple[Input, ...] = ()
    private: Context = field(default_factory=dict)
    once: bool = False
    requires_tags: Mapping[str, str] = field(default_factory=dict)
    settings: str = ""

    def input(self, name: str) -> Input | None:
        """One of its inputs."""
        return next((found for found in self.inputs if found.name == name), None)


class Skeletons:
    """The skeletons of a tree, one folder each."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._bodies: dict[str, list[tuple[Callable[..., str], Callable[..., str] | bytes]]] = {}
        self._modules: dict[str, Mapping[str, bytes]] = {}

    @cached_property
    def all(self) -> Mapping[str, Skeleton]:
        """Every skeleton by name, the frames included."""
        names = [name for name in self.tree.list("").directories if self.tree.read(f"{name}/cookiecutter.json") is not None]
        return {name: self._load(name) for name in names}

    @cached_property
    def stacks(self) -> Mapping[str, Skeleton]:
        """The skeletons that make a stack of an account."""
        return {name: found for name, found in self.all.items() if name not in _FRAMES}

    def get(self, name: str) -> Skeleton:
        """The skeleton of a stack; refused, with the nearest name, where there is none."""
        if name not in self.stacks:
            remedy = f"{expected(name, self.stacks)} (scaffold skeletons lists them)"
            raise refuse("unknown-skeleton", f'there is no skeleton "{name}"', remedy, value=name)
        return self.stacks[name]

    def _load(self, name: str) -> Skeleton:
        document = json.loads(self.tree.read(f"{name}/cookiecutter.json") or b"{}")
        for key in _FORBIDDEN:
            if key in document:
                raise refuse("unsafe-skeleton", f"the skeleton {name} has {key}, which would run code", "remove it")
        said = document.get("_scaffold", {})
        public = {key: value for key, value in document.items() if not key.startswith("_")}
        inputs = tuple(_input(key, found, document.get(key)) for key, found in said.get("inputs", {}).items())
        return Skeleton(
            name,
            said.get("summary", ""),
            said.get("version", "1.0.0"),
            said.get("needs", "account"),
            said.get("module", ""),
            bool(said.get("instance")),
            public,
            inputs,
            {key: value for key, value in document.items() if key.startswith("_")},
            bool(said.get("once")),
            said.get("requires_tags", {}),
            said.get("settings", ""),
        )

    def render(self, name: str, context: Context) -> dict[str, str | bytes]:
        """The files of a skeleton below its root directory: path -> text, or bytes where a file is copied."""
        for key, value in context.items():
            _refuse_unsafe(name, key, value)
        given = {"cookiecutter": {**self.all[name].defaults, **context}}
        return {path(given): body if isinstance(body, bytes) else body(given) for path, body in self._compiled(name)}

    def _compiled(self, name: str) -> list[tuple[Callable[..., str], Callable[..., str] | bytes]]:
        if name not in self._bodies:
            self._bodies[name] = list(self._compile(self.all[name]))
        return self._bodies[name]

    def _compile(self, skeleton: Skeleton) -> Any:
        from jinja2 import StrictUndefined
        from jinja2.sandbox import SandboxedEnvironment

        options = skeleton.private.get("_jinja2_env_vars", {})
        environment = SandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True, **options)
        root = next(folder for folder in self.tree.list(skeleton.name).directories if "cookiecutter." in folder)
        copied = skeleton.private.get("_copy_without_render", ())
        base = f"{skeleton.name}/{root}"
        for path in walk(self.tree, base):
            relative, content = path[len(base) + 1 :], self.tree.read(path) or b""
            is_copied = any(fnmatch.fnmatch(relative, pattern) for pattern in copied)
            yield _template(environment, relative), content if is_copied else _template(environment, content.decode())

    def module(self, name: str) -> Mapping[str, bytes]:
        """The files of a skeleton's module, below its folder; read once."""
        if name not in self._modules:
            base = f"{name}/module"
            self._modules[name] = {path[len(base) + 1 :]: self.tree.read(path) or b"" for path in walk(self.tree, base)}
        return self._modules[name]


def _input(name: str, said: Mapping[str, Any], default: Any) -> Input:
    return Input(name, said["type"], said["help"], default, said.get("pattern", ".*"), frozenset(said.get("reserved", ())))


def _template(environment: Any, source: str) -> Callable[..., str]:
    """What renders a template; a text in which nothing is to be replaced is its own result."""
    starts = environment.block_start_string, environment.variable_start_string, environment.comment_start_string
    lines = environment.line_statement_prefix, environment.line_comment_prefix
    if not any(mark is not None and mark in source for mark in (*starts, *lines, "\r")):
        return lambda _: source
    render: Callable[..., str] = environment.from_string(source).render
    return render


def _refuse_unsafe(skeleton: str, key: str, value: Any) -> None:
    if isinstance(value, Mapping):
        for inner in value.values():
            _refuse_unsafe(skeleton, key, inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _refuse_unsafe(skeleton, key, inner)
    elif (not isinstance(value, str) or not _SAFE.match(value)) and not isinstance(value, (bool, int)):
        remedy = "remove quotes, backslashes, $, % and line ends from it"
        raise refuse("unsafe-value", f"{key} of the skeleton {skeleton} is {value!r}", remedy, value=str(value))
