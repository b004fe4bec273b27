"""What the Terraform of a stack must not say: Atlantis runs a plan with its server's credentials, before anybody approved it.

A plan reads data sources, and `external` runs a program; a provisioner runs one at apply. A state or a role that is
another stack's makes a reviewed plan change what nobody reviewed. What scaffold writes itself is not looked at twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from generator.files import File, Listing, Tree, join
from generator.hcl import syntax
from generator.hcl.syntax import Block
from generator.landing_zone import backends, programs
from generator.landing_zone.backends import Backend
from generator.landing_zone.model import LandingZone
from generator.landing_zone.programs import DECLARING, HARMLESS, MODULES, Place
from generator.peering import existing
from generator.peering.stack_files import PeeringFiles
from generator.problems import Problem
from generator.stacks.model import DATA, ROOT
from generator.stacks.render import release

_TERRAFORM = (".tf", ".tf.json", ".tofu", ".tofu.json")
OVERRIDE = re.compile(r"(?:.*_)?override\.(?:tf|tofu)(?:\.json)?\Z")
# a name with an ending is no directory of modules, or one that the rule for sources finds
_DOCUMENT = re.compile(r".+\.[A-Za-z][A-Za-z0-9]*\Z")
_ID = re.compile(rb'"id": "([0-9]{12})"')

# A name may be written with escapes, so a backslash is reason enough to look closer.
_RISKY = re.compile(rb"\\|\b(?:backend|cloud|provider|provisioner|external|local_command|required_providers)\b")
_HINTS = (b"\\", b"backend", b"cloud", b"provi", b"external", b"local_command")
"""What every match of that holds, and few files do."""
_STRANGE = re.compile(
    rf'(?<![.\w-])(?:{"|".join(DECLARING)})\b[ \t]*"?(?!(?:{"|".join(HARMLESS)})_)[A-Za-z_]'.encode(),
)
_MODULE, _SOURCE = re.compile(rb"\bmodule\b"), re.compile(rb"\bsource\b")
_WRITTEN_SOURCE = re.compile(rb'\bsource[ \t]*=[ \t]*"([^"\\$%\n]*)"')
_RISKY_JSON = (b"\\", *(f'"{name}"'.encode() for name in (*DECLARING, "check", "module", "provider", "terraform", "removed")))
_HEADER_JSON = rb"run \"scaffold sync\"."
# What hides in a file that cannot be read: its comments are those that no string and no other comment can hold.
_COMMENT = re.compile(rb'(?m)^([^"#/\n]*)(?:#|//)(?![^\n]*\*/)[^\n]*')
_HIDDEN = re.compile(rb"\\[uU]|\b(?:backend|cloud|provisioner|external|local_command|provider(?!\s*=))\b")


def dangers(zone: LandingZone) -> list[Problem]:
    """What is wrong in root modules and modules that people wrote or changed, and states that two root modules share."""
    return look(zone)[0]


def look(zone: LandingZone) -> tuple[list[Problem], Mapping[str, Sequence[Backend]]]:
    """The same, and where each root module keeps its state."""
    own, ours = _written_by_us(zone)
    found = _directories(zone.tree)
    links = frozenset(join(directory, name) for directory, listing in found.items() for name in listing.links)
    problems = list(_links(links))
    states: dict[str, list[Backend]] = {}
    for directory, listing in found.items():
        paths = [f"{directory}/{name}" for name in listing.files if name.endswith(_TERRAFORM)]
        if not paths:
            continue
        place = Place(directory, _home(directory, ours), links)
        blocks = _read(zone.tree, paths, own, place, problems)
        problems += _of_blocks(zone.tree, place, blocks) if blocks else ()
        if not directory.startswith(MODULES):
            states[directory] = list(_backends(zone, place, own, blocks))
            problems += _of_root(zone, place, paths, states[directory])
    return [*problems, *backends.shared(states)], states


def _directories(tree: Tree) -> Mapping[str, Listing]:
    """Every directory below the three that Terraform is planned in or called from, but for what Terraform keeps for itself."""
    found: dict[str, Listing] = {}
    pending = [ROOT, existing.ROOT, MODULES]
    while pending:
        directory = pending.pop()
        found[directory] = tree.list(directory)
        pending.extend(f"{directory}/{name}" for name in found[directory].directories if name != ".terraform")
    return dict(sorted(found.items()))


def _home(directory: str, ours: frozenset[str]) -> str:
    """The stack of ours that a directory is, or lies in; `modules` for what lies there; else empty."""
    if directory in ours:
        return directory
    parts = directory.split("/")
    if parts[0] == MODULES:
        return MODULES
    return next((above for number in range(len(parts), 0, -1) if (above := "/".join(parts[:number])) in ours), "")


def _links(links: frozenset[str]) -> Iterator[Problem]:
    """Terraform follows them, and nobody looks at what they point to."""
    for link in sorted(links):
        name = link.rpartition("/")[2]
        if name.endswith(_TERRAFORM) or not _DOCUMENT.match(name):
            message = "a symbolic link, which Terraform follows: nobody looks at what it points to"
            yield Problem(id="symlink", file=link, message=message, remedy="replace it by what it points to")


def _written_by_us(zone: LandingZone) -> tuple[Mapping[str, bytes], frozenset[str]]:
    """The constant files of every stack and pair and the releases of modules, as scaffold writes them now; the directories it keeps."""
    stacks = [stack for account in zone.accounts for stack in zone.stacks(account.slug)]
    pairs, render = zone.peerings().stacks, PeeringFiles(zone.renderer)
    found: dict[str, File] = {}
    for stack in stacks:
        found |= zone.renderer.managed(stack)
    for pair in pairs:
        found |= render.constant(pair)
    for name in zone.renderer.skeletons.builtin.all:  # what people write, or copy in, is looked at
        found |= release(zone.renderer.skeletons.builtin, name)
    directories = frozenset((*(stack.directory for stack in stacks), *map(existing.directory, pairs)))
    return {path: file.body for path, file in found.items()}, directories


def _read(tree: Tree, paths: Sequence[str], own: Mapping[str, bytes], place: Place, problems: list[Problem]) -> list[tuple[str, Block]]:
    """`(path, block)` of every file that could say something dangerous; a file that cannot be read is added to the problems."""
    found: list[tuple[str, Block]] = []
    for path in paths:
        content = tree.read(path) or b""
        if _is_own(content, path, own) or not _worth_parsing(content, path, place):
            continue
        blocks, unreadable = syntax.parse_json(content, path) if path.endswith(".json") else syntax.parse(content, path)
        found += [(path, block) for block in blocks]
        problems += (_unread(problem, content, path, place) for problem in unreadable)
    return found


def _is_own(content: bytes, path: str, own: Mapping[str, bytes]) -> bool:
    return path in own and (own[path] == content or own[path] == content.replace(b"\r\n", b"\n"))


def _worth_parsing(content: bytes, path: str, place: Place) -> bool:
    """Nearly every file is the call of one module: parsing them all would take minutes."""
    if path.endswith(".json"):
        return _is_risky_json(content)
    return _is_risky(content) or not _known_sources(content, path, place)


@lru_cache(maxsize=1 << 10)
def _is_risky_json(content: bytes) -> bool:
    said = content.replace(_HEADER_JSON, b"")
    return any(word in said for word in _RISKY_JSON)


@lru_cache(maxsize=1 << 10)  # most files are the same in many stacks
def _is_risky(content: bytes) -> bool:
    hinted = any(hint in content for hint in _HINTS)
    return bool((hinted and _RISKY.search(content)) or _STRANGE.search(content))


def _known_sources(content: bytes, path: str, place: Place) -> bool:
    """Is every module that the file may call one that is looked at here?"""
    sources = _sources(content)
    return sources is not None and all(programs.unseen(source, path, place) is None for source in sources)


@lru_cache(maxsize=1 << 10)
def _sources(content: bytes) -> tuple[str, ...] | None:
    """The sources of the modules that a file may call; None where not all are written down."""
    if not _MODULE.search(content):
        return ()
    written = _WRITTEN_SOURCE.findall(content)
    return tuple(source.decode(errors="replace") for source in written) if len(written) == len(_SOURCE.findall(content)) else None


def _unread(problem: Problem, content: bytes, path: str, place: Place) -> Problem:
    """Terraform may well read what our reader cannot: only what the file could hide makes it an error."""
    text = _COMMENT.sub(rb"\1", content)
    word = _HIDDEN.search(text)
    if word is None and (not place.home or _known_sources(text, path, place)):
        return problem.softened()
    what = word[0].decode() if word is not None else "source"
    message = f"{problem.message}; it holds {what}, so nobody can tell what it runs, or where"
    return replace(
        problem, message=message, remedy="write it so that it can be read, or move that into a file of its own", incomplete=False
    )


def _of_blocks(tree: Tree, place: Place, blocks: Sequence[tuple[str, Block]]) -> Iterator[Problem]:
    strangers: dict[str, Problem] = {}
    accounts = _accounts(tree, place.directory) if blocks else frozenset()
    for path, block in blocks:
        yield from programs.programs(path, block)
        yield from programs.modules(path, block, place)
        for name, problem in programs.strangers(path, block):
            strangers.setdefault(name, problem)
        if place.home:
            yield from programs.renamed(path, block)
            yield from programs.roles(path, block, place, accounts) if place.ours else programs.configured(path, block)
    yield from strangers.values()


def _accounts(tree: Tree, directory: str) -> frozenset[str]:
    """The accounts that a stack's data file names."""
    content = b"".join(tree.read(f"{directory}/{name}") or b"" for name in (DATA, existing.DATA))
    return frozenset(found.decode() for found in _ID.findall(content))


def _backends(zone: LandingZone, place: Place, own: Mapping[str, bytes], blocks: Sequence[tuple[str, Block]]) -> Iterator[Backend]:
    """Our own backend, which is not parsed, and all that other files say beside it."""
    path = f"{place.directory}/{existing.BACKEND}"
    if _is_own(zone.tree.read(path) or b"", path, own):
        yield Backend(zone.organization.state.bucket, place.directory, path)
    for file, block in blocks:
        yield from backends.backends(file, block)


def _of_root(zone: LandingZone, place: Place, paths: Sequence[str], found: Sequence[Backend]) -> Iterator[Problem]:
    """Every root module keeps its state in a backend, and nothing in a stack of ours replaces what another file says."""
    if not found and place.home in ("", place.directory):
        yield backends.missing(place.directory)
    if not place.ours:
        return
    yield from backends.of_ours(place.directory, found, zone.organization.state.bucket)
    for path in paths:
        if OVERRIDE.match(path.rpartition("/")[2]):
            message = "an override file replaces parts of what the other files say, those of scaffold too"
            yield Problem(id="override-file", file=path, message=message, remedy="say it in the file that declares it")
