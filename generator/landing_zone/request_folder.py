"""Rules of the folders that AFT reads: what Terraform passes over there, what git hides, and folders that a request names in vain.

Sources: the buildspecs and the template `.gitignore` of AFT 1.20; Terraform's own rules for the files of a root module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from generator.accounts.model import FOLDER, Account
from generator.accounts.request_rules import illegal_path
from generator.files import Tree, join
from generator.landing_zone.model import LandingZone
from generator.organization.catalogue import RULES
from generator.problems import Problem, expected

CUSTOMIZATIONS = "aft-account-customizations"
_AFT = ("aft-account-request", "aft-global-customizations", CUSTOMIZATIONS, "aft-account-provisioning-customizations")
_PARTS = (
    "terraform/aft-providers.jinja",
    "terraform/backend.jinja",
    "api_helpers/pre-api-helpers.sh",
    "api_helpers/post-api-helpers.sh",
    "api_helpers/python/requirements.txt",
)
# AFT's template .gitignore, the lines that meet files somebody could mean to commit
_IGNORED = ("*.tfvars", "backend.tf", "override.tf", "*_override.tf", ".terraform.lock.hcl", "*.log", "*.spec", "*.manifest", ".env")
_IGNORED_FOLDERS = frozenset(
    ["env", "venv", "var", "dist", "downloads", "eggs", "parts", "target", "instance", "cover", "wheels", "lib64", ".cache"],
)
_MODULE = f"{FOLDER}/modules/aft-account-request"
_VARIABLE = re.compile(rb'^\s*variable\s+"([^"]+)"', re.MULTILINE)
_META = frozenset({"providers", "depends_on", "version", "count", "for_each"})
_FOREIGN = re.compile(rb'^(provider|terraform|resource|data|variable)\s*("[^"\n]*"\s*)*\{', re.MULTILINE)
_REQUEST = re.compile(rb"aft-account-request|control_tower_parameters")


def problems(zone: LandingZone) -> list[Problem]:
    """Everything that is wrong with the folders; the requests themselves are judged elsewhere."""
    return [
        *_arguments(zone),
        *_customizations(zone),
        *_folders(zone.tree),
        *_files(zone.tree),
        *_blocks(zone),
        *(problem for folder in _AFT for problem in _ignored(zone.tree, folder)),
    ]


def _problem(id: str, file: str, message: str, remedy: str, line: int | None = None, value: str | None = None) -> Problem:
    return Problem(id=id, severity=RULES[id].severity, file=file, line=line, message=message, remedy=remedy, value=value)


def _arguments(zone: LandingZone) -> Iterator[Problem]:
    """Arguments that the module's copy does not declare; a fork declares more, a copy that is missing says nothing."""
    declared = set()
    for name in zone.tree.list(_MODULE).files:
        if name.endswith(".tf"):
            declared |= {found.decode(errors="replace") for found in _VARIABLE.findall(zone.tree.read(join(_MODULE, name)) or b"")}
    for account in zone.accounts if declared else ():
        record = account.record
        for name in record.request.others if record.request.source.endswith("modules/aft-account-request") else ():
            if name not in declared | _META:
                message = f'{account.slug}: the module has no argument "{name}", so no request can be planned'
                yield _problem("unknown-argument", record.file, message, expected(name, declared), record.line_of(name), name)


def _customizations(zone: LandingZone) -> Iterator[Problem]:
    """Folders that requests name: one that is missing fails the account's build, after the merge."""
    named = [account for account in zone.accounts if _folder(account)]
    if named and not zone.tree.list(CUSTOMIZATIONS).directories:
        names = sorted({_folder(account) for account in named})
        message = f"it is not here, so whether it has {', '.join(names[:3])}{' and others' if len(names) > 3 else ''} cannot be told"
        yield _problem("unchecked-customizations", CUSTOMIZATIONS, message, "nothing, if it is a repository of its own")
        return
    for account in named:
        yield from _folder_named(zone.tree, account, _folder(account))


def _folder(account: Account) -> str:
    """The folder that a request names; empty where it names none, or none that could be one."""
    name = account.record.request.customizations
    return name if isinstance(name, str) and name and not illegal_path(name) else ""


def _folder_named(tree: Tree, account: Account, name: str) -> Iterator[Problem]:
    folder, record = f"{CUSTOMIZATIONS}/{name}", account.record
    line = record.line_of("account_customizations_name")
    found = tree.list(folder)
    if not (found.files or found.directories):
        remedy = f'{expected(name, tree.list(CUSTOMIZATIONS).directories)}; or "" for none'
        message = f'{account.slug}: there is no folder "{name}" in {CUSTOMIZATIONS}'
        yield _problem("unknown-customizations", record.file, message, remedy, line, name)
        return
    missing = [part for part in _PARTS if tree.read(f"{folder}/{part}") is None]
    if missing:
        message = f"{account.slug}: {folder} lacks {', '.join(missing)}"
        remedy = f"copy it from {CUSTOMIZATIONS}/ACCOUNT_TEMPLATE"
        yield _problem("incomplete-customizations", record.file, message, remedy, line, name)


def _folders(tree: Tree) -> Iterator[Problem]:
    """Terraform files below the request folder: part of nothing, unless a module call names their folder."""
    for name in tree.list(FOLDER).directories:
        if name == "modules" or name.startswith(".") or _is_called(tree, name):
            continue
        for path in _below(tree, join(FOLDER, name)):
            if path.endswith((".tf", ".tf.json")):
                is_request = _REQUEST.search(tree.read(path) or b"") is not None
                message = "Terraform reads no sub-folders, so AFT never sees " + ("this request" if is_request else "this file")
                yield _problem("request-in-folder" if is_request else "unread-folder", path, message, f"move it to {FOLDER}")


def _is_called(tree: Tree, folder: str) -> bool:
    """Does a module call of the request folder name a folder below it?"""
    called = re.compile(rf'"\./{re.escape(folder)}(/[^"]*)?"'.encode())
    files = tree.list(FOLDER).files
    return any(called.search(tree.read(join(FOLDER, name)) or b"") for name in files if name.endswith(".tf"))


def _below(tree: Tree, folder: str) -> Iterator[str]:
    """All files below a folder but those of hidden folders: Terraform's and git's own."""
    listing = tree.list(folder)
    yield from (join(folder, name) for name in listing.files)
    for name in listing.directories:
        if not name.startswith("."):
            yield from _below(tree, join(folder, name))


def _files(tree: Tree) -> Iterator[Problem]:
    """Files of the request folder whose names say Terraform and that Terraform does not read."""
    for name in tree.list(FOLDER).files:
        hidden = name.startswith(".") and name.endswith((".tf", ".tf.json"))
        parked = re.fullmatch(r".+\.(tf|tf\.json)[^a-zA-Z0-9].*|.+\.tf(_|~|bak|old|disabled).*|.+\.tofu", name, re.IGNORECASE)
        if hidden or (parked and not name.endswith((".tf", ".tf.json", ".tfvars", ".tfvars.json"))):
            yield _problem("unread-file", join(FOLDER, name), "Terraform does not read a file of this name", "rename it, or delete it")


def _blocks(zone: LandingZone) -> Iterator[Problem]:
    """AFT renders the provider and the backend into this folder; anything but requests beside them stops or widens its apply."""
    canonical = {account.record.file for account in zone.accounts if account.record.canonical}
    for file in (join(FOLDER, name) for name in zone.tree.list(FOLDER).files if name.endswith(".tf") and not name.startswith(".")):
        content = b"" if file in canonical else zone.tree.read(file) or b""
        for found in _FOREIGN.finditer(content):
            word, line = found[1].decode(), content.count(b"\n", 0, found.start()) + 1
            message = f"a {word} block stands beside the requests, and AFT applies all of this folder at every push, without a plan"
            yield _problem("foreign-block", file, message, "move it out of this folder", line, word)


def _ignored(tree: Tree, folder: str) -> Iterator[Problem]:
    """Files that AFT's `.gitignore` hides: they work here, and are not there once the folder is pushed."""
    for path in _below(tree, folder):
        *folders, name = path.split("/")
        pattern = next((each for each in _IGNORED if fnmatchcase(name, each)), None)
        within = next((each for each in folders if each in _IGNORED_FOLDERS), None)
        if pattern is not None or within is not None:
            what = f"AFT's .gitignore has {pattern}" if pattern is not None else f"AFT's .gitignore has {within}/"
            yield _problem("ignored-file", path, f"{what}, so this file may never reach AFT", "rename it")
