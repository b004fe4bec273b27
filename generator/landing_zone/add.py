"""`scaffold account NAME`: add a record, or change one value of it, and write what that changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from generator import ranges
from generator.accounts import add, edit, names, tags
from generator.accounts.model import VPC_CIDR, Account, Record, Request, account_of, label, slug
from generator.accounts.others import FILE as OTHERS
from generator.accounts.write import path, write
from generator.atlantis.region import FILE as ATLANTIS
from generator.files import File, FileSet, Kind
from generator.hcl.evaluate import Unknown
from generator.hcl.managed import Ownership, ownership
from generator.hcl.quoting import text
from generator.landing_zone import placeholders, projects
from generator.landing_zone.desired import desired
from generator.landing_zone.fit import misfits
from generator.landing_zone.in_use import in_use, parsed
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import MODULE
from generator.landing_zone.readiness import facts
from generator.landing_zone.stack_specs import StackSpec, check_free, fits, home_region, stacks
from generator.peering.existing import ROOT as PEERINGS
from generator.problems import Problem, Refused, Severity, expected, refuse
from generator.stacks.model import ROOT, Stack


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks of one account. `stacks` None are the organization's standard ones."""

    spec: add.Spec
    owner: str | None = None
    stacks: tuple[StackSpec, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What will be written, and the landing zone as it then is."""

    zone: LandingZone
    account: Account
    files: FileSet
    created: bool
    stacks: tuple[Stack, ...] = ()
    changes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()


def account(zone: LandingZone, wanted: Wanted) -> Outcome:
    """The files of an account that is added or completed; refused with every reason, before anything is written."""
    spec = _with_owner(wanted, zone)
    outcome = _decided(zone, replace(wanted, spec=spec))
    notes = (*outcome.notes, *_given_ranges(zone, outcome.account, spec), *_standing(zone, outcome.account, wanted))
    unsure = placeholders.doubt(zone.tree) if outcome.created or outcome.zone.added else ()
    return replace(outcome, notes=(*notes, *unsure))


def _standing(zone: LandingZone, account: Account, wanted: Wanted) -> Iterator[Problem]:
    """Stacks that are there, and were to be left out: nothing is deleted for that."""
    for stack in zone.stacks(account.slug):
        if stack.skeleton in wanted.without:
            message = "this stack is there and stays: --without leaves out only what is not there yet"
            remedy = f'scaffold account "{account.name}" --retire takes all of an account down, in steps'
            yield Problem(id="stays", file=stack.directory, message=message, remedy=remedy, severity=Severity.NOTE)


def _given_ranges(zone: LandingZone, account: Account, spec: add.Spec) -> Iterator[Problem]:
    """Ranges given by hand: those of one account may not meet, and what meets another's can never be peered with it."""
    for given in (found for found in spec.networks if found.cidr_block is not None):
        own = account.network(given.region, given.label)
        cidr = ranges.parse(given.cidr_block or "")
        for other in (network for found in zone.accounts for network in found.networks if own and network.name != own.name):
            if not isinstance(other.cidr_block, str) or not any(cidr.overlaps(found) for found in parsed([other.cidr_block])):
                continue
            if other.account == account.slug:
                message = f"{cidr} overlaps {other.name} ({other.cidr_block}), a network of the same account"
                raise refuse("overlap", message, "give another range, or none to have one chosen", value=str(cidr))
            message = f"{cidr} overlaps {other.name} ({other.cidr_block}): the two can never be peered"
            yield Problem(id="overlap", message=message, remedy="leave the range out to have a free one chosen", severity=Severity.WARNING)


def _decided(zone: LandingZone, wanted: Wanted) -> Outcome:
    spec, found = wanted.spec, zone.one(slug(wanted.spec.name))
    if found is None:
        return _new(zone, wanted)
    if found.name != spec.name and slug(spec.name) != spec.name:
        message = f'the name "{spec.name}" gives the slug {found.slug}, which "{found.name}" has ({found.record.file})'
        raise refuse("same-slug", message, "choose another name", value=spec.name)
    return _existing(zone, found, wanted)


def _with_owner(wanted: Wanted, zone: LandingZone) -> add.Spec:
    spec, key = wanted.spec, zone.organization.owner_tag
    if wanted.owner is None:
        return spec
    if spec.tags.get(key, wanted.owner) != wanted.owner:
        message = f'--owner is "{wanted.owner}" and --tag {key} is "{spec.tags[key]}"'
        raise refuse("owner-twice", message, "give one of them", value=wanted.owner)
    return replace(spec, tags={**spec.tags, key: wanted.owner})


def _new(zone: LandingZone, wanted: Wanted) -> Outcome:
    spec, problems = wanted.spec, [*_hidden(zone, wanted.spec), *_clashes(zone, wanted.spec), *_unknown_skeletons(zone, wanted)]
    try:
        request = add.request(spec, zone.organization, [found for found, _ in in_use(zone)])
    except Refused as error:
        raise Refused([*problems, *error.problems]) from None
    if problems:
        raise Refused(problems)
    source = write(request)
    record = Record(request, path(slug(spec.name)), 1, True, {}, source)
    after = _with(zone, record)
    return _outcome(zone, after, wanted, record, _standard(zone, wanted), created=True)


def _hidden(zone: LandingZone, spec: add.Spec) -> Iterator[Problem]:
    """Requests that could not be read, or do not say which account they are: the account may be among them already."""
    unread = [problem.place for problem in zone.reading.problems if problem.incomplete and problem.id != "unknown-value"]
    nameless = (found.record for found in zone.accounts if isinstance(found.name, Unknown) or isinstance(found.email, Unknown))
    places = [*unread, *(f"{record.file}:{record.line}" for record in nameless)]
    if places:
        message = f"whether {slug(spec.name)} exists already cannot be told: {', '.join(dict.fromkeys(places))} could not be read"
        yield Problem(id="unread-account", message=message, remedy="repair that first (see scaffold lint)", value=spec.name)


def _clashes(zone: LandingZone, spec: add.Spec) -> Iterator[Problem]:
    address = (spec.email or names.email(spec.name, zone.organization)).lower()
    for other in zone.accounts:
        if isinstance(other.email, str) and other.email.lower() == address:
            message = f'the address "{address}" is already that of {other.slug} ({other.record.file})'
            yield Problem(id="same-email", message=message, remedy="give --email another one", value=address)
    described = zone.others.accounts.get(slug(spec.name))
    if described is not None and described.is_account:
        message = f"{described.slug} is described here as an account without a request"
        remedy = "edit it there; or choose another name; or remove its id and tags there first, if AFT should take that account over"
        yield Problem(id="same-slug", file=OTHERS, line=described.line, message=message, remedy=remedy, value=spec.name)
    file = path(slug(spec.name))
    if label(slug(spec.name)) in zone.reading.labels:
        place = zone.reading.labels[label(slug(spec.name))]
        message = f'there is a module "{label(slug(spec.name))}" already ({place}), and Terraform takes each name once'
        yield Problem(id="duplicate-module", message=message, remedy="rename that module, or choose another name", value=spec.name)
    if zone.tree.read(file) is not None:
        remedy = "see what scaffold lint says of it, or choose another name"
        yield Problem(id="occupied", file=file, message=f"this file exists and holds no request of {slug(spec.name)}", remedy=remedy)


def _unknown_skeletons(zone: LandingZone, wanted: Wanted) -> Iterator[Problem]:
    known = {*zone.renderer.skeletons.stacks, *zone.renderer.skeletons.broken}  # a broken one says itself why it cannot be had
    for name in {spec.skeleton for spec in wanted.stacks} & set(wanted.without):
        yield Problem(id="with-and-without", message=f"--with and --without both name {name}", remedy="leave one out", value=name)
    for option, given in (("--with", [spec.skeleton for spec in wanted.stacks]), ("--without", list(wanted.without))):
        for name in given:
            if name not in known:
                yield Problem(id="unknown-skeleton", message=f'{option} names "{name}"', remedy=expected(name, known), value=name)


def _standard(zone: LandingZone, wanted: Wanted) -> list[StackSpec]:
    """The organization's standard stacks, and a network stack for each network asked for."""
    standard = [StackSpec(name) for name in zone.organization.stacks if name not in wanted.without]
    return [*standard, *_network_stacks(wanted)]


def _network_stacks(wanted: Wanted) -> list[StackSpec]:
    if "network" in wanted.without:
        return []
    return [StackSpec("network", "", found.region, found.label) for found in wanted.spec.networks]


def _with(zone: LandingZone, record: Record) -> LandingZone:
    """The landing zone with one record added or replaced."""
    organization = zone.organization
    fresh = account_of(record, organization.environment_tag, organization.home_region)
    others = tuple(found for found in zone.accounts if found.slug != fresh.slug)
    return replace(zone, accounts=(*others, fresh))


def _outcome(
    zone: LandingZone,
    after: LandingZone,
    wanted: Wanted,
    record: Record,
    standard: list[StackSpec],
    *,
    created: bool,
    changes: Mapping[tuple[str, str], str] | None = None,
    record_file: bytes | None = None,
) -> Outcome:
    own = after.accounts[-1]
    chosen = stacks(after, own, [*(spec for spec in standard if fits(after, own, spec)), *wanted.stacks])
    blocked = [problem for stack in chosen if (problem := check_free(zone, stack)) is not None]
    if blocked:
        raise Refused(blocked)
    there = set(zone.stacks(own.slug))
    fresh = tuple(stack for stack in chosen if stack not in there)
    after = replace(after, added={own.slug: fresh} if fresh else {})
    _refuse_unknown(after, own, fresh)
    files: dict[str, File] = {}
    if created or record_file is not None:
        files[record.file] = File(record_file if record_file is not None else record.source.encode(), Kind.RECORD)
    files.update(_seeds(zone, own, chosen))
    own_files = _own(after, own)
    completed = {path: file for path, file in own_files.items() if zone.tree.read(path) is None}
    written = {**files, **completed, **_generated(zone, after)}
    written |= _listed(after, written)
    notes = tuple(_stale(zone, own_files, written))
    return Outcome(after, own, FileSet.of(written), created, tuple(after.stacks(own.slug)), changes or {}, notes)


def _generated(zone: LandingZone, after: LandingZone) -> dict[str, File]:
    """What the change makes of generated files; and the module of a new pair, which another pair that waits for sync wants too."""
    wanted = desired(after)
    found = dict(wanted.less(desired(zone)).files)
    if any(path.startswith(f"{PEERINGS}/") for path in found):
        module = FileSet(part for part in wanted.parts if part.name == MODULE).files
        found |= {path: file for path, file in module.items() if zone.tree.read(path) is None}
    found.pop(ATLANTIS, None)
    return found


def _listed(after: LandingZone, written: Iterable[str]) -> Mapping[str, File]:
    """`atlantis.yaml` with the projects of what is written here, and no other: what waits for sync has no directory yet."""
    directories = {path.rpartition("/")[0] for path in written}
    found = FileSet(projects.some(after, directories)).files
    return {path: file for path, file in found.items() if file.content != after.tree.read(path)}


def _refuse_unknown(zone: LandingZone, account: Account, fresh: Iterable[Stack]) -> None:
    if any(facts(zone, account, stack) is None for stack in fresh):
        message = f"{account.slug} has values that cannot be told, and a new stack needs them"
        raise refuse("unknown-value", message, "write them as quoted strings first", file=account.record.file, line=account.record.line)


def _seeds(zone: LandingZone, account: Account, chosen: Iterable[Stack]) -> dict[str, File]:
    """What new stacks start with, and the modules they call; a module release that is there stays as it is."""
    files: dict[str, File] = {}
    environment = account.environment if isinstance(account.environment, str) else None
    for stack in chosen:
        production = zone.organization.production(environment)
        seeds = zone.renderer.seeds(stack, str(account.name), production)
        files.update({path: file for path, file in seeds.items() if zone.tree.read(path) is None})
        module = zone.renderer.module(stack.skeleton)
        folder = next(iter(module)).rsplit("/", 1)[0] if module else ""
        if module and not zone.tree.list(folder).files:
            files.update(module)
    return files


def _own(after: LandingZone, account: Account) -> Mapping[str, File]:
    """Every generated file of one account."""
    part = next((part for part in desired(after).parts if part.name == f"{ROOT}/{account.slug}"), None)
    return part.build() if part is not None else {}


def _stale(zone: LandingZone, files: Mapping[str, File], written: Mapping[str, File]) -> list[Problem]:
    """How many generated files of the account are stale for another reason: they are counted, not written."""
    found = [path for path, file in files.items() if path not in written and _is_stale(path, zone.tree.read(path), file)]
    if not found:
        return []
    message = f"generated files of this account that are stale for another reason: {', '.join(found)}"
    return [Problem(id="stale", message=message, remedy="run scaffold sync in a change of its own", severity=Severity.NOTE)]


def _is_stale(path: str, there: bytes | None, file: File) -> bool:
    """Would sync rewrite it? A file edited by hand is a conflict, and reported as one."""
    ours = file.kind is not Kind.MANAGED or (there is not None and ownership(path, there) is Ownership.INTACT)
    return there != file.content and ours


def _existing(zone: LandingZone, found: Account, wanted: Wanted) -> Outcome:
    misspelt = list(_unknown_skeletons(zone, wanted))
    if misspelt:
        raise Refused(misspelt)
    changes = _changes(zone, found, wanted.spec)
    asked = bool(changes or wanted.spec.tags or wanted.spec.networks or wanted.spec.unit or wanted.stacks)
    return _edited(zone, found, wanted, changes, asked=asked)


def with_values(zone: LandingZone, found: Account, changes: Mapping[tuple[str, str], str]) -> Outcome:
    """The files of an account whose request says these values, `(map, key)` -> value, and otherwise what it said; no stack is added."""
    return _edited(zone, found, Wanted(add.Spec(found.slug)), changes, asked=True)


def _edited(zone: LandingZone, found: Account, wanted: Wanted, changes: Mapping[tuple[str, str], str], *, asked: bool) -> Outcome:
    record = found.record
    content = source = None
    if changes:
        source = (zone.tree.read(record.file) or b"").decode()
        content = edit.apply(record, source, changes).encode()
        record = _reread(zone, found, record, content, changes)
    after = _with(zone, record)
    standard = _network_stacks(wanted) if asked else _standard_of(after, after.accounts[-1], wanted)
    outcome = _outcome(zone, after, wanted, record, standard, created=False, changes=changes, record_file=content)
    return replace(outcome, notes=(*misfits(zone, found, outcome.account), *outcome.notes))


def _standard_of(zone: LandingZone, account: Account, wanted: Wanted) -> list[StackSpec]:
    """The standard stacks that this account can have: a request made elsewhere may declare no network."""
    has_network = account.network(home_region(zone, account)) is not None
    return [spec for spec in _standard(zone, wanted) if spec.skeleton != "network" or has_network]


def _reread(zone: LandingZone, found: Account, record: Record, content: bytes, changes: Mapping[tuple[str, str], str]) -> Record:
    request: Request = record.request
    for place, value in changes.items():
        request = edit.changed(request, place, value)
    return replace(record, request=request, source=content.decode() if record.canonical else "")


def _changes(zone: LandingZone, found: Account, spec: add.Spec) -> dict[tuple[str, str], str]:
    """The values that differ from what the request says; permanent ones are refused."""
    request, organization = found.record.request, zone.organization
    problems = list(_permanent(zone, found, spec))
    wanted: dict[tuple[str, str], str] = {}
    for key, value in spec.tags.items():
        wanted["account_tags", key] = value
        if key == organization.environment_tag and "environment" in request.custom_fields:
            wanted["custom_fields", "environment"] = value
        wrong = tags.wrong_tag(text(key), text(value), organization)
        problems += [Problem(id=id, message=what, remedy=remedy, value=value) for id, what, remedy in wrong]
    if spec.unit is not None and spec.unit in organization.units:
        wanted["control_tower_parameters", "ManagedOrganizationalUnit"] = organization.units[spec.unit].managed_name
    elif spec.unit is not None:
        problems.append(Problem(id="unknown-ou", message=f'--ou is "{spec.unit}"', remedy=expected(spec.unit, organization.units)))
    problems += list(add.wrong_networks(spec, home_region(zone, found), organization)) if spec.networks else []
    if problems:
        raise Refused(problems)
    wanted.update({("custom_fields", key): value for key, value in _new_networks(zone, found, spec).items()})
    given = {"change_requested_by": spec.requested_by, "change_reason": spec.reason}
    wanted.update({("change_management_parameters", key): value for key, value in given.items() if value})
    return {place: value for place, value in wanted.items() if edit.value_of(request, place) != text(value)}


def _permanent(zone: LandingZone, found: Account, spec: add.Spec) -> Iterator[Problem]:
    """AFT takes these once; a later change leaves the row at odds with the account."""
    home = home_region(zone, found)
    for option, old, new in (("--email", found.email, spec.email), ("--region", home, spec.region)):
        if new is not None and new != old:
            message = f'{option} "{new}": {found.slug} has "{old}", which is permanent'
            yield Problem(id="permanent", file=found.record.file, message=message, remedy=f"leave {option} out", value=new)


def _new_networks(zone: LandingZone, found: Account, spec: add.Spec) -> dict[str, str]:
    if not spec.networks:
        return {}
    home = home_region(zone, found)
    environment = spec.tags.get(zone.organization.environment_tag, found.environment)
    for network in spec.networks:
        there = found.network(network.region, network.label)
        if there is not None and network.cidr_block not in (None, there.cidr_block):
            message = f'{there.name} has the range "{there.cidr_block}", which its stack was built with'
            remedy = "leave the range out, or declare a further network"
            raise refuse("permanent", message, remedy, file=found.record.file, value=network.cidr_block)
    if not isinstance(environment, str):
        raise refuse(
            "unknown-value", f"the environment of {found.slug} cannot be told", "write it as a quoted string", file=found.record.file
        )
    named = replace(spec, name=found.slug)
    known = {network.key for network in found.networks}
    wants_home = any(network.region == home and not network.label for network in spec.networks)
    fields = add.network_fields(named, home, environment, zone.organization, [found for found, _ in in_use(zone)], known)
    return {key: value for key, value in fields.items() if wants_home or key != VPC_CIDR}
