"""Which version of its skeleton's module a stack calls, and which versions there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from generator.files import Tree, walk
from generator.landing_zone.dangers import OVERRIDE
from generator.landing_zone.local_modules import MANAGED, resolved
from generator.landing_zone.model import LandingZone
from generator.peering.existing import is_tombstone
from generator.stacks import calls, versions
from generator.stacks.calls import Call
from generator.stacks.model import MAIN, ROOT, Stack
from generator.stacks.render import release
from generator.stacks.skeletons import Skeleton

FOLDER = "modules"


@dataclass(frozen=True, slots=True)
class Further:
    """A call of the module in another file of the stack; `untold`: why that file, which names the module, is not understood."""

    name: str
    line: int | None = None
    version: str = ""
    untold: str = ""


@dataclass(frozen=True, slots=True)
class Called:
    """What the `main.tf` of a stack calls: one version of the module, a source of its own, or what cannot be told, and why.

    `further` are calls of the module in other files.
    """

    directory: str
    version: str = ""
    source: str = ""
    untold: str = ""
    call: Call | None = None
    text: str = ""
    further: tuple[Further, ...] = ()

    @property
    def file(self) -> str:
        """Its `main.tf`."""
        return f"{self.directory}/{MAIN}"


def called(tree: Tree, directory: str, module: str) -> Called | None:
    """What a stack calls; None where it is a tombstone, which calls nothing any more."""
    content = tree.read(f"{directory}/{MAIN}")
    if content is not None and is_tombstone(content):
        return None
    return replace(_in_main(tree, directory, module, content), further=tuple(_further(tree, directory, module)))


def _in_main(tree: Tree, directory: str, module: str, content: bytes | None) -> Called:
    if content is None:
        return Called(directory, untold=f"{MAIN} is missing")
    overriding = [name for name in tree.list(directory).files if OVERRIDE.match(name)]
    if overriding:
        return Called(directory, untold=f"{overriding[0]} may say otherwise than {MAIN}")
    text, found, why = _read(content)
    return Called(directory, untold=f"{MAIN} is not understood: {why}") if why else _told(directory, module, found, text)


def _read(content: bytes) -> tuple[str, list[Call], str]:
    """The text of a file and its calls; or why it is not understood."""
    try:
        text = content.decode()
        return text, calls.calls(text), ""
    except (ValueError, RecursionError) as error:
        return "", [], "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error) or "it is nested too deeply"


def _further(tree: Tree, directory: str, module: str) -> Iterator[Further]:
    """What other files than `main.tf` call; those that do not name the module are not looked into, since every stack is asked."""
    for name in tree.list(directory).files:
        if not name.endswith(".tf") or name == MAIN or name in MANAGED or OVERRIDE.match(name):
            continue
        content = tree.read(f"{directory}/{name}") or b""
        if f"/{module}/".encode() not in content:
            continue
        _, found, why = _read(content)
        if why:
            yield Further(name, untold=why)
        told = [(call.line, version_of(directory, call, module)) for call in found]
        yield from (Further(name, line, version) for line, version in told if version)


def _told(directory: str, module: str, found: list[Call], text: str) -> Called:
    ours = [(call, version) for call in found if (version := version_of(directory, call, module))]
    if len(ours) == 1:
        return Called(directory, ours[0][1], call=ours[0][0], text=text)
    if ours:
        return Called(directory, untold=f"{MAIN} calls {FOLDER}/{module} {len(ours)} times")
    if any(call.source is None for call in found):
        return Called(directory, untold=f"a source in {MAIN} is missing or computed")
    sources = ", ".join(dict.fromkeys(call.source or "" for call in found))
    return Called(directory, source=sources) if sources else Called(directory, untold=f"{MAIN} calls no module")


def version_of(directory: str, call: Call, module: str) -> str:
    """The version of a module that a call names; empty where it calls something else."""
    if call.source is None or not call.source.startswith(("./", "../")):
        return ""
    parts = resolved(directory, call.source).split("/")
    return parts[2] if len(parts) == 3 and parts[:2] == [FOLDER, module] else ""


def folder(module: str, version: str) -> str:
    """Where a version of a module is."""
    return f"{FOLDER}/{module}/{version}"


def held(zone: LandingZone, skeleton: str) -> Mapping[str, Mapping[str, bytes]]:
    """The versions of a skeleton's module that the program and the landing zone's own skeletons hold: version -> path -> bytes."""
    found: dict[str, Mapping[str, bytes]] = {}
    for skeletons in (zone.renderer.skeletons.builtin, zone.renderer.skeletons):
        files = release(skeletons, skeleton) if skeleton in skeletons.all else {}
        if files:
            said = skeletons.all[skeleton]
            base = f"{folder(said.module, said.version)}/"
            found[said.version] = {path.removeprefix(base): file.body for path, file in files.items()}
    return found


def there(tree: Tree, module: str, version: str) -> Mapping[str, bytes]:
    """The files of a version that the repository has."""
    base = folder(module, version)
    return {path[len(base) + 1 :]: tree.read(path) or b"" for path in walk(tree, base)}


def known(zone: LandingZone, skeleton: Skeleton) -> list[str]:
    """Every version of a skeleton's module that there is, the newest last."""
    listed = zone.tree.list(f"{FOLDER}/{skeleton.module}").directories
    placed = [
        name for name in listed if any(file.endswith((".tf", ".tf.json")) for file in zone.tree.list(folder(skeleton.module, name)).files)
    ]
    return sorted({*held(zone, skeleton.name), *placed}, key=versions.key)


def stacks_of(zone: LandingZone) -> Iterator[Stack]:
    """Every stack, also those whose account has no request, or one that could not be read."""
    for account in zone.tree.list(ROOT).directories:
        yield from zone.stacks(account)
