"""A landing zone's own skeletons, below `skeletons/`: what none of them may hold, and what makes one usable.

Two judgements, kept apart. What is *unsafe* would run code, or write where nothing of a stack belongs: nobody may even copy it
in. What is *wrong* keeps a skeleton from being used until somebody repairs it, and keeps nothing else from working.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.files import Below, Listing, Tree, join, safe_path
from generator.problems import Problem, Refused
from generator.stacks import vpn

OWN = "skeletons"
"""The folder of a landing zone's own skeletons."""
MANIFEST = "cookiecutter.json"
FRAMES = ("root-module", "landing-zone", "peering", "baseline")
"""What makes no stack of one account: the frame is the same in every landing zone."""
NEEDS = ("account", "network")
MOST_FILES, MOST_BYTES = 200, 2_000_000
"""A skeleton is something that people read; one that is larger holds something else."""

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")
_VERSION = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}(?:-[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*)?\Z")
_TAKEN = frozenset({"backend.tf", "providers.tf", "versions.tf", "account.tf.json", ".terraform.lock.hcl"})
_FORBIDDEN = ("_extensions", "_template")
# what changes how a template is written; anything else of Jinja's environment could import code, or undo the sandbox
_LOOKS = {
    "trim_blocks": bool,
    "lstrip_blocks": bool,
    **dict.fromkeys(("block_start_string", "block_end_string", "variable_start_string", "variable_end_string"), str),
    **dict.fromkeys(("comment_start_string", "comment_end_string", "line_statement_prefix", "line_comment_prefix"), str),
}
FIELDS: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("summary", "version", "needs", "module", "settings"), str),
    **dict.fromkeys(("instance", "once"), bool),
    **dict.fromkeys(("requires_tags", "inputs"), dict),
}
_INPUT = {"type": str, "help": str, "pattern": str, "reserved": list}
_FAILURES = (ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, RuntimeError, SyntaxError, TypeError, ValueError)
# `../modules/NAME/…`, or what a template has for the folder; any delimiters may stand around that
_SOURCE = re.compile(r"""\bsource\s*=\s*"(?:[./]*|[^\w"\n./][^"\n]*\W)modules[^\w"\n/]*/([\w-]+)/""")
_EXPRESSION = ("{{", "{%", "{#", "${", "%{")


def name_problem(name: str) -> str:
    """Why no skeleton can have a name; empty where one can."""
    if name in FRAMES:
        return f'"{name}" is the frame of every landing zone, which is not replaced'
    if name == "add":
        return '"add" is a word of the command, scaffold skeletons add'
    if not _NAME.match(name) or len(name) > 40:
        return f'"{name}" is no name of a skeleton: at most 40 lower-case letters, digits and single hyphens, a letter first'
    return ""


def folders(over: Tree) -> Mapping[str, Tree]:
    """The skeletons of a landing zone's own by name, each as a tree; those with a name that none can have are left out."""
    return {name: Below(over, name) for name in over.list("").directories if not name_problem(name)}


class _Linked:
    """The folder of a landing zone's own skeletons where it is a symbolic link: nothing in it is seen, and the link is."""

    def read(self, path: str) -> bytes | None:
        """See `Tree.read`."""
        return None

    def list(self, directory: str) -> Listing:
        """See `Tree.list`."""
        return Listing() if directory else Listing(links=("",))


def linked() -> Tree:
    """What stands for a folder of skeletons that is a symbolic link."""
    return _Linked()


def misnamed(over: Tree) -> Mapping[str, tuple[Problem, ...]]:
    """What stands beside them and can be no skeleton: names that none can have, and symbolic links."""
    listing = over.list("")
    names = {name: name_problem(name) for name in listing.directories}
    found = {name: _problem("broken-skeleton", join(OWN, name), why, "rename the folder", name) for name, why in names.items() if why}
    linked = "a symbolic link, which is not followed"
    links = {name: _problem("unsafe-skeleton", join(OWN, name), linked, "replace it by the folder itself") for name in listing.links}
    return {name: (problem,) for name, problem in {**found, **links}.items()}


def broken(name: str, message: str, remedy: str, value: str | None = None, file: str = MANIFEST) -> Problem:
    """Why a skeleton of a landing zone's own cannot be used, in one of its files."""
    return _problem("broken-skeleton", join(OWN, name, file), message, remedy, value)


@contextlib.contextmanager
def refusing(name: str) -> Iterator[None]:
    """Turn what goes wrong in a template of somebody's own skeleton into a refusal; the built-in ones have tests."""
    from jinja2 import TemplateError

    try:
        yield
    except (TemplateError, *_FAILURES) as error:
        number = None if isinstance(error, SyntaxError) else getattr(error, "lineno", None)
        message = f"a template of it cannot be rendered{f' (line {number})' if number else ''}: {_said(error)}"
        remedy = "correct it; a file that is no template is named in _copy_without_render"
        raise Refused([broken(name, message, remedy, file="")]) from None


def _said(error: Exception) -> str:
    """What went wrong in a template, in words that mean something to whoever wrote it."""
    if isinstance(error, MemoryError):
        return "it needs more memory than there is"
    if isinstance(error, (RecursionError, SyntaxError)):  # of the program that Jinja makes of it
        return f"it nests too deep, or calls itself without end ({getattr(error, 'msg', error)})"
    return str(error)


def refuse_leading_out(name: str, rendered: Iterable[str]) -> None:
    """Refuse names of templates that lead out of the stack once they are rendered: `lint` has to tell it before somebody uses them."""
    for path in rendered:
        try:
            safe_path(path)
        except Refused:
            message = f"the name of a template becomes {path!r}, which would leave the root"
            remedy = "rename the template, or correct the value that its name takes"
            raise Refused([_problem("unsafe-skeleton", join(OWN, name), message, remedy, path)]) from None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a folder: a path below it, and whether it is a symbolic link."""

    path: str
    is_link: bool = False


def entries(tree: Tree, directory: str = "") -> Iterator[Entry]:
    """Every file and every symbolic link below a directory."""
    listing = tree.list(directory)
    yield from (Entry(join(directory, name)) for name in listing.files)
    yield from (Entry(join(directory, name), is_link=True) for name in listing.links)
    for name in listing.directories:
        yield from entries(tree, join(directory, name))


def _problem(id: str, file: str, message: str, remedy: str, value: str | None = None) -> Problem:
    return Problem(id=id, file=file, message=message, remedy=remedy, value=value)


def document(tree: Tree) -> Mapping[str, Any] | str:
    """What `cookiecutter.json` says; or, as text, why that cannot be told."""
    content = tree.read(MANIFEST)
    if content is None:
        return "there is no such file, and without it this is no skeleton"
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        return f"it is no JSON ({error})"
    return found if isinstance(found, dict) else "it is no JSON object"


def unsafe(tree: Tree, at: str) -> list[Problem]:
    """What a skeleton, the root of `tree`, holds that may never be copied or rendered; `at` is where it is, for the messages."""
    found = list(entries(tree))
    return [*_unsafe_entries(found, at), *_size(tree, found, at), *_unsafe_document(tree, at)]


def _unsafe_entries(found: list[Entry], at: str) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for entry in found:
        file, folded = join(at, entry.path), entry.path.casefold()
        if _leaves(entry.path):
            message = f"the name {entry.path!r} would lead out of the folder, or into git's own"
            yield _problem("unsafe-skeleton", at, message, "rename it where it comes from", entry.path)
        elif entry.is_link:
            message = "a symbolic link, and what it points to is no part of the skeleton"
            yield _problem("unsafe-skeleton", file, message, "replace it by the file itself")
        elif folded.startswith("hooks/"):
            yield _problem("unsafe-skeleton", file, "a hook, which would run code", "remove it: nothing of a skeleton is run")
        elif seen.setdefault(folded, entry.path) != entry.path:
            message = f"it differs from {seen[folded]} in case only, and is the same file on some machines"
            yield _problem("unsafe-skeleton", file, message, "rename one of them")


def _leaves(path: str) -> bool:
    try:
        return ".git" in safe_path(path).casefold().split("/")
    except Refused:
        return True


def _size(tree: Tree, found: list[Entry], at: str) -> Iterator[Problem]:
    if len(found) > MOST_FILES:
        message = f"it has {len(found)} files, and a skeleton has at most {MOST_FILES}"
        yield _problem("unsafe-skeleton", at, message, "take out what is no part of it")
        return
    size = sum(len(tree.read(entry.path) or b"") for entry in found if not entry.is_link and not _leaves(entry.path))
    if size > MOST_BYTES:
        message = f"it has {size} bytes, and a skeleton has at most {MOST_BYTES}"
        yield _problem("unsafe-skeleton", at, message, "take out what is no part of it")


def _unsafe_document(tree: Tree, at: str) -> Iterator[Problem]:
    said = document(tree)
    if isinstance(said, str):
        return
    file = join(at, MANIFEST)
    for key in _FORBIDDEN:
        if key in said:
            yield _problem("unsafe-skeleton", file, f"it has {key}, which would run code", "remove it", key)
    options = said.get("_jinja2_env_vars", {})
    for key, value in options.items() if isinstance(options, dict) else [("", options)]:
        if key not in _LOOKS or not isinstance(value, _LOOKS[key]):
            message = f"_jinja2_env_vars has {key or value!r}, which may say more than how a template is written"
            yield _problem("unsafe-skeleton", file, message, f"keep only {', '.join(sorted(_LOOKS))}", str(key))


def wrong(tree: Tree, name: str) -> list[Problem]:
    """Why a skeleton that is safe cannot be used yet."""
    at, said = join(OWN, name), document(tree)
    file = join(at, MANIFEST)
    if isinstance(said, str):
        return [_problem("broken-skeleton", file, said, "repair it, or remove the folder")]
    found = [_problem("broken-skeleton", file, message, remedy) for message, remedy in (*_metadata(tree, said, name), *_root(tree))]
    return [*found, *_calls_another(tree, said, name)]


Wrong = Iterator[tuple[str, str]]


def _metadata(tree: Tree, said: Mapping[str, Any], name: str) -> Wrong:
    ours = said.get("_scaffold")
    if not isinstance(ours, dict):
        yield "it has no _scaffold, so what its stacks need is not known", 'add "_scaffold": {"summary": …, "version": "1.0.0", "needs": …}'
        return
    typed = [key for key, kind in FIELDS.items() if key in ours and not isinstance(ours[key], kind)]
    if typed:
        yield f"_scaffold has {', '.join(typed)} of another type than text, true or false, or a mapping", "write it as the others have it"
        return
    if not ours.get("summary") or not ours["summary"].isprintable():
        yield "_scaffold has no summary in one line of plain text", "say what the skeleton makes"
    if not _VERSION.match(ours.get("version", "")):
        yield f'_scaffold has the version "{ours.get("version", "")}"', "write a version such as 1.0.0"
    if ours.get("needs") not in NEEDS:
        yield f'_scaffold has needs "{ours.get("needs", "")}"', f"write one of {', '.join(NEEDS)}"
    if not all(isinstance(value, str) for value in ours.get("requires_tags", {}).values()):
        yield "_scaffold has requires_tags with a value that is no text", 'write them as {"tier": "vpn"}'
    if ours.get("settings", vpn.KEY) != vpn.KEY:
        yield (
            f'_scaffold has settings "{ours["settings"]}"',
            f'write "{vpn.KEY}", the part of scaffold.yaml that a stack may read',
        )
    yield from _module(tree, ours.get("module", ""), name)
    yield from _inputs(said, ours)
    for key, value in said.items():
        if not key.startswith("_") and any(mark in json.dumps(value) for mark in _EXPRESSION):
            yield f"{key} has an expression for its default, and a value is never a template", "write a plain value"


def _module(tree: Tree, module: str, name: str) -> Wrong:
    has_files = bool(tree.list("module").files)
    if module not in ("", name):
        there = "".join(f", there and in the source of {file}:{line}" for file, line, _ in _called(tree, name)[:1])
        yield f'_scaffold has the module "{module}"', f'write "{name}"{there}: a module is called as its skeleton is'
    elif has_files and not module:
        yield "there is a folder module/, and _scaffold names no module", f'add "module": "{name}"'
    elif module and not has_files:
        yield f'_scaffold has the module "{module}", and module/ holds no file', "write the module there, or take the name out"


def _calls_another(tree: Tree, said: Mapping[str, Any], name: str) -> Iterator[Problem]:
    """The stacks of a skeleton have the module that `_scaffold` names, so its main.tf has to call that one."""
    ours = said.get("_scaffold")
    if not isinstance(ours, dict) or ours.get("module") != name:  # what is wrong with that is said there
        return
    for file, line, folder in _called(tree, name):
        message = f'it calls the module "{folder}", and _scaffold has the module "{name}"'
        remedy = f'write "{name}" in the source'
        yield Problem(id="broken-skeleton", message=message, remedy=remedy, file=file, line=line, value=folder)


def _called(tree: Tree, name: str) -> list[tuple[str, int, str]]:
    """File, line and folder of each module beside the stacks that main.tf calls; none where that of `name` is among them."""
    found = []
    for root in roots(tree):
        file, text = join(OWN, name, root, "main.tf"), (tree.read(f"{root}/main.tf") or b"").decode(errors="replace")
        found += [(file, text.count("\n", 0, match.start()) + 1, match[1]) for match in _SOURCE.finditer(text)]
    return [] if any(folder == name for _, _, folder in found) else found


def _inputs(said: Mapping[str, Any], ours: Mapping[str, Any]) -> Wrong:
    inputs = ours.get("inputs", {})
    for key, found in inputs.items():
        if key not in said:
            yield f"the input {key} has no default", f'add "{key}" beside _scaffold'
        if not isinstance(found, dict) or not {"type", "help"} <= set(found):
            yield f"the input {key} does not say its type and help", "add both, as text"
        elif any(not isinstance(value, _INPUT.get(part, object)) for part, value in found.items()) or not _are_words(found):
            yield (
                f"the input {key} has a part of another type than a line of text, or reserved that is no list of words",
                "write it as the others have it",
            )
        elif not _compiles(found.get("pattern", "")):
            yield f"the input {key} has the pattern {found['pattern']!r}, which is no regular expression", "correct it"
    if ours.get("instance") and ("instance" not in inputs or "instance" not in said):
        yield "its stacks have instances, and there is no input instance", "add it to the defaults and to inputs, with a pattern"


def _are_words(found: Mapping[str, Any]) -> bool:
    """Is the help one line, and is every reserved word one?"""
    return found["help"].isprintable() and all(isinstance(word, str) for word in found.get("reserved", ()))


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def roots(tree: Tree) -> list[str]:
    """The folders that could hold a stack's templates: of a skeleton there is exactly one."""
    return [folder for folder in tree.list("").directories if "cookiecutter." in folder]


def _root(tree: Tree) -> Wrong:
    found = roots(tree)
    if len(found) != 1:
        said = f"there are {len(found)} folders" if found else "there is no folder"
        yield f"{said} whose name has cookiecutter. in it", "keep the templates of the stack in one, such as {{cookiecutter.stack}}"
        return
    names = tree.list(found[0]).files
    if "main.tf" not in names:
        yield f"{found[0]} has no main.tf, without which no stack is complete", "write one"
    for name in sorted(_TAKEN & set(names)):
        yield f"{found[0]} has {name}, which scaffold writes into every stack itself", "remove it"
