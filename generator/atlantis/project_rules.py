"""What Atlantis refuses in one project, and what it accepts there that cannot be meant.

Source: `server/core/config/raw/project.go`, and `valid/global_cfg.go` for `silence_pr_comments`.
"""

from __future__ import annotations

import re

from generator.atlantis import autoplan
from generator.atlantis.fields import Findings
from generator.atlantis.globs import directories, is_glob, valid
from generator.atlantis.model import DEFAULT, DISTRIBUTIONS, LOCKS, REQUIREMENTS, SILENT, Project, RepoLocks
from generator.atlantis.patterns import clean
from generator.atlantis.regexps import wrong as regexp_wrong
from generator.files import Tree
from generator.problems import expected

_NAME = re.compile(r"[A-Za-z0-9_.~/-]+")
_NO_WORKSPACE = re.compile(r"^[-~]|[/\\$\s\x00-\x1f\x7f]|\.\.")
_PLAIN_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
# hashicorp/go-version
_VERSION = re.compile(
    r"v?[0-9]+(\.[0-9]+)*(-[0-9]+[0-9A-Za-z\-~]*(\.[0-9A-Za-z\-~]+)*|-?[A-Za-z\-~]+[0-9A-Za-z\-~]*(\.[0-9A-Za-z\-~]+)*)?"
    r"(\+[0-9A-Za-z\-~]+(\.[0-9A-Za-z\-~]+)*)?"
)
_FILE_NAME = 255
_OF_OURS = frozenset({"name", "dir", "autoplan"})
"""All that most projects say."""
_REQUIRED = ("plan_requirements", "apply_requirements", "import_requirements")


def judge(project: Project, at: str, tree: Tree | None, found: Findings) -> None:
    """Note everything that is wrong with one project, taken for itself."""
    _directory(project, at, tree, found)
    if project.name is not None:
        _name(project, project.name, at, found)
    if project.lines.keys() <= _OF_OURS:
        autoplan.judge(project, at, tree, found)
        return
    _workspace(project, at, found)
    if project.branch is not None:
        branch(project.branch, f"{at}.branch", project.at("branch"), found)
    version(project.terraform_version, f"{at}.terraform_version", project.at("terraform_version"), found)
    _distribution(project, at, found)
    autoplan.judge(project, at, tree, found)
    for key in _REQUIRED:
        requirements(getattr(project, key), key, f"{at}.{key}", project.at(key), found)
    _locks(project, at, found)
    for value in project.silence_pr_comments or ():
        if value not in SILENT:
            what = f"repo config 'silence_pr_comments' key value of '{value}' is not supported, supported values are [plan, apply]"
            found.wrong("unknown-value", project.at("silence_pr_comments"), f"{at}: {what}", expected(value, SILENT), value)


def _directory(project: Project, at: str, tree: Tree | None, found: Findings) -> None:
    directory, line = project.dir, project.at("dir")
    if not directory:
        if not found.unread(f"{at}.dir"):
            found.wrong("wrong-dir", line, f"{at}.dir: cannot be blank", 'write the directory; "." is the root')
    elif ".." in directory:
        found.wrong("wrong-dir", line, f"{at}.dir: cannot contain '..'", "write it from the root of the repository", directory)
    elif is_glob(directory):
        _glob(project, directory, at, tree, found)
    else:
        if directory.startswith("/"):
            message = f'{at}.dir: "{directory}" begins with a slash, which Atlantis drops'
            found.lenient("leading-slash", line, message, f"write {directory.lstrip('/') or '.'}", directory)
        if tree is not None and not _exists(tree, clean(directory)):
            message = f'{at}.dir: "{directory}" does not exist, so Atlantis drops the project and no change ever plans it'
            found.wrong("no-directory", line, message, "delete the project, or restore its directory", directory)


def _exists(tree: Tree, directory: str) -> bool:
    listing = tree.list("" if directory == "." else directory)
    return bool(listing.files or listing.directories or listing.links)


def _glob(project: Project, directory: str, at: str, tree: Tree | None, found: Findings) -> None:
    line = project.at("dir")
    if not valid(directory):
        found.wrong("wrong-dir", line, f'{at}.dir: invalid glob pattern "{directory}"', "close every [ and {", directory)
    elif tree is not None and next(directories(tree, clean(directory)), None) is None:
        message = f'{at}.dir: "{directory}" matches no directory with Terraform, so there is no such project'
        found.lenient("no-directory", line, message, "delete the project, or repair the pattern", directory)
    if project.name is not None:
        message = f"{at}.name: Atlantis drops it without a word, because dir is a glob, which stands for several projects"
        found.lenient("name-dropped", project.at("name"), message, "delete the name, or write a project for each directory", project.name)


def _name(project: Project, name: str, at: str, found: Findings) -> None:
    line, at = project.at("name"), f"{at}.name"
    if is_glob(name):
        what = "cannot contain glob pattern characters ('*', '?', '['); glob expansion is only supported in the 'dir' field"
        found.wrong("wrong-name", line, f"{at}: {what}", "write the name out", name)
    elif not name:
        found.wrong("wrong-name", line, f"{at}: if set cannot be empty", "delete the key, or name the project")
    elif not _NAME.fullmatch(name):
        message = f'{at}: "{name}" is not allowed: must contain only URL safe characters'
        found.wrong("wrong-name", line, message, "write letters, digits and - _ . ~ / only", name)
    else:
        _unwise(project, name, at, found)


def _unwise(project: Project, name: str, at: str, found: Findings) -> None:
    line = project.at("name")
    if name.startswith("-"):
        found.lenient("unwise-name", line, f'{at}: "{name}" is read as an option by atlantis plan -p', "begin with a letter", name)
    if ".." in name or "//" in name:
        message = f'{at}: Atlantis accepts "{name}", and it becomes part of file names and links'
        found.lenient("unwise-name", line, message, "write it without .. and //", name)
    file = f"{name.replace('/', '::')}-{project.workspace or DEFAULT}.tfplan"
    if len(file.encode()) > _FILE_NAME:
        message = f"{at}: the plan's file name would have {len(file.encode())} bytes of at most {_FILE_NAME}, so every plan fails"
        found.lenient("unwise-name", line, message, "shorten the name", name)


def _workspace(project: Project, at: str, found: Findings) -> None:
    name = project.workspace
    if name and not _PLAIN_WORD.fullmatch(name) and _NO_WORKSPACE.search(name):
        what = f'"{name}" is not allowed: no / \\ .. $, whitespace or control character, and no - or ~ in front'
        found.wrong("wrong-workspace", project.at("workspace"), f"{at}.workspace: {what}", "write a plain word", name)


def branch(pattern: str, at: str, line: int, found: Findings) -> None:
    """Note what is wrong with the regular expression of a base branch."""
    if len(pattern) < 2 or pattern[0] != "/" or pattern[-1] != "/":
        found.wrong("wrong-branch", line, f"{at}: regex must begin and end with a slash '/'", f"write /{pattern.strip('/')}/", pattern)
    elif (why := regexp_wrong(pattern[1:-1])) is not None:
        found.wrong("wrong-branch", line, f"{at}: parsing: {pattern}: {why}", "write it as Go's regexp reads it", pattern)


def version(text: str | None, at: str, line: int, found: Findings) -> None:
    """Note a version that is none: a constraint, or a template that nobody rendered."""
    if text is not None and not _VERSION.fullmatch(text):
        message = f'{at}: version "{text}" could not be parsed: malformed version: {text}'
        found.wrong("wrong-version", line, message, "write one version, without ~> and the like", text)


def _distribution(project: Project, at: str, found: Findings) -> None:
    value = project.terraform_distribution
    if value is not None and value not in DISTRIBUTIONS:
        what = f"'{value}' is not a valid terraform_distribution, only 'terraform' and 'opentofu' are supported"
        line = project.at("terraform_distribution")
        found.wrong("unknown-value", line, f"{at}.terraform_distribution: {what}", expected(value, DISTRIBUTIONS), value)


def requirements(values: tuple[str, ...] | None, key: str, at: str, line: int, found: Findings) -> None:
    """Note the requirements that Atlantis does not know."""
    for value in values or ():
        if value not in REQUIREMENTS:
            singular = key.removesuffix("s")
            what = f'"{value}" is not a valid {singular}, only "approved", "mergeable" and "undiverged" are supported'
            remedy = "delete it: the server adds it" if value == "policies_passed" else expected(value, REQUIREMENTS)
            found.wrong("unknown-value", line, f"{at}: {what}", remedy, value)


def _locks(project: Project, at: str, found: Findings) -> None:
    if project.repo_locking is not None:
        mode = "on_plan" if project.repo_locking else "disabled"
        message = f"{at}.repo_locking: it is deprecated"
        found.lenient("deprecated-key", project.at("repo_locking"), message, f"write repo_locks: {{mode: {mode}}}", "repo_locking")
    if project.repo_locks is not None:
        lock_mode(project.repo_locks, f"{at}.repo_locks", found)


def lock_mode(locks: RepoLocks, at: str, found: Findings) -> None:
    """Note a mode that Atlantis does not know, and does not check."""
    if locks.mode is not None and locks.mode not in LOCKS:
        message = f'{at}.mode: "{locks.mode}" is no mode; Atlantis does not check it, and locks nothing'
        found.lenient("unknown-value", locks.at("mode"), message, expected(locks.mode, LOCKS), locks.mode)
