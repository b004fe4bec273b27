"""`load(tree) -> LandingZone`: the work tree and a git ref are read by the same lines."""

from __future__ import annotations

from generator import inventory
from generator.accounts import others
from generator.accounts.model import account_of
from generator.accounts.read import read_folder
from generator.documents import strict_yaml
from generator.documents.shape import lines_of
from generator.documents.strict_yaml import Node
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
    """Everything the tree says on a day (`YYYY-MM-DD`). What cannot be read is among the problems, never silently absent."""
    tree = Remembered(tree)
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
    """`stacks` may only name skeletons that there are."""
    unknown = [(index, name) for index, name in enumerate(found.stacks) if name not in skeletons.stacks]
    if unknown:
        node, _ = strict_yaml.read(tree.read(FILE) or b"", FILE)
        assert node is not None
        raise Refused([_unknown(node, index, name, skeletons) for index, name in unknown])


def _unknown(node: Node, index: int, name: str, skeletons: Skeletons) -> Problem:
    message, line = f'stacks names "{name}", which is no skeleton', lines_of(node, "stacks", index)
    return Problem(id="unknown-skeleton", file=FILE, line=line, message=message, remedy=expected(name, skeletons.stacks), value=name)
