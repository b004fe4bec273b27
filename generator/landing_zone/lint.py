"""Everything that can be checked offline: the pull-request gate."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from generator.accounts import others, rules
from generator.accounts.model import FOLDER
from generator.files import walk
from generator.landing_zone import beside_baseline, placeholders, projects, request_folder, vpns
from generator.landing_zone.lost_stacks import manages
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import PROVIDERS, plan_of
from generator.landing_zone.readiness import kept
from generator.organization.catalogue import Level
from generator.peering.existing import ROOT as PEERINGS
from generator.peering.existing import is_tombstone
from generator.peering.lint import lint as policy_lint
from generator.peering.plan import problems as pair_problems
from generator.problems import Problem, Severity
from generator.stacks.model import LOCK, MAIN, ROOT
from generator.stacks.render import release
from generator.stacks.skeletons import PEERING

_MODULE = re.compile(r'^\s*source\s*=\s*"(?:\.\./){4}(modules/[a-z0-9./-]+)"', re.MULTILINE)


def lint(zone: LandingZone) -> list[Problem]:
    """All problems, in order of file, line and words: the same for any order of reading."""
    problems = [
        *zone.problems,
        *rules.check(zone.accounts, zone.organization, zone.inventory, zone.others.networks),
        *others.check(zone.others, zone.accounts, zone.organization, zone.reading.unreadable),
        *request_folder.problems(zone),
        *placeholders.problems(zone.tree),
        *_stacks(zone),
        *_strays(zone),
        *_modules(zone),
        *zone.renderer.skeletons.problems(),
        *_lock(zone),
        *vpns.problems(zone),
        *beside_baseline.problems(zone),
        *zone.peerings().problems,
        *pair_problems(plan_of(zone)),
        *_policy(zone),
        *projects.problems(zone),
        *projects.unlisted(zone),
        *_peering_modules(zone),
    ]
    for account in zone.accounts:
        problems += kept(zone, account)
    return sorted(_without_echo(problems), key=lambda problem: (problem.file or "", problem.line or 0, problem.id, problem.message))


def _policy(zone: LandingZone) -> list[Problem]:
    """What is wrong with a policy that can be read: rules that decide nothing, ends of days, failing tests."""
    assert zone.policy is not None  # a plan was made of it
    known, limit = list(plan_of(zone).members.values()), zone.organization.peering.get("limit", 50)
    return policy_lint(zone.policy, zone.organization, known, zone.day, limit, zone.complete)


def _stacks(zone: LandingZone) -> Iterator[Problem]:
    """Directories that are no stacks of ours, and stacks whose account is gone."""
    slugs = {account.slug for account in zone.accounts}
    for account in zone.tree.list(ROOT).directories:
        for directory in zone.directories(account):
            if directory.problem is not None:
                yield directory.problem
            elif account not in slugs:
                yield _orphan(zone, directory.path, account)
            else:
                yield from _main(zone, directory.path)


def _main(zone: LandingZone, path: str) -> Iterator[Problem]:
    """A stack without its module call plans the destruction of everything it holds."""
    main = zone.tree.read(f"{path}/{MAIN}")
    if main is None:
        remedy = "restore it from git"
        message = f"{MAIN} is missing: the next plan would destroy everything this stack holds"
        yield Problem(id="no-main", file=f"{path}/{MAIN}", message=message, remedy=remedy)
        return
    if not is_tombstone(main) and not manages(zone.tree, path):
        message = "nothing is declared here any more: the next plan would destroy everything this stack holds"
        yield Problem(
            id="no-main", file=f"{path}/{MAIN}", message=message, remedy="restore it from git; destroy first what is really to go"
        )
    for source in _MODULE.findall(main.decode(errors="replace")):
        if not zone.tree.list(source).files:
            message = f"it calls {source}, which is not there"
            yield Problem(id="no-module", file=f"{path}/{MAIN}", message=message, remedy="restore the folder from git, or correct source")


def _modules(zone: LandingZone) -> Iterator[Problem]:
    """A module version never changes once it is written; and every request calls AFT's own."""
    skeletons = zone.renderer.skeletons
    both = [(each, name) for each in (skeletons.builtin, skeletons) for name in (*each.stacks, PEERING)]
    for path, file in {path: file for each, name in both for path, file in release(each, name).items()}.items():
        there = zone.tree.read(path)
        if there is not None and there.replace(b"\r\n", b"\n") != file.body.replace(b"\r\n", b"\n"):
            message = "this file of a released module was changed, and a version never changes"
            remedy = "restore it, and put the change into a new version's folder"
            yield Problem(id="module-changed", file=path, message=message, remedy=remedy)
    if zone.accounts and not zone.tree.list(f"{FOLDER}/modules/aft-account-request").files:
        message = "the module that every request calls is not there"
        yield Problem(id="no-request-module", file=f"{FOLDER}/modules/aft-account-request", message=message, remedy="restore it from git")


def _peering_modules(zone: LandingZone) -> Iterator[Problem]:
    """Every live pair calls a module that is there."""
    versions = {stack.version for stack in zone.peerings().stacks.values() if stack.version is not None}
    for version in sorted(versions):
        folder = f"modules/{PEERING}/{version}"
        if not zone.tree.list(folder).files:
            message = "peerings call this module, and it is not there"
            yield Problem(id="no-module", file=folder, message=message, remedy="restore the folder from git")


def _strays(zone: LandingZone) -> Iterator[Problem]:
    """Root modules at a depth where no stack of ours can be: autodiscovery is off, so nobody would plan them."""
    forms = {ROOT: (3, f"stacks are {ROOT}/ACCOUNT/REGION/STACK"), PEERINGS: (1, f"peerings are {PEERINGS}/A--B")}
    for root, (depth, form) in forms.items():
        folders = {path.rpartition("/")[0] for path in walk(zone.tree, root) if path.endswith((".tf", ".tf.json"))}
        for folder in sorted(folders):
            if folder.count("/") != depth:
                message = f"Terraform files where no stack can be: {form}"
                yield _warning("foreign-root-module", folder, message, "move them, or give them their own project in atlantis.yaml")


def _orphan(zone: LandingZone, path: str, account: str) -> Problem:
    if zone.reading.unreadable:
        unread = ", ".join(sorted(zone.reading.unreadable))
        message = f"no request of {account} was read, and {unread} could not be"
        return Problem(id="unread-account", file=path, message=message, remedy="repair that first", incomplete=True)
    remedy = "restore the request or the name in it; only if the account is really to go, destroy what the stack holds first"
    return Problem(id="orphan-stack", file=path, message=f"there is no request of {account}", remedy=remedy)


def _lock(zone: LandingZone) -> Iterator[Problem]:
    """Without a lock file Atlantis runs `init -upgrade`; a copy that lags behind is brought by sync."""
    lock = zone.tree.read(f"{PROVIDERS}/{LOCK}")
    if lock is None:
        remedy = f"run terraform providers lock in {PROVIDERS}/ (see its README)"
        yield _warning("no-lock", f"{PROVIDERS}/{LOCK}", "there is no dependency lock", remedy)
        return
    copies = [path for path in _lock_copies(zone) if zone.tree.read(path) != lock]
    if copies:
        message = "1 copy of it lags behind" if len(copies) == 1 else f"{len(copies)} copies of it lag behind"
        yield _warning("lagging-lock", f"{PROVIDERS}/{LOCK}", message, "run scaffold sync, with --only in waves")


def _lock_copies(zone: LandingZone) -> Iterator[str]:
    return (path for path in walk(zone.tree, ROOT) if path.endswith(f"/{LOCK}"))


def _warning(id: str, file: str, message: str, remedy: str) -> Problem:
    return Problem(id=id, file=file, message=message, remedy=remedy, severity=Severity.WARNING)


def _without_echo(problems: Iterable[Problem]) -> Iterator[Problem]:
    """All but the notes that call a value nobody's business here where a rule says that AFT refuses it."""
    listed = list(problems)
    refused = {(problem.file, problem.line) for problem in listed if problem.id == "unquoted-value"}
    return (problem for problem in listed if problem.id != "unread-field" or (problem.file, problem.line) not in refused)


def selected(problems: Iterable[Problem], levels: Mapping[str, Level]) -> list[Problem]:
    """The problems at the severities that `scaffold.yaml` chooses, without the rules that are off; what could not be read stays."""
    found = []
    for problem in problems:
        level = levels.get(problem.id)
        if level is None or problem.incomplete:
            found.append(problem)
        elif level is not Level.OFF:
            found.append(replace(problem, severity=Severity(level.value)))
    return found


def caused(problems: Iterable[Problem], before: Iterable[Problem]) -> list[Problem]:
    """What a change causes keeps its severity; what stood on the base already becomes a warning."""
    known = {(problem.id, problem.file, problem.message) for problem in before}
    return [
        problem.softened() if problem.severity is Severity.ERROR and (problem.id, problem.file, problem.message) in known else problem
        for problem in problems
    ]
