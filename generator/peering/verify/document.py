"""What `terraform show -json` says of a plan, as far as it matters; read once, at the door.

A key that is missing or of another kind is a problem that names it, never a default; only what Terraform leaves out where
it is empty (`resource_changes`, `prior_state`, `index` …) is read as empty. A key that nobody knows here and that holds
something is kept as alien, and refused: a later Terraform may do there what nobody has judged.

The format: https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.peering.node import Malformed, Node, parse
from generator.problems import Problem, refuse

MANAGED, DATA = "managed", "data"
Values = Mapping[str, Any]
_FORMAT = "1."
_EMPTY: tuple[object, ...] = (None, "", [], {}, False)
# top-level keys that tell a person something, or repeat what stands elsewhere: they change nothing
_SILENT = frozenset({"terraform_version", "timestamp", "relevant_attributes", "applyable"})
_READ = frozenset(
    {
        "format_version",
        "errored",
        "complete",
        "checks",
        "resource_changes",
        "resource_drift",
        "output_changes",
        "configuration",
        "prior_state",
        "planned_values",
    }
)
_OF_AN_ENTRY = frozenset(
    {"address", "module_address", "mode", "type", "name", "index", "provider_name", "change", "previous_address", "action_reason"}
)
_OF_A_CHANGE = frozenset(
    {
        "actions",
        "before",
        "after",
        "after_unknown",
        "importing",
        "before_sensitive",
        "after_sensitive",
        "replace_paths",
        "before_identity",
        "after_identity",
    }
)
_HOLDS = ("pass", "unknown")
_WORDS: Mapping[tuple[str, ...], str] = {("delete", "create"): "replace", ("create", "delete"): "replace"}


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of `resource_changes`. `unknown` has the attributes that are known only after apply: true for all of it, else a part.

    `before` and `after` are empty where the object is not there; `alien` are keys with a content that nobody knows here.
    """

    address: str
    module: str
    mode: str
    type: str
    name: str
    index: str
    provider: str
    actions: tuple[str, ...]
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    unknown: Mapping[str, bool] = field(default_factory=dict)
    importing: str | None = None
    previous_address: str = ""
    alien: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The address without module and index: `aws_route.requester`, `data.aws_vpc.accepter`."""
        return f"{'data.' if self.mode == DATA else ''}{self.type}.{self.name}"

    @property
    def action(self) -> str:
        """What happens, in one word: `create`, `no-op`, `replace` …"""
        return _WORDS.get(self.actions, "+".join(self.actions))


@dataclass(frozen=True, slots=True)
class Object:
    """One object of the state before the plan, refreshed."""

    address: str
    mode: str
    values: Values


@dataclass(frozen=True, slots=True)
class TerraformPlan:
    """A plan. `planned` are the addresses of managed objects that there will be; `unknown` see above.

    `failed` are conditions of the configuration that do not hold, or that nobody could ask, each with its outcome.
    """

    errored: bool
    complete: bool
    changes: tuple[Change, ...]
    drifted: tuple[Change, ...]
    outputs: tuple[str, ...]
    prior: tuple[Object, ...]
    planned: tuple[str, ...]
    configuration: Values
    failed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def counts(self) -> Mapping[str, int]:
        """How many managed objects each action meets: action -> number, in order of action."""
        return dict(sorted(Counter(change.action for change in self.changes if change.mode == MANAGED).items()))

    def at(self, address: str) -> Change | None:
        """The entry of an address."""
        return next((change for change in self.changes if change.address == address), None)


def read(content: bytes) -> tuple[TerraformPlan | None, list[Problem]]:
    """The plan that a document describes, or why it describes none; refused (status 1) where it is no JSON at all."""
    root = _parsed(content)
    try:
        version = root.key("format_version").text()
        if not version.startswith(_FORMAT):
            return None, [_other_format(version)]
        return _plan(root), []
    except Malformed as error:
        remedy = 'give what "terraform show -json PLANFILE" prints, unchanged'
        return None, [Problem(id="plan-shape", message=f"in the plan, {error.path} {error.what}", remedy=remedy, value=error.path)]


def _parsed(content: bytes) -> Node:
    try:
        return parse(content)
    except ValueError as error:
        message = f"this is no JSON that can be read ({error})"
        raise refuse("unreadable-plan", message, 'give what "terraform show -json PLANFILE" prints') from None


def _other_format(version: str) -> Problem:
    message = f'the plan\'s format_version is "{version}"; only {_FORMAT}x is known here'
    return Problem(id="plan-format", message=message, remedy="update scaffold, or plan with a Terraform that writes it", value=version)


def _plan(root: Node) -> TerraformPlan:
    outputs = root.optional("output_changes")
    return TerraformPlan(
        errored=root.key("errored").flag(),
        complete=root.key("complete").flag(),
        changes=_listed(root, "resource_changes"),
        drifted=_listed(root, "resource_drift"),
        outputs=tuple(outputs.mapping()) if outputs else (),
        prior=tuple(_state(root)),
        planned=tuple(found.address for found in _objects(root.key("planned_values").key("root_module")) if found.mode == MANAGED),
        configuration=root.key("configuration").mapping(),
        failed=tuple(_failed(root)),
        unknown=_alien(root.mapping(), _READ | _SILENT),
    )


def _alien(found: Values, known: frozenset[str]) -> tuple[str, ...]:
    """The keys that are not known and hold something."""
    return tuple(key for key, value in found.items() if key not in known and value not in _EMPTY)


def _listed(root: Node, name: str) -> tuple[Change, ...]:
    return tuple(_change(entry) for entry in _elements(root, name))


def _change(entry: Node) -> Change:
    change = entry.key("change")
    before, after = (_values(change, name) for name in ("before", "after"))
    return Change(
        address=entry.key("address").text(),
        module=_text(entry, "module_address"),
        mode=entry.key("mode").text(),
        type=entry.key("type").text(),
        name=entry.key("name").text(),
        index=_index(entry),
        provider=entry.key("provider_name").text(),
        actions=tuple(action.text() for action in change.key("actions").items()),
        before=before,
        after=after,
        unknown=_unknown(change),
        importing=_importing(change),
        previous_address=_text(entry, "previous_address"),
        alien=(*_alien(entry.mapping(), _OF_AN_ENTRY), *_alien(change.mapping(), _OF_A_CHANGE)),
    )


def _text(node: Node, name: str) -> str:
    """A string, or the empty one where there is none."""
    found = node.optional(name)
    return found.text() if found else ""


def _index(entry: Node) -> str:
    """The key of one of many; a number where they are counted, as none of ours are."""
    found = entry.optional("index")
    return "" if found is None else str(found.value) if type(found.value) is int else found.text()


def _values(change: Node, name: str) -> Values:
    """`before` or `after`: null where the object is not there."""
    if name not in change.mapping():
        raise Malformed(f"{change.path}.{name}", "is missing")
    found = change.optional(name)
    return found.mapping() if found else {}


def _unknown(change: Node) -> Mapping[str, bool]:
    """The attributes that are known only after apply; of an object that goes, none."""
    found = change.key("after_unknown")
    if found.value is False:
        return {}
    parts = {name: Node(value, f"{found.path}.{name}") for name, value in found.mapping().items()}
    return {name: part.value is True for name, part in parts.items() if _any(part)}


def _any(node: Node) -> bool:
    """Is anything in here true? Everything is looked at, since all of it has to be true or false."""
    if isinstance(node.value, dict):
        return any([_any(Node(value, f"{node.path}.{name}")) for name, value in node.value.items()])
    return any([_any(item) for item in node.items()]) if isinstance(node.value, list) else node.flag()


def _importing(change: Node) -> str | None:
    """The id by which an existing object is taken over; a plan that does not know it is refused."""
    found = change.optional("importing")
    return found.key("id").text() if found else None


def _failed(root: Node) -> Iterator[str]:
    """Of a condition that depends on what is known only after apply, nobody knows it yet; Terraform asks then."""
    for check in _elements(root, "checks"):
        status = check.key("status").text()
        if status not in _HOLDS:
            yield f"{check.key('address').key('to_display').text()} ({status})"


def _state(root: Node) -> Iterator[Object]:
    """The objects of the state before; Terraform leaves an empty state out."""
    state = root.optional("prior_state")
    values = state.optional("values") if state else None
    return _objects(values.key("root_module")) if values else iter(())


def _objects(module: Node) -> Iterator[Object]:
    """The objects of a module, and of those below it."""
    for found in _elements(module, "resources"):
        yield Object(found.key("address").text(), found.key("mode").text(), found.key("values").mapping())
    for below in _elements(module, "child_modules"):
        yield from _objects(below)


def _elements(node: Node, name: str) -> Iterator[Node]:
    """The elements of a list that Terraform leaves out where it is empty."""
    found = node.optional(name)
    return found.items() if found else iter(())
