"""What the projects of one file must not say together.

Atlantis compares those whose `branch` fits the pull request's base branch. Source: `server/core/config/parser_validator.go`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from generator.atlantis.fields import Findings
from generator.atlantis.model import DEFAULT, Project
from generator.atlantis.patterns import clean
from generator.atlantis.regexps import wrong as regexp_wrong
from generator.problems import nearest

Listed = Sequence[tuple[str, Project]]
"""Each project with its place, such as `projects[0]`."""


def judge(projects: Sequence[Project], base: str | None, found: Findings) -> None:
    """Note names and directories that meet, and dependencies that lead nowhere; `base` is the base branch, if it is known."""
    listed = [(f"projects[{index}]", project) for index, project in enumerate(projects) if _on(project, base)]
    _names(listed, found)
    _unnamed(listed, found)
    if any(project.depends_on for project in projects):
        _dependencies(listed, found)


def _on(project: Project, base: str | None) -> bool:
    """Whether a project counts for a base branch; one whose expression cannot be read counts everywhere."""
    pattern = project.branch
    if base is None or pattern is None or len(pattern) < 2 or regexp_wrong(pattern[1:-1]) is not None:
        return True
    try:
        return re.search(pattern[1:-1], base) is not None
    except re.error:  # an expression that only Go knows
        return True


def _apart(one: Project, other: Project) -> bool:
    """Whether two projects may be for different base branches."""
    return one.branch is not None and other.branch is not None and one.branch != other.branch


def _names(listed: Listed, found: Findings) -> None:
    first: dict[str, tuple[str, Project]] = {}
    for at, project in listed:
        if not project.name:
            continue
        before, other = first.setdefault(project.name, (at, project))
        if other is project:
            continue
        what = f'found two or more projects with name "{project.name}"; project names must be unique'
        line, where = project.at("name"), f"{before} in line {other.at('name')} is the other"
        if _apart(project, other):
            message = f"{at}: on a base branch that fits both, Atlantis refuses the file: {what}"
            found.lenient("duplicate-name", line, message, f"rename one of them: {where}", project.name)
        else:
            found.wrong("duplicate-name", line, f"{at}: {what}", f"rename one of them: {where}", project.name)


def _unnamed(listed: Listed, found: Findings) -> None:
    """Projects of one directory and workspace are all named. Atlantis looks back only, so an unnamed one that comes first escapes."""
    places: dict[tuple[str, str], list[tuple[str, Project]]] = {}
    for at, project in listed:
        if project.dir:
            places.setdefault((clean(f"./{project.dir}"), project.workspace or DEFAULT), []).append((at, project))
    for (directory, workspace), several in places.items():
        if len(several) > 1:
            for place, (at, project) in enumerate(several):
                if project.name is None:
                    _ambiguous(at, project, directory, workspace, [other for _, other in several[:place]], found)


def _ambiguous(at: str, project: Project, directory: str, workspace: str, before: Sequence[Project], found: Findings) -> None:
    what = f'there are two or more projects with dir: "{directory}" workspace: "{workspace}" that are not all named'
    remedy = "name each of them: they must have a 'name' key so they can be targeted for apply's separately"
    if any(not _apart(project, other) for other in before):
        found.wrong("unnamed-project", project.line, f"{at}: {what}", remedy, directory)
    else:
        why = "on a base branch that fits both, Atlantis refuses the file" if before else "Atlantis sees only those that follow a named one"
        found.lenient("unnamed-project", project.line, f"{at}: {what}; {why}", remedy, directory)


def _dependencies(listed: Listed, found: Findings) -> None:
    needs = {project.name: project.depends_on or () for _, project in listed if project.name}
    waiting = set(_in_circles(needs))
    for at, project in listed:
        for name in project.depends_on or ():
            line, where = project.at("depends_on"), f"{at}.depends_on"
            if name not in needs:
                guess = nearest(name, needs)
                message = f'{where}: there is no project "{name}"; Atlantis does not check it, and waits for nothing'
                found.lenient("unknown-dependency", line, message, f'did you mean "{guess}"?' if guess else "delete it", name)
            elif name == project.name:
                message = f"{where}: the project depends on itself; Atlantis does not check it, and never applies the project"
                found.lenient("circular-dependency", line, message, "delete it", name)
            elif name in waiting and project.name in waiting and _reaches(needs, name, project.name):
                message = f'{where}: "{name}" depends on this project in turn; Atlantis does not check it, and applies neither'
                found.lenient("circular-dependency", line, message, "break the circle", name)


def _in_circles(needs: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The names that may be part of a circle: those that are left when what waits for nothing is taken away, again and again."""
    waits = {name: {other for other in others if other in needs} for name, others in needs.items()}
    for_whom: dict[str, list[str]] = {}
    for name, others in waits.items():
        for other in others:
            for_whom.setdefault(other, []).append(name)
    free = [name for name, others in waits.items() if not others]
    for name in free:
        for other in for_whom.get(name, ()):
            waits[other].discard(name)
            if not waits[other]:
                free.append(other)
    return (name for name, others in waits.items() if others)


def _reaches(needs: Mapping[str, Sequence[str]], start: str, goal: str) -> bool:
    seen, todo = {start}, [start]
    while todo:
        for name in needs.get(todo.pop(), ()):
            if name == goal:
                return True
            if name not in seen:
                seen.add(name)
                todo.append(name)
    return False
