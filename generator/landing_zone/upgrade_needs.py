"""What another version of a module asks of the stacks that call it: its difference, and per stack what is to be written by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from generator.landing_zone.model import LandingZone
from generator.landing_zone.module_calls import Called, held, there
from generator.problems import Problem, Refused
from generator.stacks import versions
from generator.stacks.skeletons import Skeleton
from generator.stacks.versions import Difference, Interface

_INDEX = r"""(?:\.\*|\.[0-9]+|\[(?:[^\[\]"]|"[^"\n]*"|\[[^\[\]]*\])*\])?"""
"""What may stand between a module with count or for_each and its output: `[0]`, `["a"]`, `[each.key]`, `[*]`, `.*`."""


class Needs:
    """Answers for one module and one version of it that stacks are to call."""

    def __init__(self, zone: LandingZone, skeleton: Skeleton, to: str) -> None:
        self._zone = zone
        self._skeleton = skeleton
        self._to = to
        self._interfaces: dict[str, Interface | None] = {}
        self.problems: list[Problem] = []

    def files(self, version: str) -> Mapping[str, bytes]:
        """The files of a version: those of the repository, else those that the program or an own skeleton holds."""
        found = there(self._zone.tree, self._skeleton.module, version)
        return found or held(self._zone, self._skeleton.name).get(version, {})

    def _interface(self, version: str) -> Interface | None:
        """What a version takes and gives; None, and a problem, where that cannot be told."""
        if version not in self._interfaces:
            try:
                self._interfaces[version] = versions.interface(self.files(version))
            except Refused as error:
                self._interfaces[version] = None
                self.problems += error.problems
        return self._interfaces[version]

    @cached_property
    def _wanted(self) -> Interface | None:
        return self._interface(self._to)

    def difference(self, version: str) -> Difference | None:
        """What changes from a version to the one wanted; None where one of the two cannot be read."""
        before = self._interface(version) if self.files(version) else None
        return versions.difference(before, self._wanted) if before is not None and self._wanted is not None else None

    def of(self, found: Called) -> Iterator[Problem]:
        """What the call of a stack has to be given, or may give no more; and the outputs it uses that are gone."""
        if self._wanted is None or found.call is None:
            return
        given, line, what = set(found.call.arguments), found.call.line, f"{self._skeleton.module} {self._to}"
        missing = [name for name in self._wanted.required if name not in given]
        unknown = sorted(given - versions.META - self._wanted.variables.keys())
        if missing:
            message, remedy = f"{what} needs {', '.join(missing)}", "add it to this call; the difference of the module says what it is"
            yield Problem(id="missing-argument", file=found.file, line=line, message=message, remedy=remedy, value=", ".join(missing))
        if unknown:
            message, remedy = f"{what} has no input {', '.join(unknown)}", "take it out of this call"
            yield Problem(id="unknown-argument", file=found.file, line=line, message=message, remedy=remedy, value=", ".join(unknown))
        for file, name in self._lost(found, self._wanted):
            message, remedy = f"{what} has no output {name}", "take it out of this file"
            yield Problem(id="lost-output", file=file, message=message, remedy=remedy, value=name)

    def _lost(self, found: Called, wanted: Interface) -> Iterator[tuple[str, str]]:
        assert found.call is not None
        used = re.compile(rf"\bmodule\.{re.escape(found.call.label)}{_INDEX}\.([A-Za-z_][\w-]*)")
        for name in self._zone.tree.list(found.directory).files:
            if name.endswith(".tf"):
                path = f"{found.directory}/{name}"
                content = (self._zone.tree.read(path) or b"").decode(errors="replace")
                yield from ((path, output) for output in sorted({*used.findall(content)} - wanted.outputs))
