"""Rules of a change: what AFT refuses, destroys or leaves behind when a request changes or goes.

They are about the change itself, so a base never softens them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from shlex import quote

from generator.accounts.model import FOLDER, NETWORKS, VPC_CIDR, Account, Network
from generator.files import Tree, join, walk
from generator.hcl import syntax
from generator.landing_zone.account_changes import Field, changed_fields, hides, joined
from generator.landing_zone.lost_stacks import holds_terraform
from generator.landing_zone.model import LandingZone
from generator.landing_zone.readiness import live_network, previous
from generator.landing_zone.request_folder import CUSTOMIZATIONS
from generator.organization.catalogue import RULES
from generator.peering.existing import directory
from generator.problems import Problem
from generator.stacks.model import Stack
from generator.stacks.render import WAITING_ID

_CONTROL = "control_tower_parameters"
_NEW_ADDRESS = "AFT takes it for a new account, refuses that for its name, and deletes the pipeline and metadata of the old one"
_DROPPED = "AFT drops the message, and with it every other change of this account"
_MINUTES, _AT_ONCE = 5, 5
"""AFT: `aft-account-request-processor` runs every five minutes for one request; `concurrent_account_factory_actions` is five."""
_SHOWN = 5


def problems(zone: LandingZone, base: LandingZone) -> list[Problem]:
    """Everything that a change does to requests and that a person must know before the merge."""
    pairs = joined(base.accounts, zone.accounts)
    fresh = [now for was, now in pairs if was is None and now is not None]
    gone = [was for was, now in pairs if now is None and was is not None]
    found = [_removed(zone, was) for was in gone] if not hides(zone, fresh) else []
    for was, now in pairs:
        if was is not None and now is not None:
            found += [*_fields(was, now), *_ranges(zone, base, was, now), *_customizations(zone, base, was, now), *_label(zone, was, now)]
    return [*found, *(_unseen(base, fresh) if hides(base, gone) else _many(zone, fresh))]


def _problem(id: str, account: Account, path: tuple[str, ...], message: str, remedy: str, value: str | None = None) -> Problem:
    record = account.record
    return Problem(
        id=id,
        severity=RULES[id].severity,
        file=record.file,
        line=record.line_of(*path),
        message=f"{account.slug}: {message}",
        remedy=remedy,
        value=value,
    )


def _fields(was: Account, now: Account) -> Iterator[Problem]:
    for field in changed_fields(was, now):
        path = (field.place, field.key)
        if field.place == "account_tags" and field.told and field.new is None:
            message = f'the tag {field.key} ("{field.old}") goes from the request, and stays on the account: AFT never untags'
            command = f"aws organizations untag-resource --resource-id ACCOUNT --tag-keys {quote(field.key)}"
            remedy = f"in the management account, {command}"
            yield _problem("removed-tag", now, path, message, remedy, field.key)
        elif field.place == _CONTROL and field.permanent and field.new is not None:
            yield from _permanent(now, field)


def _permanent(now: Account, field: Field) -> Iterator[Problem]:
    path = (field.place, field.key)
    if field.told:
        effect = _NEW_ADDRESS if field.key == "AccountEmail" else _DROPPED
        message = f'{field.key} changes from "{field.old}" to "{field.new}", and it never can: {effect}'
        remedy = f'write "{field.old}"; if the account was never made, remove the request, merge, add it again and merge'
        yield _problem("permanent-field", now, path, message, remedy, field.new)
    elif isinstance(now.record.request.control_tower.get(field.key), str):
        message = f"{field.key} was unknown on the base, so whether this changes it cannot be told"
        yield _problem("unread-before", now, path, message, "compare it with the account: it can never change", field.new)


def _ranges(zone: LandingZone, base: LandingZone, was: Account, now: Account) -> Iterator[Problem]:
    changed = {field.key: field for field in changed_fields(was, now) if field.place == "custom_fields" and field.told}
    for network in was.networks:
        # a new home region is another home network
        field = changed.get(network.key) or (changed.get("region") if network.key == VPC_CIDR else None)
        if field is None or field.old is None:
            continue
        live, stacks = live_network(zone, now, network.name), _standing(base, was, network)
        said_already = live is not None and live.cidr_blocks and field.key != "region" and field.new is not None  # range-moved
        if (live is not None or stacks) and not said_already:
            new = f'to "{field.new}"' if field.new is not None else "to nothing"
            held = ", ".join([*([live.vpc_id] if live is not None else []), *stacks])
            message = f'{field.key} of {network.name} changes from "{field.old}" {new}: its VPC would be destroyed, with all in it ({held})'
            remedy = f'write "{field.old}"; a further network is custom_fields {NETWORKS}REGION/NAME'
            yield _problem("changed-range", now, ("custom_fields", field.key), message, remedy, field.new)


def _standing(base: LandingZone, account: Account, network: Network) -> list[str]:
    """The stacks of a network that may have been applied."""
    return [stack.directory for stack in base.stacks(account.slug) if stack.network == network.name and _may_hold(base, stack)]


def _may_hold(zone: LandingZone, stack: Stack | None) -> bool:
    """May a stack have been applied? One of ours that waits for its account never was; of a directory that is none, who knows."""
    return stack is None or previous(zone.tree, stack).get("id", WAITING_ID) != WAITING_ID


def _customizations(zone: LandingZone, base: LandingZone, was: Account, now: Account) -> Iterator[Problem]:
    """The state follows the account; a folder that is renamed with all that is in it builds the same."""
    old, new = was.record.request.customizations, now.record.request.customizations
    if not isinstance(old, str) or not isinstance(new, str) or not old or old == new:
        return
    before, after = _contents(base.tree, old), _contents(zone.tree, new)
    if new and before and before == after:
        return
    if new:
        gone = sorted(path for path in before if path.endswith((".tf", ".tf.json")) and before[path] != after.get(path))
        named = f" ({', '.join(gone[:_SHOWN])}{' and more' if len(gone) > _SHOWN else ''})" if gone else ""
        effect = f"AFT keeps one state per account, so Terraform destroys what {old} built and {new} lacks{named}"
    else:
        effect = f"AFT skips the stage, so what {old} built stays and nobody manages it"
    message = f'account_customizations_name changes from "{old}" to "{new}": {effect}'
    remedy = f'write "{old}", and change what is in that folder' + ("; or let the new one hold the same files first" if new else "")
    yield _problem("changed-customizations", now, ("account_customizations_name",), message, remedy, new)


def _contents(tree: Tree, name: str) -> dict[str, bytes | None]:
    folder = f"{CUSTOMIZATIONS}/{name}/"
    return {path.removeprefix(folder): tree.read(path) for path in walk(tree, folder.rstrip("/"))}


def _label(zone: LandingZone, was: Account, now: Account) -> Iterator[Problem]:
    old, new = (f"module.{account.record.request.label}" for account in (was, now))
    if old != new and new not in _reached(old, _moves(zone.tree)):
        message = (
            f"{old} is called {new} now: Terraform destroys its row and makes it again, and AFT deletes the account's pipeline and metadata"
        )
        yield _problem("renamed-label", now, (), message, f"add a block moved with from = {old} and to = {new}", new)


def _moves(tree: Tree) -> list[tuple[str, str]]:
    """From and to of every `moved` block of the request folder."""
    found = []
    for file in (join(FOLDER, name) for name in tree.list(FOLDER).files if name.endswith(".tf")):
        content = tree.read(file) or b""
        if b"moved" not in content:
            continue
        source = content.decode("utf-8-sig", "replace")
        for block in syntax.parse(content, file)[0]:
            spans = [block.attributes[name].span for name in ("from", "to") if name in block.attributes]
            if block.type == "moved" and len(spans) == 2:
                one, other = (source[span.start : span.end].strip() for span in spans)
                found.append((one, other))
    return found


def _reached(start: str, moves: Collection[tuple[str, str]]) -> set[str]:
    """Every address that moves lead to, one after the other."""
    found: set[str] = set()
    pending = [start]
    while pending:
        address = pending.pop()
        following = {to for origin, to in moves if origin == address} - found
        found |= following
        pending.extend(following)
    return found


def _removed(zone: LandingZone, was: Account) -> Problem:
    """An account without its request: what is left of it here decides whether it may go."""
    slug = was.slug
    stacks = [found.path for found in zone.directories(slug) if _may_hold(zone, found.stack)]
    described = slug in zone.others.accounts
    pairs = (
        [] if described else [directory(names) for names in zone.peerings().stacks if slug in (name.partition(".")[0] for name in names)]
    )
    left = [path for path in (*stacks, *sorted(pairs)) if holds_terraform(zone.tree, path)]
    if not left:
        message = "its request goes: AFT deletes its pipeline and metadata, and the account stays with everything in it, its tags too"
        remedy = "once it is empty, close it by hand in the management account"
        return _problem("removed-request", was, (), message, remedy, slug)
    named = f"{', '.join(left[:_SHOWN])}{f' and {len(left) - _SHOWN} more' if len(left) > _SHOWN else ''}"
    return _problem("removed-too-early", was, (), f"its request goes while {named} are there", _steps(slug, stacks, pairs), slug)


def _steps(slug: str, stacks: Sequence[str], pairs: Sequence[str]) -> str:
    """How an account is decommissioned, each step a change of its own."""
    retire = f"scaffold account {slug} --retire"
    steps = [
        f"restore the request, then {retire} and apply the tombstones of its peerings" if pairs else f"restore the request, then {retire}"
    ]
    if pairs:
        steps.append("scaffold peering prune")
    if stacks:
        steps += [f"{retire} --destroy REGION/STACK for each, and apply", f"{retire} --destroyed REGION/STACK for each"]
    steps += ["remove the request", "close the account by hand"]
    return "; ".join(f"({number}) {step}" for number, step in enumerate(steps, 1))


def _unseen(base: LandingZone, fresh: Sequence[Account]) -> Iterator[Problem]:
    files = ", ".join(sorted(base.reading.unreadable)) or FOLDER
    for account in fresh:
        message = f"whether it is new cannot be told: {files} could not be read on the base"
        yield _problem("unread-before", account, (), message, "compare it by hand: of an existing account nothing permanent may change")


def _many(zone: LandingZone, fresh: Sequence[Account]) -> Iterator[Problem]:
    number = len(fresh)
    if number > zone.organization.lint.requests:
        message = (
            f"{number} new requests: AFT takes one every {_MINUTES} minutes, with at most {_AT_ONCE} under way,"
            f" so the last one starts after {number * _MINUTES} minutes at the earliest"
        )
        remedy = "nothing; or split the change, if some of them are needed first"
        severity = RULES["many-requests"].severity
        yield Problem(id="many-requests", severity=severity, file=FOLDER, message=message, remedy=remedy, value=str(number))
