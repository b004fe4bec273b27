"""`--only KEY=VALUE[,…]`: a part of what is generated, by tags of the account or by place."""

from __future__ import annotations

from collections.abc import Sequence

from generator.accounts.model import Account
from generator.files import FileSet
from generator.landing_zone import projects
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import MODULE, plan_of
from generator.landing_zone.yaml_text import quoted
from generator.peering.existing import directory
from generator.problems import expected, refuse
from generator.stacks.model import ROOT
from generator.stacks.skeletons import PEERING

_PLACES = ("account", "region", "skeleton")


def select(files: FileSet, zone: LandingZone, only: str | None) -> FileSet:
    """The files of the stacks that match every term; all files where there is no selector."""
    if only is None:
        return files
    wanted = terms(zone, only)
    slugs = {account.slug for account in selected(zone, only)} | _others(zone, wanted)
    if not slugs:
        raise refuse("nothing-selected", f'--only "{only}" matches no account', "see scaffold accounts", value=only)
    peerings = [part for part in files.parts if part.name in _peerings(zone, slugs, wanted)]
    module = [part for part in files.parts if peerings and part.name == MODULE]
    parts = FileSet(part for part in files.parts if part.name.removeprefix(f"{ROOT}/") in slugs)
    directories = {stack.directory for slug in slugs for stack in zone.stacks(slug) if _here(stack.region, stack.skeleton, wanted)}
    stacks = FileSet.of({path: file for path, file in parts.files.items() if path.rpartition("/")[0] in directories})
    listed = projects.some(zone, directories | {part.name for part in peerings})
    return stacks | FileSet([*module, *peerings, *listed])


def _peerings(zone: LandingZone, slugs: set[str], terms: dict[str, str]) -> set[str]:
    """The directories of pairs with a side that matches."""
    found = plan_of(zone)
    sides = {pair: [found.members[name] for name in pair if name in found.members] for pair in found.pairs}
    return {
        directory(pair)
        for pair, members in sides.items()
        if any(member.account in slugs and _here(member.region, PEERING, terms) for member in members)
    }


def selected(zone: LandingZone, only: str | None) -> list[Account]:
    """The accounts that match every term; all where there is no selector."""
    return [account for account in zone.accounts if only is None or _matches(account, terms(zone, only))]


def _others(zone: LandingZone, terms: dict[str, str]) -> set[str]:
    """The accounts of accounts.yaml, which have no stacks but may be peered, that match every term."""
    tags = {key: value for key, value in terms.items() if key not in _PLACES}
    listed = ((other.slug, other.tags or {}) for other in zone.others.accounts.values())
    return {
        slug for slug, said in listed if terms.get("account", slug) == slug and all(said.get(key) == value for key, value in tags.items())
    }


def terms(zone: LandingZone, only: str, option: str = "--only") -> dict[str, str]:
    """What a selector asks for, by key; refused where it is none, in the words of the option that it was given to."""
    found = [_term(zone, text, option) for text in only.split(",")]
    keys = [key for key, _ in found]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        message = f"{option} has {twice} twice, and a stack must match every term"
        raise refuse("wrong-selector", message, _once(twice, found, option), value=only)
    return dict(found)


def _once(twice: str, found: Sequence[tuple[str, str]], option: str) -> str:
    """What to write where a key has several values. Only a selector of `--where` has a list, and it has no place but accounts."""
    values = list(dict.fromkeys(value for key, value in found if key == twice))
    listed = ", ".join(map(quoted, values))
    if len(values) == 1:
        return "write it once"
    if option == "--only" or twice in ("region", "skeleton") or any(key != twice for key, _ in found):
        return f"run this once for each value: {', '.join(values)}"
    if twice == "account":
        return f"write {{accounts: [{listed}]}}"
    return f"write {{matchExpressions: [{{key: {quoted(twice)}, operator: In, values: [{listed}]}}]}}"


def _term(zone: LandingZone, text: str, option: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    legal = [*_PLACES, *zone.organization.tags]
    if not equals:
        raise refuse("wrong-selector", f'{option} has "{text}"', "write KEY=VALUE, several with commas between", value=text)
    if key not in legal and not zone.organization.other_tags:
        raise refuse("wrong-selector", f'{option} names "{key}"', expected(key, legal), value=key)
    skeletons = [*zone.renderer.skeletons.stacks, *zone.renderer.skeletons.broken, PEERING]
    places = {"region": list(zone.organization.regions), "skeleton": skeletons}
    if key in places and value not in places[key]:
        raise refuse("wrong-selector", f'{option} has {key} "{value}"', expected(value, places[key]), value=value)
    return key, value


def _matches(account: Account, terms: dict[str, str]) -> bool:
    tags = {key: value for key, value in terms.items() if key not in _PLACES}
    return terms.get("account", account.slug) == account.slug and all(account.tags.get(key) == value for key, value in tags.items())


def _here(region: str, skeleton: str, terms: dict[str, str]) -> bool:
    return terms.get("region", region) == region and terms.get("skeleton", skeleton) == skeleton
