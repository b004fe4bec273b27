"""What happens to a file follows from who owns it and what is there."""

from __future__ import annotations

import json

import pytest

from generator.files import File, FileSet, Kind, MemoryTree
from generator.hcl import managed
from generator.problems import Severity
from generator.repository.changes import Change, Verb, compare, diff, problems

HCL, OLD_HCL = managed.text_file('a = "new"\n'), managed.text_file('a = "old"\n')
JSON, OLD_JSON = managed.json_file({"a": ["new", "é"]}), managed.json_file({"a": ["old", "é"]})
REFORMATTED = json.dumps(json.loads(OLD_JSON), separators=(",", ":")).encode()
SORTED = json.dumps(json.loads(OLD_JSON), sort_keys=True, indent=4).encode()


def _change(path: str, wanted: bytes, kind: Kind, old: bytes | None) -> Change:
    tree = MemoryTree({} if old is None else {path: old})
    (change,) = compare(FileSet.of({path: File(wanted, kind)}), tree)
    return change


@pytest.mark.parametrize("kind", Kind)
def test_a_file_that_is_not_there_is_created(kind: Kind) -> None:
    """Whoever owns it afterwards."""
    assert _change("a.tf", HCL, kind, None).verb is Verb.CREATE


@pytest.mark.parametrize("kind", Kind)
def test_a_file_that_is_as_wanted_is_identical(kind: Kind) -> None:
    """Whoever owns it."""
    assert _change("a.tf", HCL, kind, HCL).verb is Verb.IDENTICAL


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(Kind.RECORD, Verb.UPDATE), (Kind.COPY, Verb.UPDATE), (Kind.SEEDED, Verb.KEPT), (Kind.RELEASE, Verb.KEPT), (Kind.MANAGED, Verb.KEPT)],
)
def test_a_file_without_a_header_is_changed_only_where_it_is_not_theirs(kind: Kind, expected: Verb) -> None:
    """Records change as asked, copies follow their source, seeds and releases stay."""
    assert _change("a.tf", b"wanted\n", kind, b"other\n").verb is expected


@pytest.mark.parametrize(
    ("path", "wanted", "old", "expected"),
    [
        ("a.tf", HCL, OLD_HCL, Verb.UPDATE),
        ("a.tf", HCL, HCL.replace(b"\n", b"\r\n"), Verb.IDENTICAL),
        ("a.tf", HCL, OLD_HCL.replace(b"\n", b"\r\n"), Verb.UPDATE),
        ("a.tf", HCL, OLD_HCL + b"# mine\n", Verb.CONFLICT),
        ("a.tf", HCL, OLD_HCL.replace(b'"old"', b'"own"'), Verb.CONFLICT),
        ("a.tf", HCL, HCL.replace(b"sha256:", b"sha256:0"), Verb.CONFLICT),
        ("a.tf", HCL, HCL.partition(b" sha256")[0] + b"\n", Verb.CONFLICT),
        ("a.tf", HCL, OLD_HCL.partition(b"\n")[2], Verb.KEPT),
        ("a.tf", HCL, b"", Verb.KEPT),
        ("a.tf", HCL, b"\xff\xfe", Verb.KEPT),
        ("a.tf.json", JSON, OLD_JSON, Verb.UPDATE),
        ("a.tf.json", JSON, JSON.replace(b"\n", b"\r\n"), Verb.IDENTICAL),
        ("a.tf.json", JSON, OLD_JSON.replace(b"\n", b"\r\n"), Verb.UPDATE),
        ("a.tf.json", JSON, REFORMATTED, Verb.UPDATE),
        ("a.tf.json", JSON, SORTED, Verb.UPDATE),
        ("a.tf.json", JSON, OLD_JSON.replace(b'"old"', b'"own"'), Verb.CONFLICT),
        ("a.tf.json", JSON, OLD_JSON.replace(b"]", b"", 1), Verb.CONFLICT),
        ("a.tf.json", JSON, b'{"a": ["own"]}', Verb.KEPT),
        ("a.tf.json", JSON, b'{"//": 5}', Verb.KEPT),
        ("a.tf.json", JSON, b"[]", Verb.KEPT),
        ("a.tf.json", JSON, b"not json", Verb.KEPT),
        ("a.tf.json", JSON, b"[" * 100_000, Verb.KEPT),
        ("a.tf.json", JSON, b"\xff", Verb.KEPT),
    ],
)  # fmt: skip
def test_the_header_of_a_managed_file_decides(path: str, wanted: bytes, old: bytes, expected: Verb) -> None:
    """Intact: rewritten. Edited: a conflict. Header gone: theirs. Line ends and layout do not count."""
    assert _change(path, wanted, Kind.MANAGED, old).verb is expected


def test_only_what_is_created_or_updated_is_written() -> None:
    """Conflicts and kept files are left alone."""
    assert [verb for verb in Verb if Change("a", verb, Kind.MANAGED, b"", b"").written] == [Verb.CREATE, Verb.UPDATE]


def test_a_conflict_is_an_error_and_a_kept_file_a_note() -> None:
    """A seeded file that is kept is nobody's business."""
    conflict, kept = _change("a.tf", HCL, Kind.MANAGED, HCL + b"#\n"), _change("b.tf", HCL, Kind.MANAGED, b"#\n")
    seeded = _change("c.tf", HCL, Kind.SEEDED, b"#\n")

    found = [(problem.id, problem.file, problem.severity) for problem in problems([conflict, kept, seeded])]

    assert found == [("conflict", "a.tf", Severity.ERROR), ("kept", "b.tf", Severity.NOTE)]


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (None, b"a\n", ["--- /dev/null", "+++ b/x", "@@ -0,0 +1 @@", "+a"]),
        (b"a\n", b"a\nb\n", ["--- a/x", "+++ b/x", "@@ -1 +1,2 @@", " a", "+b"]),
        (b"a", b"a\n", ["--- a/x", "+++ b/x", "@@ -1 +1 @@", "-a", "\\ No newline at end of file", "+a"]),
        ("a\u2028b\x0cc\n".encode(), b"a\n", ["--- a/x", "+++ b/x", "@@ -1 +1 @@", "-a\u2028b\x0cc", "+a"]),
    ],
)
def test_a_diff_is_one_that_patch_would_take(old: bytes | None, new: bytes, lines: list[str]) -> None:
    """A line ends with a newline and with nothing else."""
    shown = diff(Change("x", Verb.UPDATE, Kind.RECORD, old, new))

    assert shown.rstrip("\n").split("\n") == lines
