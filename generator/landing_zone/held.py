"""What holds a stack against its destruction: read from its files and from the local modules that they call.

Terraform destroys by what its state says, so whatever is to let go has to be applied in a change before the tombstone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.files import Tree, join
from generator.landing_zone.local_modules import LocalModules
from generator.landing_zone.lost_stacks import terraform_files
from generator.problems import Problem, Severity

_FIRST = "and apply that, in a change before this one"


@dataclass(frozen=True, slots=True)
class _Hold:
    """Something that a text declares, and the argument whose value lets it go; what it does, and what to do before the apply."""

    declared: re.Pattern[str]
    argument: str
    free: str
    what: str
    remedy: str


def _resource(type: str) -> re.Pattern[str]:
    return re.compile(rf'^\s*resource\s+"{type}"', re.MULTILINE)


def _assigned(argument: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{argument}\s*=", re.MULTILINE)


_PROTECTION = "(?:enable_)?deletion_protection(?:_enabled)?"
_HOLDS = (
    _Hold(
        _assigned(_PROTECTION),
        _PROTECTION,
        "false",
        "it has deletion protection, so AWS refuses to delete it",
        f"set deletion_protection = false, {_FIRST}",
    ),
    _Hold(
        _assigned("skip_final_snapshot"),
        "skip_final_snapshot",
        "true",
        "a final snapshot is taken, which stays and is paid for; the apply fails where its name is taken already",
        f"nothing, to keep it; else set skip_final_snapshot = true, {_FIRST}",
    ),
    _Hold(
        _resource("aws_ecr_repository"),
        "force_delete",
        "true",
        "its image repositories are not deleted while they hold images, and the apply fails",
        "copy the images that somebody still runs, and delete all of them, before the apply",
    ),
    _Hold(
        _resource("aws_s3_bucket"),
        "force_destroy",
        "true",
        "its buckets are not deleted while they hold objects, and the apply fails",
        "copy what somebody still needs, and empty them, old versions too, before the apply",
    ),
    _Hold(
        _assigned("prevent_destroy"),
        "prevent_destroy",
        "false",
        "prevent_destroy goes with the block that says it: it holds nothing against this destroy",
        "look again whether that is really to go",
    ),
    _Hold(
        _resource("aws_vpc"),
        "",
        "",
        "its VPC is not deleted while anything that Terraform did not make has an interface in it",
        "look for such interfaces (aws ec2 describe-network-interfaces) before the apply",
    ),
)


def held(tree: Tree, directory: str) -> Iterator[Problem]:
    """A warning for each thing that holds what a stack has made, or looks as if it did."""
    own = _text(tree, [directory])
    modules = _text(tree, LocalModules(tree).of(directory))
    for hold in _HOLDS:
        if any(hold.declared.search(text) for text in (own, modules)) and not _is_free(hold, (own, modules)):
            yield Problem(id="held", file=directory, message=hold.what, remedy=hold.remedy, severity=Severity.WARNING)


def _is_free(hold: _Hold, texts: Sequence[str]) -> bool:
    """Does the stack itself say the value that lets go; or, where it says nothing, what it calls?"""
    if not hold.argument:
        return False
    argument = re.compile(rf"^\s*{hold.argument}\s*=\s*([^\s#/]+)", re.MULTILINE)
    said = next((found for text in texts if (found := argument.findall(text))), [])
    return bool(said) and all(value == hold.free for value in said)


def _text(tree: Tree, directories: Sequence[str]) -> str:
    paths = (join(directory, name) for directory in directories for name in terraform_files(tree, directory))
    return "\n".join((tree.read(path) or b"").decode(errors="replace") for path in paths)
