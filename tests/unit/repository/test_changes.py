"""What happens to a file follows from who owns it and what is there."""

from __future__ import annotations

import json

import pytest

from generator.files import File, FileSet, Kind, Listing, MemoryTree
from generator.hcl import managed
from generator.problems import Severity
from generator.repository.changes import Change, Verb, compare, diff, problems

HCL, OLD_HCL = managed.text_file('a = "new"\n'), managed.text_file('a = "old"\n')
JSON, OLD_JSON = managed.json_file({"a": ["new", "é"]}), managed.json_file({"a": ["old", "é"]})
REFORMATTED = json.dumps(json.loads(OLD_JSON), separators=(",", ":")).encode()
SORTED = json.dumps(json.loads(OLD_JSON), sort_keys=True, indent=4).encode()


def _change(path: str, wanted: bytes | None, kind: Kind, old: bytes | None) -> Change:
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


def test_changes_are_in_order_of_their_paths_and_hold_what_is_current_once() -> None:
    """However the parts are ordered; the bytes of a current file are those that were read, and no second ones."""
    there = {"b.tf": bytes(bytearray(HCL)), "a.tf": OLD_HCL}
    parts = [FileSet.of({path: File(HCL, Kind.MANAGED)}, path) for path in ("c.tf", "b.tf", "a.tf")]

    found = compare(parts[0] | parts[1] | parts[2], MemoryTree(there))

    assert [(change.path, change.verb) for change in found] == [("a.tf", Verb.UPDATE), ("b.tf", Verb.IDENTICAL), ("c.tf", Verb.CREATE)]
    assert found[1].new is found[1].old is there["b.tf"] and (found[0].old, found[0].new) == (OLD_HCL, HCL)


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


@pytest.mark.parametrize("kind", Kind)
def test_a_file_that_is_not_wanted_and_not_there_is_identical(kind: Kind) -> None:
    """Whoever owns it: there is nothing to do."""
    assert _change("a.tf", None, kind, None).verb is Verb.IDENTICAL


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.MANAGED])
@pytest.mark.parametrize("old", [b"", b"other\n", HCL, HCL + b"# mine\n"])
def test_a_file_that_is_not_wanted_is_deleted_as_asked(kind: Kind, old: bytes) -> None:
    """Nothing in it could say that it is to stay."""
    assert _change("a.tf", None, kind, old).verb is Verb.DELETE


@pytest.mark.parametrize(
    ("path", "old", "expected"),
    [
        ("a.tf", HCL, Verb.DELETE),
        ("a.tf", HCL.replace(b"\n", b"\r\n"), Verb.DELETE),
        ("a.tf", HCL + b"# mine\n", Verb.CONFLICT),
        ("a.tf", HCL.partition(b"\n")[2], Verb.KEPT),
        ("a.tf", b"", Verb.KEPT),
        ("a.tf.json", JSON, Verb.DELETE),
        ("a.tf.json", REFORMATTED, Verb.DELETE),
        ("a.tf.json", JSON.replace(b'"new"', b'"own"'), Verb.CONFLICT),
        ("a.tf.json", b"{}", Verb.KEPT),
    ],
)
def test_a_managed_file_is_deleted_where_its_header_still_holds(path: str, old: bytes, expected: Verb) -> None:
    """An edit is somebody's work, also where the file has no place any more."""
    assert _change(path, None, Kind.MANAGED, old).verb is expected


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("found", [Listing(links=("x.tf",)), Listing(directories=("x.tf",))])
def test_what_is_no_regular_file_is_never_deleted(kind: Kind, found: Listing) -> None:
    """A symbolic link reads as nothing, and Terraform would still read it: it is named."""
    (change,) = compare(FileSet.of({"a/x.tf": File(None, kind)}), _Odd(found))

    assert (change.verb, change.written) == (Verb.KEPT, False)
    assert [str(problem) for problem in problems([change])] == [
        "a/x.tf: this should go, but it is no regular file; left alone; delete it yourself; a symbolic link is never followed"
    ]


class _Odd:
    """A tree with one directory and no regular file in it."""

    def __init__(self, found: Listing) -> None:
        self._found = found

    def read(self, path: str) -> bytes | None:
        """See `Tree.read`."""
        return None

    def list(self, directory: str) -> Listing:
        """See `Tree.list`."""
        return self._found if directory == "a" else Listing()


def test_only_what_is_created_updated_or_deleted_is_written() -> None:
    """Conflicts and kept files are left alone."""
    written = [verb for verb in Verb if Change("a", verb, Kind.MANAGED, b"", b"").written]

    assert written == [Verb.CREATE, Verb.UPDATE, Verb.DELETE]


def test_a_copy_that_goes_does_not_lag() -> None:
    """Waves are for copies that are older than their source."""
    new, none = (_change("stacks/a/.terraform.lock.hcl", wanted, Kind.COPY, b"old") for wanted in (b"new", None))

    assert (new.lags, none.lags) == (True, False)


def test_a_conflict_is_an_error_and_a_kept_file_a_note() -> None:
    """A seeded file that is kept is nobody's business."""
    conflict, kept = _change("a.tf", HCL, Kind.MANAGED, HCL + b"#\n"), _change("b.tf", HCL, Kind.MANAGED, b"#\n")
    seeded = _change("c.tf", HCL, Kind.SEEDED, b"#\n")

    found = [(problem.id, problem.file, problem.severity) for problem in problems([conflict, kept, seeded])]

    assert found == [("conflict", "a.tf", Severity.ERROR), ("kept", "b.tf", Severity.NOTE)]


def test_a_file_that_should_have_gone_and_is_still_there_is_said_to_be() -> None:
    """What stays of a managed file is an error or a warning: Terraform reads it still."""
    changes = [
        _change(path, None, Kind.MANAGED, old) for path, old in (("a.tf", HCL + b"#\n"), ("b.tf", b"#\n"), ("c.tf", HCL), ("d.tf", None))
    ]

    found = [(problem.severity, str(problem)) for problem in problems(changes)]

    assert found == [
        (
            Severity.ERROR,
            "a.tf: a managed file that should go was edited by hand; left alone; "
            "delete it yourself, or restore it from git and run the command again",
        ),
        (
            Severity.WARNING,
            "b.tf: this file should go, but its header is gone, so it is yours; left alone; "
            "delete it yourself, unless what it says still holds",
        ),
    ]


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (None, b"a\n", ["--- /dev/null", "+++ b/x", "@@ -0,0 +1 @@", "+a"]),
        (b"a\nb\n", None, ["--- a/x", "+++ /dev/null", "@@ -1,2 +0,0 @@", "-a", "-b"]),
        (b"a", None, ["--- a/x", "+++ /dev/null", "@@ -1 +0,0 @@", "-a", "\\ No newline at end of file"]),
        (b"a\n", b"a\nb\n", ["--- a/x", "+++ b/x", "@@ -1 +1,2 @@", " a", "+b"]),
        (b"a", b"a\n", ["--- a/x", "+++ b/x", "@@ -1 +1 @@", "-a", "\\ No newline at end of file", "+a"]),
        ("a\u2028b\x0cc\n".encode(), b"a\n", ["--- a/x", "+++ b/x", "@@ -1 +1 @@", "-a\u2028b\x0cc", "+a"]),
    ],
)
def test_a_diff_is_one_that_patch_would_take(old: bytes | None, new: bytes | None, lines: list[str]) -> None:
    """A line ends with a newline and with nothing else."""
    shown = diff(Change("x", Verb.UPDATE, Kind.RECORD, old, new))

    assert shown.rstrip("\n").split("\n") == lines
