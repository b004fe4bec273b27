"""HTML out of text: whatever is no `Markup` yet is escaped on its way in, so no value ends an element, an attribute or a script."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from typing import Any

from generator.report.text import printable


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def escape(text: str) -> Markup:
    """The text as HTML that shows it, also within quotes; what is no printable character is spelled out (`\\u202e`)."""
    return text if isinstance(text, Markup) else Markup(html.escape(printable(text)))


def element(name: str, *content: str, **attributes: str | bool) -> Markup:
    """An element; of a reserved word the last `_` is dropped, others are hyphens; True is an attribute without value, False none."""
    words = ((word.rstrip("_").replace("_", "-"), value) for word, value in attributes.items() if value is not False)
    given = "".join(f" {word}" if value is True else f' {word}="{escape(str(value))}"' for word, value in words)
    return Markup(f"<{name}{given}>{join(content)}</{name}>")


def join(parts: Iterable[str], separator: str = "") -> Markup:
    """Several texts as one, with a separator that is HTML."""
    return Markup(separator.join(map(escape, parts)))


def data(value: Any) -> Markup:
    """JSON that no parser of HTML takes for anything else: ASCII, without `<`, `>` and `&`."""
    plain = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return Markup(plain.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
