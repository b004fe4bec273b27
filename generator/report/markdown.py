"""Markdown as GitHub renders it, for pull-request comments and job summaries. Knows no domain.

What is `Markdown` already is taken as it is; every other text is escaped on its way in, so a value of a tag can
neither end a table, nor link, nor mention anybody, nor bring HTML along. Escapes are character references, which
mean the same in a paragraph, in a cell, in `<code>` and in `<summary>`; a backslash means another thing in each.
References alone do not hold back what GitHub looks for after Markdown is done (mentions, issues, commits, mail
addresses, formulas, emoji): those are taken apart by an element, which splits the text that GitHub searches.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate

from generator.report.text import counted, printable


class Markdown(str):
    """Text that is Markdown already."""

    __slots__ = ()


_RISKY = re.compile(
    r"""
      (?P<mention> (?<![a-z0-9])@ )
    | (?P<apart>   [@$] | [#](?=[0-9]) | :(?=//|[\w+-]+:) | (?<=www)[.] | (?<=GH)-(?=[0-9]) )
    | (?P<hex>     (?<![a-z0-9])(?![0-9]{12}(?![a-z0-9]))[0-9a-f]{7,40}(?![a-z0-9]) )  # twelve digits are an account's id
    | (?P<list>    \A[0-9]{1,6}[.)] )
    | (?P<sign>    [&<>\\`*_\[\]#|~] | \A[-+=:] | \A[ ] | [ ]\Z | (?<=[ ])[ ] )
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def _reference(text: str) -> str:
    return f"&#{ord(text)};"


_ESCAPES: Mapping[str, Callable[[str], str]] = {
    # a reply by mail quotes the plain text: there nothing but another character between the two holds
    "mention": lambda text: f"{text}&#8203;",
    "apart": lambda text: f"<span>{text}</span>",
    "hex": lambda text: "<wbr>".join(text[start : start + 6] for start in range(0, len(text), 6)),
    "list": lambda text: text[:-1] + _reference(text[-1]),  # longer numbers have been taken apart already
    "sign": _reference,
}


def escape(text: str) -> Markdown:
    """The text as Markdown that shows it, in one line; what is no printable character is spelled out (`\\n`)."""
    if isinstance(text, Markdown):
        return text
    return Markdown(_RISKY.sub(lambda found: _ESCAPES[str(found.lastgroup)](found[0]), printable(text)))


def code(text: str) -> Markdown:
    """The text as inline code, whatever stands in it: an element, since a code span takes neither every pipe nor every backtick."""
    return Markdown(f"<code>{escape(text)}</code>")


def join(parts: Iterable[str], separator: str = "") -> Markdown:
    """Several texts as one, with a separator that is Markdown; what is none yet is escaped."""
    return Markdown(separator.join(escape(part) for part in parts))


def bullet(text: str) -> Markdown:
    """One line of a list."""
    return Markdown(f"- {_line(text)}")


def blocks(*parts: Markdown) -> Markdown:
    """Sections, tables and paragraphs below each other; empty ones are left out. A blank line ends each: HTML would run on."""
    return Markdown("\n\n".join(part for part in parts if part))


def section(title: str, body: Markdown, level: int = 2) -> Markdown:
    """A heading and what stands below it."""
    return blocks(Markdown(f"{'#' * level} {_line(title)}"), body)


def details(summary: str, body: Markdown) -> Markdown:
    """Something that a click unfolds."""
    return blocks(Markdown(f"<details><summary>{_line(summary)}</summary>"), body, Markdown("</details>"))


def table(head: Sequence[str], rows: Iterable[Sequence[str]], limit: int | None = None, what: str = "row") -> Markdown:
    """A table; beyond a limit of characters, as many rows as fit, and how many are left out. ValueError for a row of another length."""
    width = len(head)
    lines = [_row(row, width) for row in rows]
    top = [_row(head, width), _row([Markdown("---")] * width, width)]
    shown, closing = (lines, Markdown()) if limit is None else _clipped(lines, limit - sum(map(len, top)) - len(top), what)
    return blocks(join([*top, *shown], "\n"), closing)


def _row(cells: Sequence[str], width: int) -> Markdown:
    if len(cells) != width:
        raise ValueError(f"a row of {len(cells)} cells in a table of {width} columns")
    return Markdown(f"| {' | '.join(map(_cell, cells))} |")


def _cell(text: str) -> str:
    found = _line(text)
    if "|" in found:
        raise ValueError(f"a pipe would end the cell {text!r}")
    return found


def _line(text: str) -> str:
    found = escape(text)
    if "\n" in found:
        raise ValueError(f"{text!r} is more than one line")
    return found


def clip(lines: Sequence[str], limit: int, what: str) -> Markdown:
    """The lines, or as many of them as fit into `limit` characters with a last one that says how many (`what`) are left out.

    The last one is there even where nothing fits: what is missing is always said.
    """
    shown, closing = _clipped([escape(line) for line in lines], limit, what)
    return blocks(join(shown, "\n"), closing)  # a blank line between: right below a row it would be one more


def _clipped(lines: Sequence[Markdown], limit: int, what: str) -> tuple[Sequence[Markdown], Markdown]:
    ends = list(accumulate(len(line) + 1 for line in lines))  # each with the line end behind it
    if not lines or ends[-1] - 1 <= limit:
        return lines, Markdown()
    # two line ends follow the last line that is shown, and one of them is counted
    fitting = [number for number, end in enumerate(ends[:-1], 1) if end + 1 + len(_left_out(len(lines) - number, what)) <= limit]
    number = max(fitting, default=0)
    return lines[:number], _left_out(len(lines) - number, what)


def _left_out(number: int, what: str) -> Markdown:
    return Markdown(f"*{counted(number, what)} left out.*")
