"""What is written is read back, by either reader; and whatever happens to a file, no reader makes a value up."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.accounts.model import CHANGE_KEYS, CONTROL_TOWER_KEYS, FOLDER, Request
from generator.accounts.read import Reading, read_canonical, read_folder
from generator.accounts.write import normalised, write
from generator.files import Listing, MemoryTree
from generator.hcl import quoting
from tests.support.zones import REQUEST, reading

# every character that UTF-8 has; those that HCL gives a meaning come often
TEXT = st.lists(st.characters(exclude_categories=["Cs"]) | st.sampled_from(["$", "%", "{", "}", '"', "\\", "\n", "\r", "e\u0301"])).map(
    "".join
)
KEY = TEXT.filter(bool)


def _values(keys: tuple[str, ...]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({key: TEXT for key in keys})


def _unique(values: dict[str, str]) -> dict[str, str]:
    """Keys that Terraform composes to one are one key."""
    return dict({unicodedata.normalize("NFC", key): (key, value) for key, value in values.items()}.values())


REQUESTS = st.builds(
    Request,
    label=st.from_regex(r"[a-z_][a-z0-9-]{0,20}", fullmatch=True),
    control_tower=_values(CONTROL_TOWER_KEYS),
    tags=st.dictionaries(KEY, TEXT, max_size=4).map(_unique),
    change=_values(CHANGE_KEYS),
    custom_fields=st.dictionaries(KEY, TEXT, max_size=4).map(_unique),
    customizations=TEXT.map(quoting.text),
)


@given(REQUESTS)
def test_the_canonical_reader_reads_what_was_written(request: Request) -> None:
    """Every string comes back composed, as Terraform sees it."""
    found = read_canonical(write(request), "a.tf")

    assert found is not None
    assert found.request == normalised(request)


@given(REQUESTS)
def test_the_parser_reads_what_was_written(request: Request) -> None:
    """A comment line in front, and the file is no longer canonical."""
    found = reading(f"# by hand\n{write(request)}")

    assert found.problems == ()
    assert [(record.request, record.canonical) for record in found.records] == [(normalised(request), False)]


@given(TEXT)
def test_a_quoted_text_is_one_line_and_is_read_back(value: str) -> None:
    """No newline of any kind, no bare quote, and no opener that Terraform would evaluate."""
    literal = quoting.quote(value)

    assert len(literal.splitlines()) == 1
    assert quoting.unquote(literal[1:-1]) == unicodedata.normalize("NFC", value)
    assert "${" not in literal.replace("$${", "") and "%{" not in literal.replace("%%{", "")


class _Shuffled(MemoryTree):
    def __init__(self, files: dict[str, bytes], order: list[str]) -> None:
        super().__init__(files)
        self._order = tuple(order)

    def list(self, directory: str) -> Listing:
        """The files of the folder in an order of its own."""
        found = super().list(directory)
        return replace(found, files=tuple(sorted(found.files, key=self._order.index))) if directory == FOLDER else found


_CANONICAL = write(REQUEST)
_FOLDER = {
    "a.tf": _CANONICAL,
    "b.tf": f"# a double\n{_CANONICAL}",
    "c.tf": f"#\n{_CANONICAL.replace('prod-ml', 'dev-ml')}".replace('"ml-platform"', "local.owner"),
    "d.tf": 'locals {\n  owner = "one"\n}\n',
    "e.tf": 'locals {\n  owner = "two"\n}\n',
    "f.tf": "module {",
}


@settings(max_examples=30)  # each reads a whole folder
@given(st.permutations(sorted(_FOLDER)))
def test_the_order_of_the_files_is_irrelevant(order: list[str]) -> None:
    """Doubles, unreadable files and local values of other files included."""
    files = {f"{FOLDER}/{name}": source.encode() for name, source in _FOLDER.items()}

    assert read_folder(_Shuffled(files, order)) == read_folder(MemoryTree(files))


INSERTED = st.sampled_from([*'"\\${}%\n\r\t =#,/*()<-_e1', "\u0301", "\u2028", "\x00", "${", "$${", "\\u00e9", "for ", "  ", "a = 1\n"])


@st.composite
def _mutated(draw: st.DrawFn) -> str:
    """A canonical text after a few characters were taken out or put in."""
    source = write(draw(REQUESTS)) if draw(st.booleans()) else _CANONICAL
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(source)))
        source = source[:at] + source[at + 1 :] if draw(st.booleans()) else source[:at] + draw(INSERTED) + source[at:]
    return source


def _said(found: Reading) -> list[Request]:
    return [record.request for record in found.records]


@given(_mutated())
def test_the_canonical_reader_never_says_what_the_parser_does_not_say(source: str) -> None:
    """It proves itself by writing the same bytes, or leaves the file to the parser."""
    quick = read_canonical(source, f"{FOLDER}/a.tf")

    if quick is not None:
        assert [quick.request] == _said(reading(f"#\n{source}"))
        assert write(quick.request) == source
