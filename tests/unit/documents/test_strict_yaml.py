"""Documents behind the first, and aliases that stand for more than anybody can read."""

from __future__ import annotations

from generator.documents import strict_yaml
from generator.problems import Severity

TWO = b"a: 1\n---\nb: 2\n"
LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))


def test_a_further_document_is_an_error() -> None:
    """A file of ours has one."""
    found, problems = strict_yaml.read(TWO, "x.yaml")

    assert found is None and [problem.id for problem in problems] == ["yaml-unreadable"]


def test_a_further_document_is_a_warning_where_only_the_first_is_read() -> None:
    """With the line of its first value; an end of the first one is no further one."""
    found, problems = strict_yaml.read(TWO, "x.yaml", first=True)
    ended, none = strict_yaml.read(b"---\na: 1\n...\n", "x.yaml", first=True)

    assert found is not None and found.plain() == {"a": 1}
    assert [(problem.id, problem.line, problem.severity) for problem in problems] == [("further-document", 3, Severity.WARNING)]
    assert ended is not None and ended.plain() == {"a": 1} and none == []


def test_an_empty_file_is_an_empty_mapping_either_way() -> None:
    """Also one of comments only."""
    for content in (b"", b"# nothing\n"):
        for first in (False, True):
            found, problems = strict_yaml.read(content, "x.yaml", first=first)
            assert found is not None and found.plain() == {} and problems == []


def test_aliases_that_stand_for_too_much_are_refused() -> None:
    """Nine lines, a thousand million values; the same without the last lines is read."""
    found, problems = strict_yaml.read(LAUGHS.encode(), "x.yaml")
    few, none = strict_yaml.read("".join(LAUGHS.splitlines(keepends=True)[:4]).encode(), "x.yaml")

    assert found is None and "aliases stand for more than 1,000,000 values" in problems[0].message
    assert few is not None and none == []


def test_an_alias_that_contains_itself_is_a_problem() -> None:
    """It is not followed for ever."""
    found, problems = strict_yaml.read(b"a: &a [*a]\n", "x.yaml")

    assert found is not None and [problem.id for problem in problems] == ["yaml-unreadable"]
