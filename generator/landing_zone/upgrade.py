"""`scaffold upgrade`: chosen stacks call another version of their module; of each `main.tf` only that version moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from generator.files import File, FileSet, Kind, Overlaid
from generator.hcl import managed
from generator.hcl.managed import Ownership, ownership
from generator.landing_zone import projects
from generator.landing_zone.model import LandingZone
from generator.landing_zone.module_calls import Called, called, folder, held, known, stacks_of, there, version_of
from generator.landing_zone.peerings import plan_of
from generator.landing_zone.upgrade_needs import Needs
from generator.landing_zone.where import Where, where
from generator.peering import existing
from generator.peering.existing import Existing, State
from generator.peering.stack_files import PeeringFiles
from generator.problems import Problem, Severity, expected, refuse
from generator.stacks import calls, versions
from generator.stacks.model import MAIN, Stack
from generator.stacks.skeletons import PEERING, Skeleton


@dataclass(frozen=True, slots=True)
class Moved:
    """A stack that calls the version from now on; `version` is the one before, `files` what is written in its directory."""

    directory: str
    version: str
    files: Mapping[str, File]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What will be written. `current` call the version already; `left` are problems of what is left alone, and why."""

    skeleton: Skeleton
    to: str
    files: FileSet
    moved: tuple[Moved, ...]
    current: tuple[str, ...]
    left: tuple[Problem, ...]
    needs: Needs

    @property
    def problems(self) -> list[Problem]:
        """What a person should know: what is left alone, what a stack still has to be told, and steps back."""
        told = [problem for moved in self.moved for problem in moved.problems]
        back = sorted({moved.version for moved in self.moved if versions.key(moved.version) > versions.key(self.to)}, key=versions.key)
        if back:
            message = f"{self.skeleton.name} {', '.join(back)} to {self.to} goes back to an older version"
            remedy = "read the plan: what the newer one added is destroyed"
            told.append(Problem(id="goes-back", message=message, remedy=remedy, severity=Severity.WARNING))
        return [*self.left, *told, *self.needs.problems]


def upgrade(zone: LandingZone, name: str, to: str, chosen: str | None) -> Upgrade:
    """The files that move the stacks of a skeleton, or the pairs, to a version; `chosen` None is all of them."""
    skeleton = zone.renderer.skeletons.all[PEERING] if name == PEERING else zone.renderer.skeletons.get(name)
    if not skeleton.module:
        raise refuse("no-module", f"the skeleton {name} has no module, so its stacks call none", "edit them by hand", value=name)
    released = _released(zone, skeleton, to)
    found = _Found(zone, skeleton, to, where(zone, chosen), Needs(zone, skeleton, to))
    found.look()
    if not (found.moved or found.current or found.left):
        remedy = "see scaffold outdated and scaffold accounts"
        raise refuse("nothing-selected", f"no stack of {name} matches {chosen or 'anything: there is none'}", remedy, value=chosen)
    files = {path: file for moved in found.moved for path, file in moved.files.items()}
    files |= released if found.moved else {}
    files |= _listed(zone, files, [moved.directory for moved in found.moved])
    return Upgrade(skeleton, to, FileSet.of(files), tuple(found.moved), tuple(found.current), tuple(found.left), found.needs)


def _released(zone: LandingZone, skeleton: Skeleton, to: str) -> dict[str, File]:
    """The folder of a version; refused where there is no such version, or where it is there with other bytes."""
    legal = known(zone, skeleton)
    if to not in legal:  # asked first: `to` may be a path, which leads anywhere
        raise refuse("unknown-version", f'there is no version "{to}" of {skeleton.name}', expected(to, legal), value=to)
    base, present = folder(skeleton.module, to), there(zone.tree, skeleton.module, to)
    wanted = held(zone, skeleton.name).get(to)
    if wanted is None:
        return {}
    if zone.tree.list(base).links or any(_lines(content) != _lines(wanted.get(path)) for path, content in present.items()):
        odd = next((path for path, content in present.items() if _lines(content) != _lines(wanted.get(path))), "")
        message = f"{skeleton.name} {to} is there with other bytes, and a version never changes"
        raise refuse("module-changed", message, "restore it from git, or give the change a version of its own", file=f"{base}/{odd}")
    return {f"{base}/{path}": File(present.get(path, body), Kind.RELEASE) for path, body in wanted.items()}


def _lines(content: bytes | None) -> bytes | None:
    """A checkout may have turned line ends into CRLF."""
    return None if content is None else content.replace(b"\r\n", b"\n")


def _listed(zone: LandingZone, files: Mapping[str, File], directories: list[str]) -> Mapping[str, File]:
    """`atlantis.yaml`, which watches the module that each stack calls."""
    tree = Overlaid(zone.tree, {path: file.body for path, file in files.items()})
    after = replace(zone, tree=tree, _directories={}, _peerings=[])
    found = FileSet(projects.some(after, directories)).files
    return {path: file for path, file in found.items() if file.content != zone.tree.read(path)}


@dataclass(slots=True)
class _Found:
    """What is found, stack by stack."""

    zone: LandingZone
    skeleton: Skeleton
    to: str
    where: Where
    needs: Needs
    moved: list[Moved] = field(default_factory=list)
    current: list[str] = field(default_factory=list)
    left: list[Problem] = field(default_factory=list)

    def look(self) -> None:
        """Look at every stack, or every pair."""
        if self.skeleton.name == PEERING:
            for pair in sorted(self.zone.peerings().stacks.values(), key=lambda pair: pair.pair):
                self._pair(pair)
            return
        for stack in stacks_of(self.zone):
            if stack.skeleton == self.skeleton.name and self.where.here(stack.region) and self._is_chosen(stack):
                self._one(stack.directory)

    def _is_chosen(self, stack: Stack) -> bool:
        """Do its accounts match? Of two requests with one slug, both."""
        accounts = [account for account in self.zone.accounts if account.slug == stack.account]
        told = [self.where.account(account, stack.skeleton) for account in accounts]
        why = next((why for _, why in told if why), "" if told else f"no request of {stack.account} was read")
        if why:
            self.left.append(_note("not-chosen", f"{stack.directory}/{MAIN}", f"not chosen: {why}"))
        return bool(told) and all(is_chosen for is_chosen, _ in told)

    def _one(self, directory: str) -> None:
        found = called(self.zone.tree, directory, self.skeleton.module)
        if found is not None and self._is_to_move(found):
            file = File(_with_version(found, self.skeleton.module, self.to).encode(), Kind.RECORD)
            self.moved.append(Moved(directory, found.version, {found.file: file}, tuple(self.needs.of(found))))

    def _is_to_move(self, found: Called) -> bool:
        """Does it call another version? What cannot be moved is left alone, and listed."""
        self.left += _further(found, self.skeleton.module, self.to)
        if found.untold:
            remedy = f"edit it by hand: {folder(self.skeleton.module, self.to)}"
            self.left.append(Problem(id="untold-call", file=found.file, message=f"left alone: {found.untold}", remedy=remedy))
        elif found.source:
            self.left.append(_note("own-source", found.file, f'left alone: it calls a source of its own, "{found.source}"'))
        elif found.version == self.to:
            self.current.append(found.directory)
        return bool(found.version) and found.version != self.to

    def _pair(self, stack: Existing) -> None:
        members = plan_of(self.zone).members
        if stack.state is not State.LIVE:
            return
        sides = [members[name] for name in stack.pair if name in members]
        gone = ", ".join(name for name in stack.pair if name not in members)
        is_chosen, why = self.where.pair((sides[0], sides[1]), PEERING) if not gone else (False, f"nothing describes {gone}")
        if why:
            self.left.append(_note("not-chosen", f"{stack.directory}/{MAIN}", f"not chosen: {why}"))
        found = called(self.zone.tree, stack.directory, self.skeleton.module) if is_chosen else None
        if found is None or not self._is_to_move(found):
            return
        edited = _edited(self.zone, stack)
        if edited:
            remedy = "restore it from git and run this again"
            self.left.append(Problem(id="conflict", file=edited, message="left alone: this managed file was edited by hand", remedy=remedy))
            return
        self.moved.append(Moved(stack.directory, found.version, self._calling(stack, found)))

    def _calling(self, stack: Existing, found: Called) -> Mapping[str, File]:
        """The managed files that call the version: rendered where the program has it, else with the version alone moved."""
        if self.to == self.skeleton.version:
            return PeeringFiles(self.zone.renderer).calling(stack.pair, None)
        _, _, body = _with_version(found, self.skeleton.module, self.to).replace("\r\n", "\n").partition("\n")
        return {found.file: File(managed.text_file(body), Kind.MANAGED)}


def _note(id: str, file: str, message: str) -> Problem:
    return Problem(id=id, file=file, message=message, severity=Severity.NOTE)


def _further(found: Called, module: str, to: str) -> Iterator[Problem]:
    """Calls in other files than `main.tf`, which nobody moves: which of them are to follow is for a person to say."""
    for each in found.further:
        why, remedy = f"it calls {module} {each.version}, too", f"edit it by hand: {folder(module, to)}"
        if each.untold:
            why, remedy = f"it is not understood: {each.untold}", f"see whether it calls {folder(module, to)}"
        if each.version != to:
            file, message = f"{found.directory}/{each.name}", f"left alone: {why}"
            yield Problem(id="further-call", file=file, line=each.line, message=message, remedy=remedy, severity=Severity.WARNING)


def _edited(zone: LandingZone, stack: Existing) -> str:
    """A calling file of a pair that somebody edited; empty where none is."""
    contents = {path: zone.tree.read(path) for path in (f"{stack.directory}/{name}" for name in (existing.MAIN, existing.OUTPUTS))}
    return next((path for path, body in contents.items() if body is not None and ownership(path, body) is not Ownership.INTACT), "")


def _with_version(found: Called, module: str, to: str) -> str:
    """The text of a `main.tf` that calls another version; every other character stays, which is looked at again."""
    assert found.call is not None
    text, call = found.text, found.call
    start = text.rindex(found.version, call.start, call.end)
    after = text[:start] + to + text[start + len(found.version) :]
    before, again = calls.calls(text), calls.calls(after)
    told = [(each.label, each.arguments, to if each == call else each.source) for each in before]
    if told != [(each.label, each.arguments, _seen(found, each, module, to, call)) for each in again]:
        message, remedy = "the change would alter more than the version", f"edit it by hand: {folder(module, to)}"
        raise refuse("edit-not-proved", message, remedy, file=found.file)
    return after


def _seen(found: Called, each: calls.Call, module: str, to: str, moved: calls.Call) -> str | None:
    """The version of the call that was moved, the source of any other."""
    return version_of(found.directory, each, module) if each.start == moved.start else each.source
