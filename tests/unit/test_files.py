"""Files as values: sets of them, made lazily, with paths that cannot leave the root."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.files import Below, File, FileSet, Kind, Listing, MemoryTree, Overlaid, Part, Remembered, join, safe_path, walk
from generator.problems import Refused

CONTENTS = st.dictionaries(st.sampled_from(["a", "b", "c/d"]), st.sampled_from([b"1", b"2", None]), max_size=3)
PARTS = st.dictionaries(st.sampled_from(["x", "y", "z"]), CONTENTS, max_size=3)


def _part(name: str, inputs: object, files: Mapping[str, bytes | None]) -> Part:
    return Part(name, inputs, lambda: {path: File(content, Kind.MANAGED) for path, content in files.items()})


def _never(name: str, inputs: object) -> Part:
    def build() -> Mapping[str, File]:
        raise AssertionError(f"the part {name} was made")

    return Part(name, inputs, build)


def _set(parts: Mapping[str, Mapping[str, bytes | None]]) -> FileSet:
    """Parts below a folder of their own name: no path is claimed twice."""
    return FileSet(
        _part(name, tuple(content.items()), {f"{name}/{path}": body for path, body in content.items()}) for name, content in parts.items()
    )


def test_a_part_is_made_when_somebody_looks_and_then_once() -> None:
    """Ten thousand accounts are ten thousand parts, and most commands look at one."""
    made: list[str] = []

    def build() -> Mapping[str, File]:
        made.append("x")
        return {"a": File(b"", Kind.MANAGED)}

    files = FileSet([Part("x", 1, build)])
    assert made == []

    assert list(files.files) == list(files.files) == ["a"]
    assert made == ["x"]


def test_the_files_of_a_set_can_be_had_part_by_part() -> None:
    """So nobody holds the files of a hundred thousand stacks at once; and what was made already is not made again."""
    made: list[str] = []

    def part(name: str) -> Part:
        def build() -> Mapping[str, File]:
            made.append(name)
            return {f"{name}/a": File(b"1", Kind.MANAGED)}

        return Part(name, name, build)

    files = FileSet([part("y"), part("x")])
    walked = files.each()

    assert made == [] and next(walked)[0] == "y/a" and made == ["y"]
    assert [*walked] == [("x/a", File(b"1", Kind.MANAGED))]

    assert list(files.files) == ["x/a", "y/a"] and made == ["y", "x", "y", "x"]
    assert dict(files.each()) == files.files and len(made) == 4


def test_equal_bytes_are_held_once() -> None:
    """Most files of a stack are the same in every other one: wanted ones, and those that a tree remembers."""
    body = [f"as everywhere {number % 1}\n".encode() for number in range(2)]
    tree = Remembered(MemoryTree({"x/a": body[0], "y/a": body[1]}))
    files = FileSet([_part("x", 1, {"x/a": body[0]}), _part("y", 1, {"y/a": body[1], "y/b": None})]).files

    assert body[0] is not body[1]
    assert files["x/a"].content is files["y/a"].content is tree.read("x/a") is tree.read("y/a")
    assert files["y/b"].content is None and tree.read("y/b") is None


def test_equal_parts_are_not_made_to_compare_two_sets() -> None:
    """One name and equal inputs promise equal files."""
    before = FileSet([_never("x", [1, {"a": 2}]), _part("y", 1, {"b": b"old", "c": b"same"})])
    after = FileSet([_never("x", [1, {"a": 2}]), _part("y", 2, {"b": b"new", "c": b"same"})])

    assert dict(after.less(before).files) == {"b": File(b"new", Kind.MANAGED)}


def test_a_file_that_moves_from_one_part_to_another_is_no_difference() -> None:
    """What counts is path and content."""
    before = FileSet([_part("x", 1, {"a": b"1"})])
    after = FileSet([_part("y", 1, {"a": b"1"})])

    assert dict(after.less(before).files) == {}


def test_two_parts_of_one_name_are_told_apart() -> None:
    """Sets that are joined may hold several parts without a name."""
    one, two = FileSet.of({"a": File(b"1", Kind.MANAGED)}), FileSet.of({"b": File(b"2", Kind.MANAGED)})

    assert dict((one | two).less(two | one).files) == {}
    assert dict((one | two).less(one).files) == dict(two.files)


@given(PARTS, PARTS)
def test_less_is_the_difference_of_the_files(before: dict[str, dict[str, bytes | None]], after: dict[str, dict[str, bytes | None]]) -> None:
    """Laziness never changes the answer."""
    old, new = _set(before).files, _set(after).files

    found = _set(after).less(_set(before)).files

    assert dict(found) == {path: file for path, file in new.items() if old.get(path) != file}


def test_a_path_with_two_contents_is_refused() -> None:
    """Two things of one name must not overwrite each other silently."""
    files = FileSet([_part("x", 1, {"a": b"1"}), _part("y", 1, {"a": b"2"})])

    with pytest.raises(Refused, match="two things would be written to a"):
        _ = files.files


@pytest.mark.parametrize("order", [1, -1])
def test_a_path_that_should_be_there_and_should_not_is_refused(order: int) -> None:
    """Whichever of the two parts comes first."""
    parts = [_part("x", 1, {"a": b"1"}), _part("y", 1, {"a": None})]

    with pytest.raises(Refused, match="a would be both written and deleted"):
        _ = FileSet(parts[::order]).files


def test_two_parts_may_agree_that_a_path_should_not_be_there() -> None:
    """As they may agree on its bytes."""
    assert dict((FileSet([_part("x", 1, {"a": None})]) | FileSet([_part("y", 1, {"a": None})])).files) == {"a": File(None, Kind.MANAGED)}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": b"1"}, {"a": None}, {"a": None}),
        ({"a": None}, {"a": b"1"}, {"a": b"1"}),
        ({}, {"a": None}, {"a": None}),
        ({"a": None}, {"a": None, "b": b"1"}, {"b": b"1"}),
        ({"a": b"1"}, {}, {}),
        ({"a": None}, {}, {}),
    ],
)
def test_that_a_path_should_not_be_there_is_a_value_like_any_other(
    before: Mapping[str, bytes | None], after: Mapping[str, bytes | None], expected: Mapping[str, bytes | None]
) -> None:
    """A path that nobody names any more is no difference: it is not deleted by silence."""
    found = FileSet([_part("x", 2, after)]).less(FileSet([_part("x", 1, before)])).files

    assert {path: file.content for path, file in found.items()} == expected


def test_a_file_that_should_not_be_there_has_no_bytes() -> None:
    """Not even empty ones: empty is not absent."""
    assert File(b"", Kind.MANAGED).body == b"" != File(None, Kind.MANAGED).content
    with pytest.raises(ValueError, match="no bytes"):
        _ = File(None, Kind.MANAGED).body


def test_a_path_claimed_twice_with_one_content_is_one_file() -> None:
    """The frame and what is generated may agree."""
    assert list(FileSet([_part("x", 1, {"a": b"1"}), _part("y", 1, {"a": b"1"})]).files) == ["a"]


def test_the_files_of_a_set_are_in_order_of_their_paths() -> None:
    """Whatever order the parts came in."""
    assert list(FileSet([_part("x", 1, {"b": b"", "a/c": b""}), _part("y", 1, {"a": b""})]).files) == ["a", "a/c", "b"]


@pytest.mark.parametrize("path", ["a", "a/b.tf", ".scaffold/x", "a b/é", "…", "a/b:c", "..a/b.."])
def test_an_ordinary_path_passes(path: str) -> None:
    """It comes back as it is."""
    assert safe_path(path) == path


@pytest.mark.parametrize(
    "path",
    ["", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", "a/.", "a\\b", "a\nb", "a\x00b", "C:/a", "a\u202eb", "a\x7f", "\ud800"],
)
def test_a_path_that_would_leave_the_root_or_deceive_is_refused(path: str) -> None:
    """The one gate between a computed name and the disk."""
    with pytest.raises(Refused, match="would leave the root"):
        safe_path(path)


def test_no_set_and_no_tree_takes_an_unsafe_path() -> None:
    """Both pass the gate."""
    with pytest.raises(Refused):
        _ = FileSet.of({"../a": File(b"", Kind.MANAGED)}).files
    with pytest.raises(Refused):
        MemoryTree({"../a": b""})


def test_a_memory_tree_lists_what_its_paths_imply() -> None:
    """Sorted, each directory once."""
    tree = MemoryTree({"b/c/d": b"1", "b/a": b"2", "a": b"3"})

    assert tree.list("") == Listing(("a",), ("b",))
    assert tree.list("b") == Listing(("a",), ("c",))
    assert tree.list("none") == Listing()
    assert list(walk(tree)) == ["a", "b/a", "b/c/d"]
    assert (tree.read("b/a"), tree.read("b"), tree.read("none")) == (b"2", None, None)


def test_empty_parts_of_a_path_are_left_out() -> None:
    """The root is the empty text."""
    assert join("", "a", "", "b") == "a/b"


def test_a_folder_is_a_tree_of_its_own() -> None:
    """Whoever reads it need not know where it lies."""
    below = Below(MemoryTree({"a/b/c": b"1", "a/d": b"2", "e": b"3"}), "a")

    assert list(walk(below)) == ["d", "b/c"] and (below.read("b/c"), below.read("e")) == (b"1", None)


def test_files_that_are_about_to_be_stand_over_a_tree() -> None:
    """What is decided from them is decided as if they were written."""
    over = Overlaid(MemoryTree({"a/b": b"1", "a/c": b"2"}), {"a/c": b"3", "x/y": b"4"})

    assert list(walk(over)) == ["a/b", "a/c", "x/y"]
    assert [over.read(path) for path in ("a/b", "a/c", "x/y", "z")] == [b"1", b"3", b"4", None]
