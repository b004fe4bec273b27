"""How an account is taken down, in steps that are each a pull request of their own.

(1) The custom field `retiring` denies its pairs; (2) stacks that are named become tombstones, so that Atlantis plans their
destruction; (3) tombstones that were applied are deleted; (4) the request is removed; (5) the account is closed by hand.
Where an account is follows from the tree alone. Every doubt keeps what is there: a directory that is gone is never planned again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from shlex import quote

from generator.accounts.model import Account
from generator.accounts.others import FILE as OTHERS
from generator.accounts.retiring import RETIRING
from generator.atlantis import region
from generator.files import File, FileSet, Kind
from generator.hcl.managed import text_file
from generator.landing_zone import projects
from generator.landing_zone.add import Outcome, with_values
from generator.landing_zone.held import held
from generator.landing_zone.lost_stacks import terraform_files
from generator.landing_zone.members import retirement
from generator.landing_zone.model import LandingZone
from generator.peering import existing
from generator.peering.existing import OUTPUTS, TOMBSTONE, State, is_tombstone
from generator.peering.grammar import selectors
from generator.peering.model import Key
from generator.peering.policy import FILE as POLICY
from generator.peering.prune import contents
from generator.problems import Problem, Refused, Severity, expected, refuse
from generator.stacks.model import BACKEND, DATA, LOCK, MAIN, ROOT, Stack

_TRUE = "true"
_OURS = frozenset({MAIN, OUTPUTS, BACKEND, DATA, "providers.tf", "versions.tf"})


@dataclass(frozen=True, slots=True)
class Remains:
    """What is left of an account: its stacks and pairs, live or tombstones, and directories of Terraform that are no stack of ours."""

    account: Account
    retiring: bool
    live: tuple[Stack, ...] = ()
    tombstones: tuple[Stack, ...] = ()
    foreign: tuple[str, ...] = ()
    connected: tuple[Key, ...] = ()
    disconnected: tuple[Key, ...] = ()

    @property
    def stacks(self) -> tuple[Stack, ...]:
        """All of them, in order."""
        return tuple(sorted((*self.live, *self.tombstones)))

    @property
    def empty(self) -> bool:
        """Is nothing left but the request?"""
        return not (self.stacks or self.foreign or self.connected or self.disconnected)


@dataclass(frozen=True, slots=True)
class Step:
    """What one step writes, what it leaves, and what a person should know before it is applied."""

    files: FileSet
    remains: Remains
    stacks: tuple[Stack, ...] = ()
    notes: tuple[Problem, ...] = ()


def short(stack: Stack) -> str:
    """How `--destroy` and `--destroyed` name a stack: `REGION/STACK`, the end of its directory."""
    return f"{stack.region}/{stack.name}"


def is_retiring(zone: LandingZone, account: Account) -> bool:
    """Does its request say so, in a way that can be told?"""
    return bool(retirement(account.record.request.custom_fields, zone.day)[0])


def remains(zone: LandingZone, account: Account) -> Remains:
    """Where an account is."""
    stacks = {State.LIVE: list[Stack](), State.TOMBSTONE: list[Stack]()}
    for stack in zone.stacks(account.slug):
        stacks[state(zone, stack)].append(stack)
    pairs = {state: tuple(sorted(_pairs(zone, account.slug, state))) for state in stacks}
    foreign = tuple(found.path for found in zone.directories(account.slug) if found.stack is None)
    retiring = is_retiring(zone, account)
    live, tombstones = (tuple(found) for found in stacks.values())
    return Remains(account, retiring, live, tombstones, foreign, pairs[State.LIVE], pairs[State.TOMBSTONE])


def state(zone: LandingZone, stack: Stack) -> State:
    """Is a stack live, or a tombstone?"""
    return State.TOMBSTONE if is_tombstone(zone.tree.read(f"{stack.directory}/{MAIN}") or b"") else State.LIVE


def _pairs(zone: LandingZone, slug: str, state: State) -> Iterator[Key]:
    """The pairs of an account's networks, whoever declares these."""
    for names, stack in zone.peerings().stacks.items():
        if stack.state is state and slug in (name.partition(".")[0] for name in names):
            yield names


def orphans(zone: LandingZone, slug: str) -> list[str]:
    """What is left of an account that has no request any more."""
    pairs = {names for state in (State.LIVE, State.TOMBSTONE) for names in _pairs(zone, slug, state)}
    return [*(found.path for found in zone.directories(slug)), *map(existing.directory, sorted(pairs))]


# (1)


def deny(zone: LandingZone, account: Account) -> Outcome:
    """The request that says `retiring`, and the tombstones of the pairs that this denies."""
    return with_values(zone, account, {("custom_fields", RETIRING): _TRUE})


def denied(left: Remains, pairs: Collection[Key]) -> Remains:
    """What is left once the request says `retiring` and these pairs are tombstones."""
    connected = tuple(names for names in left.connected if names not in pairs)
    return replace(left, retiring=True, connected=connected, disconnected=tuple(sorted({*left.disconnected, *pairs})))


def refuse_growth(zone: LandingZone, outcome: Outcome) -> None:
    """Stop before an account that is retiring gets what a new stack starts with: a tombstone would be half a stack again."""
    fresh = [path for path, file in outcome.files.files.items() if file.kind is Kind.SEEDED and zone.tree.read(path) is None]
    if fresh and is_retiring(zone, outcome.account):
        account = outcome.account
        message = f"{account.slug} is retiring, and this would add {', '.join(sorted({path.rpartition('/')[0] for path in fresh}))}"
        remedy = f"take {RETIRING} out of its custom fields first; scaffold account {account.slug} --retire says where it is"
        raise refuse("retiring", message, remedy, file=account.record.file, line=account.record.line_of("custom_fields", RETIRING))


# (2)


def destroy(zone: LandingZone, account: Account, names: Sequence[str], base: LandingZone | None) -> Step:
    """The stacks of these names become tombstones; refused with every reason at once. A base has to be retiring as well."""
    left = remains(zone, account)
    stacks = _chosen(left, names, "scaffold account NAME --retire takes its pairs down")
    problems = [*_too_early(zone, left, base), *(problem for stack in stacks for problem in _blocked(zone, left, stack, base))]
    if problems:
        raise Refused(problems)
    files: dict[str, File] = {}
    for stack in stacks:  # records: nobody but the person who named them may have them replaced
        files[f"{stack.directory}/{MAIN}"] = File(text_file(TOMBSTONE), Kind.RECORD)
        files[f"{stack.directory}/{OUTPUTS}"] = File(None, Kind.RECORD)
    unwatched = projects.emptied(zone.tree, {stack.directory for stack in stacks})
    live = tuple(stack for stack in left.live if stack not in stacks)
    after = replace(left, live=live, tombstones=tuple(sorted({*left.tombstones, *stacks})))
    notes = [problem for stack in stacks if stack in left.live for problem in (*held(zone.tree, stack.directory), *_unsure(left, stack))]
    return Step(FileSet.of(files) | unwatched, after, stacks, tuple(notes))


def _too_early(zone: LandingZone, left: Remains, base: LandingZone | None) -> Iterator[Problem]:
    """Pairs go first, in a change of their own: whoever shares a network with the account sees that it leaves."""
    slug, file = left.account.slug, left.account.record.file
    before = base.account(slug) if base is not None else None
    if not left.retiring:
        remedy = f"scaffold account {slug} --retire, merge that, and come back"
        yield Problem(id="not-retiring", file=file, message=f"{slug} is not retiring, so nothing of it is destroyed", remedy=remedy)
    elif base is not None and (before is None or not is_retiring(base, before)):
        message = f"{slug} is not retiring on the base yet, so nothing of it is destroyed"
        yield Problem(id="not-retiring", file=file, message=message, remedy="merge the change that says so first")


def _blocked(zone: LandingZone, left: Remains, stack: Stack, base: LandingZone | None = None) -> Iterator[Problem]:
    """Why a stack may not be destroyed now: others stand on it, or somebody's own files stand beside ours."""
    upon = _standing_on(left, stack, base)
    if upon:
        message = f"{', '.join(upon)} {'stands' if len(upon) == 1 else 'stand'} on the network {stack.network}"
        remedy = "stacks are to be deleted first (--destroy, then --destroyed), and peerings to be tombstones"
        yield Problem(id="stood-upon", file=stack.directory, message=message, remedy=remedy, value=short(stack))
    strangers = _strangers(zone, stack)
    if strangers:
        message = f"Terraform would go on reading what scaffold did not write: {', '.join(strangers)}"
        remedy = "move it to a stack of its own, or destroy by hand what it declares and delete it, first"
        yield Problem(id="foreign-file", file=stack.directory, message=message, remedy=remedy, value=short(stack))


def _standing_on(left: Remains, stack: Stack, base: LandingZone | None) -> list[str]:
    """What needs a stack's network: other stacks as long as their directories are there, and live peerings, on the base too."""
    if stack.skeleton != "network":
        return []
    others = [other.directory for other in left.stacks if other.skeleton != "network" and other.network == stack.network]
    before = list(_pairs(base, left.account.slug, State.LIVE)) if base is not None else []
    pairs = sorted({names for names in (*left.connected, *before) if stack.network in names})
    return [*others, *map(existing.directory, pairs)]


def _strangers(zone: LandingZone, stack: Stack) -> list[str]:
    """Somebody's own files that Terraform reads, and links, which may lead anywhere."""
    place = stack.directory
    return [*(name for name in terraform_files(zone.tree, place) if name not in _OURS), *zone.tree.list(place).links]


def _unsure(left: Remains, stack: Stack) -> Iterator[Problem]:
    """What may stand on a network without saying so."""
    pairs = [existing.directory(names) for names in left.disconnected if stack.network in names]
    if stack.skeleton != "network" or not (left.foreign or pairs):
        return
    message = f"whether anything in it still needs the network cannot be told of {', '.join((*left.foreign, *pairs))}"
    remedy = "see that these are applied, or need it no more, before the apply"
    yield Problem(id="may-stand-upon", file=stack.directory, message=message, remedy=remedy, severity=Severity.WARNING)


# (3)


def forget(zone: LandingZone, account: Account, names: Sequence[str], base: LandingZone) -> Step:
    """The directories of these tombstones go, whose state somebody has seen empty; refused with every reason at once."""
    left = remains(zone, account)
    stacks = _chosen(left, names, "they need the look at AWS of scaffold peering prune")
    problems = [problem for stack in stacks for problem in _kept(zone, stack, base)]
    if problems:
        raise Refused(problems)
    named = ((stack, name) for stack in stacks for name in contents(zone.tree, stack.directory)[0])
    files = {f"{stack.directory}/{name}": File(None, Kind.COPY if name == LOCK else Kind.MANAGED) for stack, name in named}
    unlisted = projects.without(zone.tree, {stack.directory for stack in stacks})
    after = replace(left, tombstones=tuple(stack for stack in left.tombstones if stack not in stacks))
    return Step(FileSet.of(files) | unlisted, after, stacks)


def _kept(zone: LandingZone, stack: Stack, base: LandingZone) -> Iterator[Problem]:
    """Why a stack's directory may not be deleted."""
    place = stack.directory
    if state(zone, stack) is State.LIVE:
        remedy = f"scaffold account {stack.account} --retire --destroy {short(stack)}, apply and merge that first"
        yield Problem(id="not-a-tombstone", file=place, message="this stack is live, so it stays", remedy=remedy, value=short(stack))
        return
    if stack not in base.stacks(stack.account) or state(base, stack) is State.LIVE:
        message, remedy = "this tombstone is not on the base yet, so it stays", "apply it with Atlantis, and merge it, first"
        yield Problem(id="not-on-base", file=place, message=message, remedy=remedy, value=short(stack))
    strangers = contents(zone.tree, place)[1]
    if strangers:
        message = f"this tombstone stays, since it holds what scaffold did not write: {', '.join(strangers)}"
        remedy = "restore edited files from git, move or delete the others, and run it again"
        yield Problem(id="foreign-in-tombstone", file=place, message=message, remedy=remedy, value=short(stack))


def look(zone: LandingZone, stack: Stack) -> str:
    """The command that shows what a stack's state holds, and where that is; `state list` prints nothing once all is destroyed.

    Of a stack that was never applied it says that no state file was found, with status 1.
    """
    place = quote(stack.directory)
    state = f"s3://{zone.organization.state.bucket}/{stack.directory}"
    return f"terraform -chdir={place} init -input=false && terraform -chdir={place} state list  # {state}"


# Names


def _chosen(left: Remains, names: Sequence[str], peerings: str) -> tuple[Stack, ...]:
    """The stacks of these names, each once; refused with every wrong one."""
    problems: list[Problem] = []
    found: dict[Stack, None] = {}
    for name in names:
        matching = [stack for stack in left.stacks if name in (stack.directory, short(stack))]
        matching = matching or [stack for stack in left.stacks if name == stack.name]
        if len(matching) == 1:
            found[matching[0]] = None
        else:
            problems.append(_wrong_name(left, name, matching, peerings))
    if problems:
        raise Refused(problems)
    return tuple(found)


def _wrong_name(left: Remains, name: str, matching: Sequence[Stack], peerings: str) -> Problem:
    slug = left.account.slug
    if existing.pair_of(name.removeprefix(f"{existing.ROOT}/")) is not None:
        return Problem(id="a-peering", message=f'"{name}" is a peering, and none is named here', remedy=peerings, value=name)
    if matching:
        remedy = f"name one of {', '.join(map(short, matching))}"
        return Problem(id="ambiguous-stack", message=f'{slug} has {len(matching)} stacks "{name}"', remedy=remedy, value=name)
    theirs = next((path for path in left.foreign if name in (path, path.removeprefix(f"{ROOT}/{slug}/"))), None)
    if theirs is not None:
        message = f'"{name}" is no stack of scaffold\'s, so it is neither destroyed nor deleted by it'
        return Problem(id="foreign-root-module", message=message, remedy=_by_hand(theirs), value=name)
    return Problem(id="unknown-stack", message=f'{slug} has no stack "{name}"', remedy=_nearest(left, name), value=name)


def _nearest(left: Remains, name: str) -> str:
    ends = [short(stack) for stack in left.stacks]
    return expected(name, ends if "/" in name or not ends else [stack.name for stack in left.stacks])


def _by_hand(path: str) -> str:
    return f"atlantis plan -d {quote(path)} -- -destroy, apply, and delete it in a later change"


# What comes next


def next_steps(zone: LandingZone, left: Remains) -> list[str]:
    """What to do next, in order; of an account that is not retiring, the first step."""
    if not left.retiring:
        return [f"scaffold account {left.account.slug} --retire, and a pull request with what it writes"]
    if left.empty:
        return [*_request(zone, left.account), *closing(zone, left.account.slug, left.account.email)]
    parts: Sequence[Callable[[LandingZone, Remains], Iterator[str]]] = (_of_pairs, _of_live, _of_tombstones, _later, _of_foreign)
    return [line for part in parts for line in part(zone, left)]


def _of_pairs(zone: LandingZone, left: Remains) -> Iterator[str]:
    if left.connected:
        named = ", ".join(map(existing.directory, left.connected))
        yield f"scaffold sync, and a pull request with what it writes; scaffold peering explain A B says why one stays live: {named}"
    if left.disconnected:
        named = ", ".join(map(existing.directory, left.disconnected))
        yield f"apply and merge the tombstones {named}; then scaffold peering prune --base origin/main"


def _of_live(zone: LandingZone, left: Remains) -> Iterator[str]:
    free = [stack for stack in left.live if not any(_blocked(zone, left, stack))]
    if free:
        options = " ".join(f"--destroy {quote(short(stack))}" for stack in free)
        many = ", all of them or some" if len(free) > 1 else ""
        yield f"once this is merged, scaffold account {left.account.slug} --retire {options} --base origin/main{many}, and a pull request"


def _later(zone: LandingZone, left: Remains) -> Iterator[str]:
    """What is in the way of the other stacks, whose turn comes after everything above."""
    for stack in left.live:
        for problem in islice(_blocked(zone, left, stack), 1):
            yield f"later {stack.directory}: {problem.message}"


def _of_tombstones(zone: LandingZone, left: Remains) -> Iterator[str]:
    if not left.tombstones:
        return
    listed = region.listed(zone.tree.read(region.FILE) or b"")
    planned = [stack.directory for stack in left.tombstones if stack.directory in listed]
    # before the merge: atlantis/apply is a required check, and Atlantis is done with a pull request once it is merged
    yield "; ".join([*(f"atlantis apply -p {quote(directory)}" for directory in planned), "merge the tombstones"])
    for stack in left.tombstones:
        yield f"see that state list prints nothing, or no state file if it was never applied: {look(zone, stack)}"
    options = " ".join(f"--destroyed {quote(short(stack))}" for stack in left.tombstones)
    yield f"scaffold account {left.account.slug} --retire {options} --base origin/main, and a pull request"


def _of_foreign(zone: LandingZone, left: Remains) -> Iterator[str]:
    for path in left.foreign:
        yield f"{path} is no stack of scaffold's: {_by_hand(path)}"


def _request(zone: LandingZone, account: Account) -> Iterator[str]:
    record = account.record
    shared = not record.canonical or sum(found.record.file == record.file for found in zone.accounts) > 1
    how = f'take module "{record.request.label}" out of {record.file}:{record.line}' if shared else f"git rm {quote(record.file)}"
    named = ", ".join(_named(zone, account.slug))
    also = f" (and its name out of {named}, where lint would miss it)" if named else ""
    effect = "AFT deletes its pipeline and metadata, and keeps the account and everything in it, its tags too"
    yield f"{how}{also}, and a pull request: {effect}"


def _named(zone: LandingZone, slug: str) -> Iterator[str]:
    """Where people named the account elsewhere."""
    policy, described = zone.policy, zone.others.accounts.get(slug)
    if policy is not None:
        lines = {selector.line for _, selector, _ in selectors(policy) if slug in selector.accounts}
        lines |= {test.line for test in policy.tests if slug in (name.partition(".")[0] for name in test.pair)}
        yield from (f"{POLICY}:{line}" for line in sorted(lines))
    if described is not None:
        yield f"{OTHERS}:{described.line}"


def closing(zone: LandingZone, slug: str, email: object) -> Iterator[str]:
    """How an account without a request is closed; scaffold never does it."""
    live = zone.live.get(email.lower()) if isinstance(email, str) else None
    id = live.id if live is not None else "ID"
    yield f"once AFT is through, unmanage {slug} in Control Tower: terminate its product in Service Catalog, in the management account"
    yield (
        f"in the management account: aws organizations close-account --account-id {id};"
        " AWS suspends it, and takes it back for 90 days if it is asked to"
    )
