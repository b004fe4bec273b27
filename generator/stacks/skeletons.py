"""Skeletons: cookiecutter templates, rendered by an engine that compiles each template once.

cookiecutter compiles every template at every render, changes the working directory and renders *values* as
templates. Here values stay values, undefined names are errors and the environment is sandboxed; the bodies
equal what cookiecutter itself writes, which a test proves for every skeleton.
"""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from generator.files import Below, Mounted, Tree, join, walk
from generator.problems import Problem, Refused, expected, refuse
from generator.stacks import own
from generator.stacks.own import FRAMES as _FRAMES
from generator.stacks.own import OWN

ROOT_MODULE, LANDING_ZONE, PEERING, BASELINE = _FRAMES
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
    """The skeletons of a tree, one folder each; and over them, where `over` is given, those of a landing zone's own.

    One of its own adds a skeleton, or replaces the one of its name. `builtin` are those without it.
    """

    def __init__(self, tree: Tree, over: Tree | None = None, builtin: Skeletons | None = None) -> None:
        self.own: Mapping[str, Tree] = own.folders(over) if over is not None else {}
        self.tree = Mounted(tree, self.own) if self.own else tree
        self.builtin = builtin or self
        self._over = over
        self._bodies: dict[str, list[tuple[Callable[..., str], Callable[..., str] | bytes]]] = {}
        self._modules: dict[str, Mapping[str, bytes]] = {}

    def within(self, landing_zone: Tree) -> Skeletons:
        """The built-in skeletons, with those below `skeletons/` of a landing zone over them."""
        if OWN in landing_zone.list("").links:  # nobody looks at what it points to, so it is told as one that is broken
            return Skeletons(self.builtin.tree, own.linked(), self.builtin)
        listing = landing_zone.list(OWN)
        if not listing.directories and not listing.links:
            return self.builtin
        return Skeletons(self.builtin.tree, Below(landing_zone, OWN), self.builtin)

    @cached_property
    def broken(self) -> Mapping[str, tuple[Problem, ...]]:
        """The landing zone's own skeletons that cannot be used, and why."""
        if self._over is None:
            return {}
        found = {name: (*own.unsafe(tree, join(OWN, name)), *own.wrong(tree, name)) for name, tree in self.own.items()}
        found |= {name: tuple(self._same_version(name)) for name, problems in found.items() if not problems}
        return {name: problems for name, problems in {**found, **own.misnamed(self._over)}.items() if problems}

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the landing zone's own skeletons; those that seem whole are rendered once, as they are by default."""
        for name in sorted({*self.own, *self.broken}):
            yield from self.broken.get(name, ())
            try:
                if name not in self.broken:
                    self.render(name, {})
            except Refused as error:
                yield from error.problems

    def _same_version(self, name: str) -> Iterator[Problem]:
        """A version never changes: one that replaces a built-in skeleton has that one's module, or a version of its own."""
        there, here = self.builtin.all.get(name), self._load(name)
        if there is not None and there.version == here.version and self.builtin.module(name) != self.module(name):
            message = f"{name} {here.version} is built in with another module, and a version never changes"
            yield own.broken(name, message, "raise the version in _scaffold", here.version)

    @cached_property
    def all(self) -> Mapping[str, Skeleton]:
        """Every skeleton that can be used by name, the frames included."""
        tree = self.builtin.tree
        names = [name for name in tree.list("").directories if tree.read(f"{name}/cookiecutter.json") is not None]
        return {name: self._load(name) for name in sorted({*names, *self.own} - self.broken.keys() | {*names} & {*_FRAMES})}

    def source(self, name: str) -> str:
        """Where a skeleton comes from, in words."""
        if name not in self.own:
            return "built-in"
        return f"{OWN}/{name}" + (", over the built-in one" if name in self.builtin.all else "")

    @cached_property
    def stacks(self) -> Mapping[str, Skeleton]:
        """The skeletons that make a stack of an account."""
        return {name: found for name, found in self.all.items() if name not in _FRAMES}

    def get(self, name: str) -> Skeleton:
        """The skeleton of a stack; refused, with the nearest name, where there is none, and with the reason where it is broken."""
        if name in self.broken and name not in _FRAMES:
            raise Refused(self.broken[name])
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
        public = {key: _first(value) for key, value in document.items() if not key.startswith("_")}
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
        if name not in self.own:
            return self._rendered(name, given)
        _refuse_unmatched(self.all[name], context)
        with own.refusing(name):
            found = self._rendered(name, given)
        own.refuse_leading_out(name, found)
        return found

    def _rendered(self, name: str, given: Mapping[str, Any]) -> dict[str, str | bytes]:
        return {path(given): body if isinstance(body, bytes) else body(given) for path, body in self._compiled(name)}

    def _compiled(self, name: str) -> list[tuple[Callable[..., str], Callable[..., str] | bytes]]:
        if name not in self._bodies:
            self._bodies[name] = list(self._compile(self.all[name]))
        return self._bodies[name]

    def _compile(self, skeleton: Skeleton) -> Any:
        from jinja2 import StrictUndefined

        from generator.stacks.sandbox import Sandbox  # Jinja takes time to load, and not every command renders

        options = skeleton.private.get("_jinja2_env_vars", {})
        environment = Sandbox(undefined=StrictUndefined, keep_trailing_newline=True, **options)
        root = own.roots(Below(self.tree, skeleton.name))[0]
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


def _first(default: Any) -> Any:
    """A default; of a list of choices, as cookiecutter has them, the first."""
    return default[0] if isinstance(default, list) and default else default


def _refuse_unmatched(skeleton: Skeleton, context: Context) -> None:
    """Refuse a value that an input of somebody's own skeleton does not admit."""
    for found in skeleton.inputs:
        value = context.get(found.name, found.default)
        if isinstance(value, str) and not found.admits(value):
            message = f'the input {found.name} of {OWN}/{skeleton.name} is "{value}", which does not match {found.pattern}'
            raise refuse("wrong-value", message, f"write {found.help}, or correct the pattern", value=value)


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
