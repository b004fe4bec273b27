"""The module calls of one `main.tf`: where each `source` stands, to the character, and which arguments are given.

A whole parser of HCL takes a second to load and milliseconds a file; what calls which version is asked of every stack at
once. This one knows comments, strings with interpolation, heredocs and brackets, and nothing else. What it does not
understand is a ValueError, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\ufeff]+)
    |(?P<line>\n)
    |(?P<comment>\#[^\n]*|//[^\n]*|/\*.*?\*/)
    |(?P<heredoc><<-?(?P<mark>[^\W\d][\w-]*)[ \t]*\r?\n)
    |(?P<quote>")
    |(?P<name>[^\W\d][\w-]*)
    |(?P<open>[{(\[])
    |(?P<close>[})\]])
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_CLOSES = {"{": "}", "(": ")", "[": "]"}
_PLAIN = re.compile(r"[^\\$%]*\Z")


@dataclass(frozen=True, slots=True)
class Call:
    """`module "LABEL" { source = "SOURCE" … }`: `start` to `end` is the text between the quotes of its source.

    `source` None: it is missing, or no plain text.
    """

    label: str
    line: int
    source: str | None
    start: int
    end: int
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


def _tokens(text: str, at: int = 0) -> Iterator[_Token]:
    """Every token but blanks and comments; a string or a heredoc is one."""
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None  # the last alternative takes any character
        kind, end = match.lastgroup or "", match.end()
        if kind == "mark" or match["heredoc"]:
            kind, end = "heredoc", _heredoc_end(text, end, match["mark"])
        elif kind == "quote":
            kind, end = "string", _string_end(text, end)
        elif text.startswith("/*", at) and kind != "comment":
            raise ValueError("a comment has no end")
        if kind not in ("space", "comment"):
            yield _Token(kind, text[at:end], at, end)
        at = end


def _heredoc_end(text: str, at: int, mark: str) -> int:
    match = re.compile(rf"^[ \t]*{re.escape(mark)}[ \t]*\r?$", re.MULTILINE).search(text, at)
    if match is None:
        raise ValueError(f"the text that begins with {mark} has no end")
    return match.end()


_INSIDE = re.compile(r"""[^"\\$%\n]+|\\.|\$\$\{|%%\{|\$\{|%\{|["\n]|.""", re.DOTALL)


def _string_end(text: str, at: int) -> int:
    """Behind the closing quote of a string whose opening quote ends at `at`."""
    while match := _INSIDE.match(text, at):
        part, at = match[0], match.end()
        if part == '"':
            return at
        if part == "\n":
            break
        if part in ("${", "%{"):
            at = _interpolation_end(text, at)
    raise ValueError("a string has no end")


def _interpolation_end(text: str, at: int) -> int:
    depth = 1
    for token in _tokens(text, at):
        depth += (token.text == "{") - (token.text == "}")
        if not depth:
            return token.end
    raise ValueError("an interpolation has no end")


def calls(text: str) -> list[Call]:
    """The module calls of a file, in its order; ValueError where it is not understood."""
    tokens, found, number = list(_tokens(text)), [], 0
    while number < len(tokens):
        first, closing = tokens[number], _end_of_statement(tokens, number)
        if first.kind == "name" and first.text == "module":
            found.append(_call(text, tokens[number:closing]))
        number = closing + 1
    return found


def _end_of_statement(tokens: list[_Token], number: int) -> int:
    """Where the statement that begins with a token ends: at the line, or the list's, end that stands in no brackets."""
    open_: list[str] = []
    while number < len(tokens):
        token = tokens[number]
        if token.kind == "open":
            open_.append(_CLOSES[token.text])
        elif token.kind == "close" and (not open_ or open_.pop() != token.text):
            raise ValueError(f"a {token.text} closes nothing")
        elif token.kind == "line" and not open_:
            return number
        number += 1
    if open_:
        raise ValueError(f"there is no {open_[-1]} for an opening bracket")
    return number


def _call(text: str, tokens: list[_Token]) -> Call:
    line = text.count("\n", 0, tokens[0].start) + 1
    if len(tokens) < 4 or tokens[1].kind not in ("string", "name") or tokens[2].text != "{" or tokens[-1].text != "}":
        raise ValueError(f"line {line} begins with module and is no call of one")
    body, arguments, place = tokens[3:-1], [], None
    number = 0
    while number < len(body):
        end = _end_of_statement(body, number)
        statement = body[number:end]
        if len(statement) > 1 and statement[0].kind == "name" and statement[1].text == "=":
            arguments.append(statement[0].text)
            place = _plain(statement) if statement[0].text == "source" else place
        number = end + 1
    if len(set(arguments)) < len(arguments):
        raise ValueError(f"the call in line {line} gives an argument twice")
    label = tokens[1].text.strip('"')
    return Call(label, line, text[slice(*place)] if place else None, *(place or (0, 0)), tuple(arguments))


def _plain(statement: list[_Token]) -> tuple[int, int] | None:
    """Where the text of `NAME = "TEXT"` stands; None where it is computed."""
    if len(statement) != 3 or statement[2].kind != "string" or not _PLAIN.match(statement[2].text):
        return None
    return statement[2].start + 1, statement[2].end - 1
