"""`scaffold peering verify-plan`: a Terraform plan against the landing zone that it was made in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.files import File
from generator.hcl.managed import Ownership, ownership
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import plan_of
from generator.peering import data, existing
from generator.peering.existing import DATA, IMPORTS, Existing, State
from generator.peering.model import pair_name
from generator.peering.plan import Action, Pair
from generator.peering.stack_files import PeeringFiles, data_file, imports, sides, tombstone
from generator.peering.verify import document
from generator.peering.verify.case import Case, Files
from generator.peering.verify.rules import pair_named, refusals
from generator.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a plan: its stack, as far as that can be told, how many objects each action meets, and why it is refused.

    A problem that is no error is worth knowing, and refuses nothing.
    """

    stack: str | None
    changes: Mapping[str, int]
    problems: tuple[Problem, ...]

    @property
    def accepted(self) -> bool:
        """Is it the decision's, and nothing else?"""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)


def verify(zone: LandingZone, content: bytes, stack: str | None = None) -> Verdict:
    """Judge what `terraform show -json` says of a plan of a peering stack (`peering/A--B`; None: the plan's objects say which).

    Refused (status 1) where nothing can be judged: no policy, a document that is no JSON.
    """
    plan_of(zone)  # first: without a policy there is nothing to judge, whatever the document is
    plan, problems = document.read(content)
    if plan is None:
        return Verdict(stack, {}, tuple(problems))
    name, problems = pair_named(plan, stack)
    found = {pair_name(pair): there for pair, there in zone.peerings().stacks.items()}.get(name)
    place = f"{existing.ROOT}/{name}" if name else None
    if not problems:
        problems = [_no_stack(zone, name)] if found is None else _judged(zone, plan, found)
    return Verdict(place, plan.counts(), tuple(problems))


def _no_stack(zone: LandingZone, name: str) -> Problem:
    """Not every directory is a stack of ours: one that lost what it is says so itself."""
    place = f"{existing.ROOT}/{name}"
    lost = [problem for problem in zone.peerings().problems if f"{problem.file}/".startswith(f"{place}/")]
    message, remedy = f"there is no peering stack {place} here", "give the directory of a pair that scaffold wrote"
    return lost[0] if lost else Problem(id="no-stack", file=place, message=message, remedy=remedy, value=place)


def _judged(zone: LandingZone, plan: document.TerraformPlan, stack: Existing) -> list[Problem]:
    decisions = plan_of(zone)
    decided = decisions.pairs[stack.pair]
    files = _files(zone, stack, decided)
    there = files.data if files.data is not None else zone.tree.read(f"{stack.directory}/{DATA}")
    try:
        said = data.read(there, stack.pair)
    except ValueError as error:
        message, remedy = f"the data of this pair cannot be read: {error}", 'restore it from git, or run "scaffold sync"'
        return [Problem(id="no-data", file=f"{stack.directory}/{DATA}", message=message, remedy=remedy)]
    return refusals(Case(plan, decided, decisions.doubts, stack, said, files))


def _files(zone: LandingZone, stack: Existing, decided: Pair) -> Files:
    render = PeeringFiles(zone.renderer)
    deciding = tombstone(stack.pair) if stack.state is State.TOMBSTONE else render.calling(stack.pair, None)
    expected = {path: file.content for path, file in {**render.constant(stack.pair), **deciding, **_adopted(zone, stack)}.items()}
    module = {path: file.body for path, file in render.module().items()}
    return Files(zone.tree, expected, module, render.version, _desired(zone, stack, decided))


def _adopted(zone: LandingZone, stack: Existing) -> dict[str, File]:
    """What the pair takes over, as scaffold wrote it: whose ids they are, the plan says."""
    there = zone.tree.read(f"{stack.directory}/{IMPORTS}") if stack.state is State.LIVE else None
    reviewed = zone.tree.read(f"{stack.directory}/{DATA}") or b""
    intact = there is not None and ownership(IMPORTS, there) is Ownership.INTACT and stack.data is not None
    return imports(stack.pair, there, reviewed) if intact else {}


def _desired(zone: LandingZone, stack: Existing, decided: Pair) -> bytes | None:
    """The data file that sync writes for a live pair; None where the one that is there stays: in doubt, denied, a tombstone."""
    if decided.error or (decided.action, decided.state) != (Action.KEEP, State.LIVE):
        return None
    return data_file(*sides(stack.pair, plan_of(zone).members, stack), zone.organization)
