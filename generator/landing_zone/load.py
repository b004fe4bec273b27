"""`load(tree) -> LandingZone`: the work tree and a git ref are read by the same lines."""

from __future__ import annotations

from collections.abc import Sequence

from generator import inventory
from generator.accounts import others
from generator.accounts.model import account_of
from generator.accounts.read import read_folder
from generator.documents import strict_yaml
from generator.documents.shape import lines_of
from generator.files import Remembered, Tree
from generator.landing_zone.model import LandingZone
from generator.organization import read as organization
from generator.organization.model import Organization
from generator.organization.schema import FILE
from generator.peering import grammar
from generator.peering.policy import FILE as POLICY
from generator.peering.policy import Policy
from generator.problems import Problem, Refused, expected, refuse
from generator.stacks.render import Renderer
from generator.stacks.skeletons import Skeletons


def conventions(tree: Tree) -> Organization:
    """`scaffold.yaml` of a tree; refused where it is missing or wrong."""
    content = tree.read(FILE)
    if content is None:
        raise refuse("no-landing-zone", f"there is no {FILE} here", 'change into a landing zone, or make one with "scaffold init DIR"')
    found, problems = organization.read(content)
    if found is None:
        raise Refused(problems)
    return found


def load(tree: Tree, skeletons: Skeletons, day: str) -> LandingZone:
    """Everything the tree says on a day (`YYYY-MM-DD`). What cannot be read is among the problems, never silently absent.

    Over the built-in skeletons stand the tree's own.
    """
    tree = Remembered(tree)
    skeletons = skeletons.within(tree)
    found = conventions(tree)
    _refuse_unknown(tree, found, skeletons)
    reading = read_folder(tree)
    known, problems = inventory.read(tree.read(inventory.FILE))
    described = others.read(tree.read(others.FILE), found)
    accounts = tuple(account_of(record, found.environment_tag, found.home_region) for record in reading.records)
    policy, wrong = _policy(tree, found)
    return LandingZone(
        tree=tree,
        organization=found,
        accounts=accounts,
        reading=reading,
        inventory=known,
        live=known.by_email(),
        renderer=Renderer(skeletons, found),
        problems=(*reading.problems, *problems, *described.problems),
        others=described,
        day=day,
        policy=policy,
        policy_problems=tuple(wrong),
    )


def _policy(tree: Tree, found: Organization) -> tuple[Policy | None, list[Problem]]:
    """The peering policy; None without a problem where there is none. Whoever needs one refuses then."""
    content = tree.read(POLICY)
    return (None, []) if content is None else grammar.read(content, found)


def _refuse_unknown(tree: Tree, found: Organization, skeletons: Skeletons) -> None:
    """`stacks` may only name skeletons that there are, and of which an account has one: the others want a name each."""
    fit = [name for name, skeleton in skeletons.stacks.items() if not skeleton.instance]
    fit += skeletons.broken  # refused where one is to be made
    unfit = [(index, name) for index, name in enumerate(found.stacks) if name not in fit]
    if unfit:
        node, _ = strict_yaml.read(tree.read(FILE) or b"", FILE)
        assert node is not None
        raise Refused([_unfit(lines_of(node, "stacks", index), name, fit, name in skeletons.stacks) for index, name in unfit])


def _unfit(line: int, name: str, fit: Sequence[str], known: bool) -> Problem:
    if known:
        message = f'stacks names "{name}", of which every stack has a name of its own'
        remedy = f"take it out; scaffold account NAME --with {name}:INSTANCE adds one"
        return Problem(id="wrong-instance", file=FILE, line=line, message=message, remedy=remedy, value=name)
    message = f'stacks names "{name}", which is no skeleton'
    return Problem(id="unknown-skeleton", file=FILE, line=line, message=message, remedy=expected(name, fit), value=name)
