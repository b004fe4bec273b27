"""The steps of a workflow: each is a word, a word with extra arguments, or a command with its settings.

Which of the three an entry is follows from the kinds of its values, and so do the words in which Atlantis refuses it.
Source: `server/core/config/raw/step.go`.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.atlantis.fields import Entry, Field, Findings, items, merged, record, table, text, texts
from generator.atlantis.regexps import wrong as regexp_wrong
from generator.documents.shape import mismatch
from generator.documents.strict_yaml import Node

BUILT_IN = ("init", "plan", "apply", "env", "multienv", "show", "policy_check", "import", "state_rm")
STAGES = ("plan", "apply", "policy_check", "import", "state_rm")
_OUTPUTS = {"run": ("show", "hide", "strip_refreshing"), "multienv": ("show", "hide")}
_FILTER = "filter_regex"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its word, empty where the step was refused, and the command it runs, if any."""

    line: int
    name: str
    command: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Entry):
    """What runs at one stage; without `steps` the default does, with an empty list nothing."""

    steps: tuple[Step, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow(Entry):
    """The stages that differ from the default."""

    plan: Stage | None = None
    apply: Stage | None = None
    policy_check: Stage | None = None
    import_: Stage | None = None
    state_rm: Stage | None = None

    def stages(self) -> Iterator[tuple[str, Stage]]:
        """The stages that say something, by name."""
        for name in STAGES:
            stage: Stage | None = getattr(self, f"{name}_" if keyword.iskeyword(name) else name)
            if stage is not None:
                yield name, stage


class _Wrong(Exception):
    """A step that Atlantis refuses: why, and what to do."""

    def __init__(self, what: str, remedy: str, value: str | None = None) -> None:
        super().__init__(what)
        self.remedy = remedy
        self.value = value


def step(node: Node, at: str, found: Findings) -> Step:
    """One entry of `steps`."""
    refused = Step(node.line, "")
    if isinstance(node.value, tuple):
        mismatch(node, at, found, f"run: COMMAND, or one of {', '.join(BUILT_IN)}")
        return refused
    try:
        return _entry(node, at, found) if isinstance(node.value, Mapping) else _word(node, at, found)
    except _Wrong as wrong:
        found.wrong("wrong-step", node.line, f"{at}: {wrong}", wrong.remedy, wrong.value)
        return refused


def _entry(node: Node, at: str, found: Findings) -> Step:
    children, _ = merged(node, at, found)
    if not children:
        raise _Wrong("step element is empty", "delete it")
    if len(children) > 1:
        what = f"step element can only contain a single key, found {len(children)}: {','.join(sorted(children))}"
        raise _Wrong(what, "indent the settings of a step below its name, and begin each step with a dash of its own")
    ((name, child),) = children.items()
    if isinstance(child.value, Mapping):
        return _settings(name, child, f"{at}.{name}", found)
    if isinstance(child.value, tuple):
        mismatch(child, f"{at}.{name}", found, "a command, or a mapping")
        return Step(node.line, "")
    return _command(node, name, child, f"{at}.{name}", found)


def _word(node: Node, at: str, found: Findings) -> Step:
    name = text(node, at, found) or ""
    if name not in BUILT_IN:
        what = f"\"{name}\" is not a valid step type, maybe you omitted the 'run' key"
        raise _Wrong(what, f"write run: {name}", name)
    if name in ("env", "multienv"):
        found.lenient(
            "step-without-effect", node.line, f"{at}: {name} has no settings, and Atlantis does nothing", f"write {name}: …", name
        )
    return Step(node.line, name)


def _command(node: Node, name: str, child: Node, at: str, found: Findings) -> Step:
    if name not in ("run", "multienv"):
        remedy = f"write - {name}, without a colon" if name in BUILT_IN else "write run: COMMAND"
        raise _Wrong(f'"{name}" is not a valid step type', remedy, name)
    command = text(child, at, found)
    if not command:
        found.lenient("empty-command", child.line, f"{at} is empty, and Atlantis runs an empty command", "write the command")
    return Step(node.line, name, command)


def _settings(name: str, node: Node, at: str, found: Findings) -> Step:
    """A mapping behind a word: extra arguments where every value is a list, the settings of a command otherwise."""
    given, _ = merged(node, at, found)
    if all(isinstance(child.value, tuple) or child.value is None for child in given.values()):
        return _extra_args(name, node, given, at, found)
    if name not in _SETTINGS:
        raise _Wrong(f'"{name}" is not a valid step type', f"write {name}: {{extra_args: […]}}", name)
    what = _shell_wrong(name, given) or _SETTINGS[name](name, given)
    if what is not None:
        raise _Wrong(what, "see Atlantis' custom workflows, section reference")
    command = given.get("command")
    return Step(node.line, name, None if command is None else str(command.value))


def _extra_args(name: str, node: Node, given: Mapping[str, Node], at: str, found: Findings) -> Step:
    only = "built-in steps only support a single extra_args key, found"
    if name not in BUILT_IN:
        raise _Wrong(f'"{name}" is not a valid step type', "write run: COMMAND", name)
    if len(given) > 1:
        raise _Wrong(f"{only} {len(given)}: {','.join(sorted(given))}", "put all arguments into extra_args")
    for key, child in given.items():
        if key != "extra_args":
            raise _Wrong(f'{only} "{key}" in step {name}', "write extra_args: […]", key)
        texts(child, f"{at}.{key}", found)
    return Step(node.line, name)


def _shell_wrong(name: str, given: Mapping[str, Node]) -> str | None:
    """What is wrong with `shell` and `shellArgs`, which every command has."""
    for key, needed in (("shell", "command"), ("shellArgs", "shell")):
        if key in given and needed not in given:
            return f'workflow steps only support "{key}" key in combination with "{needed}" key'
    arguments = given["shellArgs"].value if "shellArgs" in given else None
    if isinstance(arguments, tuple) and not all(isinstance(child.value, str) for child in arguments):
        return f'"{name}" step "shellArgs" option must contain only strings'
    if arguments is not None and not isinstance(arguments, (str, tuple)):
        return f'"{name}" step "shellArgs" option must be a string or a list of strings'
    return None


def _env_wrong(_: str, given: Mapping[str, Node]) -> str | None:
    for key in sorted(given):
        if key not in ("name", "command", "value", "shell", "shellArgs"):
            return f'env steps only support keys "name", "value", "command", "shell" and "shellArgs", found key "{key}"'
    if "name" not in given:
        return 'env steps must have a "name" key set'
    if "value" in given and "command" in given:
        return 'env steps only support one of the "value" or "command" keys, found both'
    return None


def _run_wrong(name: str, given: Mapping[str, Node]) -> str | None:
    if "command" not in given or not isinstance(given["command"].value, str):
        return f'"{name}" step must have a "command" key set'
    extra = sorted(set(given) - {"command", "output", "shell", "shellArgs"})
    if extra:
        return f'"{name}" steps only support keys "command", "output", "shell" and "shellArgs", found extra keys "{",".join(extra)}"'
    return _output_wrong(name, given["output"]) if "output" in given else None


def _output_wrong(name: str, node: Node) -> str | None:
    """`output` is a word, for `run` also a list of words and `filter_regex: RE`."""
    allowed = ", ".join(f'"{word}"' for word in _OUTPUTS[name])
    for part in node.value if name == "run" and isinstance(node.value, tuple) else (node,):
        filtered = part.value.get(_FILTER) if name == "run" and isinstance(part.value, Mapping) else None
        if filtered is not None:
            why = regexp_wrong(str(filtered.value))
            if why is not None:
                return f'run step "{_FILTER}" option "{filtered.value}": {why}'
        elif part.value not in (*_OUTPUTS[name], None):
            return f'{name} step "output" option must be one of {allowed}'
    return None


_SETTINGS = {"env": _env_wrong, "run": _run_wrong, "multienv": _run_wrong}
_stage = record(Stage, {"steps": items(step)}, "raw.Stage")
workflows: Field = table(record(Workflow, dict.fromkeys(STAGES, _stage), "raw.Workflow"))
"""The workflows of a file, by name; a name without anything behind it is the default under another name."""
