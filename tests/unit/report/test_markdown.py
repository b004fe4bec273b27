"""Whatever a value holds, a comment shows it: no table ends early, nothing links, nobody is mentioned, no HTML gets in."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from generator.report.markdown import Markdown, blocks, bullet, clip, code, details, escape, join, section, table
from generator.report.text import printable

HOSTILE = [
    "|", "\\", "\\|", "\\\\|", "`", "``", "`|`", "*a*", "**", "_a_", "__", "~~a~~", "[a](x)", "![a](x)", "[a]", "[a]: x", "[^1]",
    "[ ]", "<b>", "</td>", "</code>", "</details>", "<!--", "<script>", "&amp;", "&#124;", "&", "@octocat", "@org/team",
    "a@example.com", "x/y@deadbeef", "-@a", "é@a", "@", "@@a", "http://x.y", "HTTPS://x.y", "ftp://x", "www.x.y", "WWW.x.y",
    "mailto:a@b.c", "#1", "# a", "#", "a/b#2", "GH-3", "gh-3", "$x$", "$`x`$", "${a}", "$$", "deadbeef",
    "0123456789abcdef0123456789abcdef01234567", "123456789012", ":smile:", "::+1::", "a:b:c", "- a", "+ a", "1. a", "12) a",
    "123456789. a", "1234567. a", "---", "===", ":--", "> a", "    a", "a  b", " a ", "\n", "\r\n", "a\n\nb", "\t", "\x00", "\x1b[31m",
    "\u202e", "\u200b", "\u2028", "\ud800", "\u00a0", "{{ a }}", "%{a}", "arn:aws:iam::123456789012:role/a", "prod-ml.eu-west-1", "",
]  # fmt: skip
VALUES = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=3), max_size=5).map("".join)
# what GitHub looks for in each text node of the rendered document, outside code and links
SOUGHT = {
    "mention": r"(?:^|[^A-Za-z0-9_])@[A-Za-z0-9]",
    "mail": r"[A-Za-z0-9._+-]+@[A-Za-z0-9]",
    "issue": r"#[0-9]|\bGH-[0-9]",
    "commit": r"(?<![0-9A-Za-z])(?![0-9]{12}(?![0-9A-Za-z]))[0-9a-f]{7,40}(?![0-9A-Za-z])",  # twelve digits are an account's id
    "address": r"://|\bwww\.",
    "emoji": r":[\w+-]+:",
    "formula": r"\$.|.\$",
}


class _Rendered(HTMLParser):
    """The elements and the text nodes of what a Markdown renderer makes."""

    def __init__(self, markdown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[str] = []
        self.nodes: list[str] = []
        self.feed(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown))
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Note an element."""
        self.elements.append(tag)

    def handle_data(self, data: str) -> None:
        """Note a text node."""
        self.nodes.append(data)

    @property
    def text(self) -> str:
        """What a person reads."""
        return "".join(self.nodes).replace("\u200b", "").strip("\n")


def _is_shown(value: str) -> None:
    rendered = _Rendered(escape(value))

    assert rendered.text == printable(value)
    assert set(rendered.elements) <= {"p", "span", "wbr"}


@given(VALUES)
def test_a_value_is_shown_as_it_is(value: str) -> None:
    """What is no printable character is spelled out."""
    _is_shown(value)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_is_shown_as_it_is(value: str) -> None:
    """Each of them, on its own and next to a letter."""
    for shown in (value, f"a{value}", f"{value}a", f"a {value} a"):
        _is_shown(shown)


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("before", ["a\n", "", "- ", "> "])
def test_a_value_at_the_start_of_a_line_makes_no_block(before: str, value: str) -> None:
    """No heading, list, quote, rule, code or table of what stands above it."""
    rendered = _Rendered(f"{before}{escape(value)}")

    assert set(rendered.elements) <= {"p", "span", "wbr", *({"- ": ("ul", "li"), "> ": ("blockquote",)}.get(before, ()))}


def _is_kept_apart(value: str) -> None:
    for node in _Rendered(escape(value)).nodes:
        assert [name for name, pattern in SOUGHT.items() if re.search(pattern, node, re.ASCII | re.IGNORECASE)] == []


@given(VALUES)
def test_nothing_that_github_looks_for_stands_in_one_text(value: str) -> None:
    """It searches text by text, once Markdown is done; escapes are gone by then."""
    _is_kept_apart(value)


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_of_a_hostile_value_is_found_by_github(value: str) -> None:
    """Each of them, on its own and next to something else."""
    for shown in (value, f"a {value}", f"{value} a", f"-{value}-", f"{value}{value}"):
        _is_kept_apart(shown)


@given(VALUES)
@example("@octocat")
def test_nobody_is_mentioned_in_a_reply_by_mail(value: str) -> None:
    """A reply quotes the bare text, where no element and no code keeps names apart."""
    for shown in (escape(value), code(value)):
        assert not re.search(r"(?:^|[^A-Za-z0-9])@[A-Za-z0-9]", "".join(_Rendered(shown).nodes), re.ASCII)


@given(VALUES)
@example("`")
@example("a`` |`b")
def test_code_shows_a_value_with_any_backticks_in_it(value: str) -> None:
    """One element, and in it what the value says."""
    rendered = _Rendered(f"x {code(value)}")

    assert rendered.text == f"x {printable(value)}"
    assert rendered.elements.count("code") == 1 and set(rendered.elements) <= {"p", "code", "span", "wbr"}


def _cells(line: str) -> list[str]:
    """The cells of a row: split at every pipe, then what the references mean."""
    inner = line.removeprefix("| ").removesuffix(" |")
    return [re.sub(r"<[^>]*>", "", cell).replace("&#8203;", "") for cell in inner.split(" | ")]


TABLES = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(VALUES, min_size=width, max_size=width), min_size=1, max_size=4))


@given(TABLES, st.sampled_from([escape, code]))
def test_a_table_reads_back_as_it_was(rows: list[list[str]], shown: type[Markdown]) -> None:
    """By splitting at pipes; none of them is escaped, since none of a value is left."""
    head, rule, *lines = table([str(number) for number in range(len(rows[0]))], [[shown(cell) for cell in row] for row in rows]).split("\n")

    assert [[html.unescape(cell) for cell in _cells(line)] for line in lines] == [[printable(cell) for cell in row] for row in rows]
    assert {line.count("|") for line in (head, rule, *lines)} == {len(rows[0]) + 1}


@given(TABLES)
def test_a_table_renders_as_one_table_with_every_cell(rows: list[list[str]]) -> None:
    """Whatever the values are, in the head too."""
    rendered = _Rendered(table(rows[0], rows))

    assert set(rendered.elements) <= {"table", "thead", "tbody", "tr", "th", "td", "span", "wbr"}
    assert [rendered.elements.count(name) for name in ("table", "th", "td")] == [1, len(rows[0]), len(rows) * len(rows[0])]


@pytest.mark.parametrize("row", [[], ["a"], ["a", "b", "c"]])
def test_a_row_of_another_length_is_a_mistake_of_ours(row: list[str]) -> None:
    """GitHub would drop a cell, or add one."""
    with pytest.raises(ValueError, match="in a table of 2 columns"):
        table(["a", "b"], [row])


@pytest.mark.parametrize("text", [Markdown("a\nb"), Markdown("a\n")])
def test_markdown_of_two_lines_is_taken_for_no_line(text: Markdown) -> None:
    """In a cell, a heading, a summary or a list it would begin something else."""
    for use in (bullet, lambda line: table([line], []), lambda line: section(line, Markdown()), lambda line: details(line, Markdown())):
        with pytest.raises(ValueError, match="more than one line"):
            use(text)


def test_a_pipe_of_ours_ends_no_cell() -> None:
    """Markdown is taken as it is, but for that."""
    with pytest.raises(ValueError, match="a pipe would end the cell"):
        table(["a"], [[Markdown("`a|b`")]])


def test_markdown_is_not_escaped_again() -> None:
    """Text is; a formatted string is text."""
    assert escape(escape("|")) == escape("|") == "&#124;"
    assert join(["<", code("<"), Markdown("**a**")], " ") == "&#60; <code>&#60;</code> **a**"
    assert escape(f"{code('<')}") != code("<")


@given(VALUES, VALUES)
def test_headings_and_details_hold_what_they_are_given(title: str, value: str) -> None:
    """And end before what follows them."""
    body = blocks(section(title, escape("x"), 3), details(title, table(["a"], [[value]])), section("end", Markdown()))
    elements = _Rendered(body).elements

    assert [elements.count(name) for name in ("h3", "details", "summary", "table", "td", "h2")] == [1, 1, 1, 1, 1, 1]
    assert set(elements) <= {"h2", "h3", "p", "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "span", "wbr"}


def test_a_summary_shows_code() -> None:
    """There Markdown is not read, so code is an element."""
    assert details(join(["a", code("b")], " "), Markdown("c")) == "<details><summary>a <code>b</code></summary>\n\nc\n\n</details>"


@given(st.lists(VALUES.map(bullet), max_size=12), st.integers(-5, 400))
def test_what_is_clipped_fits_and_says_what_is_missing(lines: list[Markdown], limit: int) -> None:
    """As many lines as fit, and no more could."""
    found = clip(lines, limit, "pair")
    shown = [line for line in found.split("\n") if line.startswith("- ")]
    left = len(lines) - len(shown)
    closing = f"*{left} pair{'s' * (left != 1)} left out.*"

    assert shown == lines[: len(shown)]
    assert found == "\n\n".join(filter(None, ["\n".join(shown), closing if left else ""]))
    assert len(found) <= limit or not shown
    if left:
        assert len("\n".join(lines)) > limit
        more = lines[: len(shown) + 1]
        assert len("\n".join(more)) + 2 + len(f"*{left - 1} pair{'s' * (left != 2)} left out.*") > limit or left == 1


@given(st.lists(VALUES.map(lambda value: [value]), max_size=8), st.integers(0, 300))
def test_a_clipped_table_is_a_table_and_a_line_below_it(rows: list[list[str]], limit: int) -> None:
    """The line is no row, also where not one row fits."""
    found = table(["a"], rows, limit, "network")
    elements = _Rendered(found).elements
    count = elements.count("td")

    assert [elements.count("table"), elements.count("em")] == [1, int(count < len(rows))]
    assert len(found) <= limit or count == 0
    assert count == len(rows) or f"{len(rows) - count} network{'s' * (len(rows) - count != 1)} left out." in found


def test_nothing_to_clip_is_nothing() -> None:
    """Nor is anything left out of it."""
    assert (clip([], 0, "pair"), table(["a"], [], 0)) == ("", "| a |\n| --- |")
