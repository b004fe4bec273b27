"""Our region of `atlantis.yaml`, and how every other byte of it survives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.atlantis.region import BEGIN, END, Project, listed, new_file, problems, with_projects, without

PROJECTS = [Project(f"peering/{name}", ("*.tf*", "../../modules/peering/1.0.0")) for name in ("b--c", "a--b")]
FOREIGN = f"""\
# ours since 2019
version: 3
autodiscover:
  mode: disabled
x: &anchor
  - "*.tf"
projects:
- name: legacy/dns
  dir: legacy/dns
  autoplan: {{when_modified: *anchor}}
    {BEGIN}
    - name: peering/old--one
      dir: peering/old--one
    {END}
- {{name: legacy/vpn, dir: legacy/vpn}}
workflows:
  legacy: {{plan: {{steps: [init, plan]}}}}
# the end
"""


def test_the_region_is_rewritten_in_order_and_nothing_else() -> None:
    """One block per project, sorted, in the margin of its marker."""
    after = with_projects(FOREIGN.encode(), PROJECTS)

    assert after is not None
    head, tail = FOREIGN.split(f"    {BEGIN}\n")[0], FOREIGN.split(f"    {END}\n")[1]
    text = after.decode()
    assert text.startswith(head) and text.endswith(tail)
    assert listed(after) == ["peering/a--b", "peering/b--c"]
    lines = ("- name: peering/a--b", "  dir: peering/a--b", "  autoplan:", '    when_modified: ["*.tf*", "../../modules/peering/1.0.0"]')
    block = "".join(f"    {line}\n" for line in lines)
    assert block in text


def test_line_ends_stay_as_they_are() -> None:
    """A file with CRLF gets no line without."""
    after = with_projects(FOREIGN.replace("\n", "\r\n").encode(), PROJECTS)

    assert after is not None and after.count(b"\n") == after.count(b"\r\n")
    assert listed(after) == ["peering/a--b", "peering/b--c"]


@given(st.lists(st.text(alphabet="ab:-#[]{}\n \t\r\u00e9\u2028", max_size=40), min_size=2, max_size=2))
def test_every_other_byte_survives(around: list[str]) -> None:
    """Whatever stands before and after."""
    before, after = f"{around[0]}\n".encode(), f"\n{around[1]}".encode()
    content = before + f"  {BEGIN}\n  {END}".encode() + after

    found = with_projects(content, PROJECTS)

    assert found is not None
    assert found.startswith(before + f"  {BEGIN}\n".encode()) and found.endswith(f"  {END}".encode() + after)
    assert with_projects(found, PROJECTS) == found and with_projects(found, []) == content


def test_bytes_that_are_no_text_survive() -> None:
    """A comment in an old encoding is nobody's business."""
    content = b"# caf\xe9\n" + FOREIGN.encode()

    found = with_projects(content, PROJECTS)

    assert found is not None and found.startswith(b"# caf\xe9\n")


@pytest.mark.parametrize(
    "text", ["version: 3\nprojects:\n", f"{BEGIN}\n", f"{END}\n{BEGIN}\n", f"{BEGIN}\n{BEGIN}\n{END}\n", f"x {BEGIN}\n{END}\n"]
)
def test_a_file_without_one_region_is_left_alone(text: str) -> None:
    """It is said where the two lines go; an autodiscovery that is not disabled is said too."""
    assert with_projects(text.encode(), PROJECTS) is None
    found = problems(text.encode(), lambda: PROJECTS)

    assert [problem.id for problem in found] == ["no-region", "autodiscover"]
    assert "2 projects are not listed" in found[0].message and BEGIN in found[0].remedy
    assert without(text.encode(), ["peering/a--b"]) == text.encode()


def test_a_new_file_lists_nothing_and_discovers_nothing() -> None:
    """An empty list would make Atlantis discover everything."""
    content = new_file(parallel=False)

    assert listed(content) == [] and problems(content, list) == []
    assert b"autodiscover: {mode: disabled}\n" in content and b"parallel_plan: false\n" in content


def test_projects_of_deleted_directories_leave() -> None:
    """The others keep their bytes."""
    both = with_projects(new_file(parallel=True), PROJECTS)
    assert both is not None

    assert without(both, ["peering/b--c"]) == with_projects(new_file(parallel=True), PROJECTS[1:])
    assert without(both, ["peering/x--y"]) == both
