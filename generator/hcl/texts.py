"""Terraform's functions over text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from generator.hcl.values import Fails, Items, Kind, Number, Unsure, Value, as_text, bounded

_MOST = 1 << 20
_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
_VERB = re.compile(r"%(?:%|([0-]?)([1-9][0-9]?)?([a-z]))|%|[^%]+")
# of one letter beyond ASCII that both languages change alike; the others have rules of their own
_LATIN = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ"
_FIRST_LETTER = re.compile(rf"(?<![A-Za-z0-9_{_LATIN}])[a-z{_LATIN}]")
_LETTER = r"[A-Za-z0-9 _.,:;@=/#!%&'\"<>~-]"
_IN_CLASS = r"(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9 _.,:;@=/#!%'\"<>]|\\[-\\\].+*?()/dw])"
_PIECE = rf"(?:{_LETTER}|\.|\\[dw.+*?()|^${{}}\[\]\\/-]|\[\^?{_IN_CLASS}+-?\])"
# of RE2's language what means the same to Python: no groups that repeat, nothing lazy, no flags
_REGEX = re.compile(rf"\^?(?:\(?{_PIECE}(?:[*+?]|\{{[0-9]{{1,2}}(?:,[0-9]{{0,2}})?\}})?\)?)+(?:\|(?:{_PIECE}[+]?)+)*\$?\Z")
# how often a pattern may repeat or leave something out, so that no search takes long
_MOST_REPEATED, _MOST_LEFT_OUT = 2, 5
_LONGEST_PATTERN = 100
_PLAIN_REPLACEMENT = re.compile(r"(?:[^$]|\$[1-9](?![0-9A-Za-z_]))*\Z")
_LONGEST_SEARCHED = 300


def _changed(value: str, changed: str) -> str:
    if not all(char.isascii() or char in _LATIN for char in value):
        raise Unsure("letters outside ASCII")
    return bounded(changed)


def lower(value: str) -> Value:
    """`lower`."""
    return _changed(value, value.lower())


def upper(value: str) -> Value:
    """`upper`."""
    return _changed(value, value.upper())


def _ascii(value: str) -> str:
    """Elsewhere Terraform counts what looks like one character, not code points."""
    if not value.isascii():
        raise Unsure("letters outside ASCII")
    return value


def title(value: str) -> Value:
    """`title`: the first letter of each word; a word is made of letters, digits and `_`."""
    return _changed(value, _FIRST_LETTER.sub(lambda found: found[0].upper(), value))


def trimspace(value: str) -> Value:
    """`trimspace`."""
    return value.strip(_SPACE)


def trim(value: str, chars: str) -> Value:
    """`trim`: any of the characters, at both ends."""
    return bounded(value.strip(chars)) if chars else value


def chomp(value: str) -> Value:
    """`chomp`."""
    return value.rstrip("\r\n")


def trimprefix(value: str, prefix: str) -> Value:
    """`trimprefix`, once."""
    return bounded(value.removeprefix(prefix))


def trimsuffix(value: str, suffix: str) -> Value:
    """`trimsuffix`, once."""
    return bounded(value.removesuffix(suffix))


def startswith(value: str, prefix: str) -> Value:
    """`startswith`."""
    return value.startswith(prefix)


def endswith(value: str, suffix: str) -> Value:
    """`endswith`."""
    return value.endswith(suffix)


def strcontains(value: str, part: str) -> Value:
    """`strcontains`."""
    return part in value


def substr(value: str, offset: Number, length: Number) -> Value:
    """`substr`; a length of -1 is all that is left."""
    start, wanted = offset.whole, length.whole
    if start < 0 or wanted < -1:
        raise Unsure("a place counted from the end")
    rest = _ascii(value)[start:]
    return rest if wanted == -1 else rest[:wanted]


def split(separator: str, value: str) -> Value:
    """`split`, to a list of texts."""
    parts = value.split(separator) if separator else list(_ascii(value))
    return Items(Kind.LIST, tuple(map(bounded, parts)))


def join(separator: str, *lists: Items) -> Value:
    """`join` of one list or several."""
    parts = [as_text(part) for found in lists for part in found.values]
    if not lists:
        raise Unsure("join without a list")
    if sum(map(len, parts)) + len(separator) * len(parts) > _MOST:
        raise Unsure("longer than any value AFT takes")
    return bounded(separator.join(parts))


def basename(path: str) -> Value:
    """`basename`."""
    stripped = path.rstrip("/")
    return stripped.rpartition("/")[2] if stripped else "/" if path else "."


def dirname(path: str) -> Value:
    """`dirname` of a path that needs no cleaning."""
    if any(part in ("", ".", "..") for part in path.split("/")):
        raise Unsure("a path that Terraform rewrites")
    return path.rpartition("/")[0] or "."


def replace(value: str, part: str, by: str) -> Value:
    """`replace`; a part between slashes is a regular expression, evaluated where RE2 and Python cannot differ."""
    if len(part) > 1 and part.startswith("/") and part.endswith("/"):
        return _replace_pattern(value, part[1:-1], by)
    if len(value) + (value.count(part) + 1) * len(by) > _MOST:
        raise Unsure("longer than any value AFT takes")
    return bounded(value.replace(part, by))


def _replace_pattern(value: str, pattern: str, by: str) -> Value:
    repeated = sum(map(pattern.count, "*+{"))
    costly = len(pattern) > _LONGEST_PATTERN or repeated > _MOST_REPEATED or pattern.count("?") > _MOST_LEFT_OUT
    if costly or not _REGEX.match(pattern) or not _PLAIN_REPLACEMENT.match(by):
        raise Unsure("a regular expression that is not evaluated here")
    if len(value) > _LONGEST_SEARCHED or not value.isascii() or "\v" in value:
        raise Unsure("a regular expression over such a text is not evaluated here")
    try:
        compiled = re.compile(re.sub(r"(?<!\\)\$\Z", r"\\Z", pattern), re.ASCII)
    except re.error as error:
        raise Unsure(f"a regular expression that is not evaluated here: {error}") from None
    if compiled.search("") or any(int(number) > compiled.groups for number in re.findall(r"\$([1-9])", by)):
        raise Unsure("a regular expression that is not evaluated here")
    return bounded(compiled.sub(lambda found: re.sub(r"\$([1-9])", lambda sign: found[int(sign[1])] or "", by), value))


def formatted(pattern: str, *values: Value) -> Value:
    """`format` with the verbs s, d and v, and for d with a width."""
    parts: list[str] = []
    left = list(values)
    for match in _VERB.finditer(pattern):
        if not match[0].startswith("%") or match[0] == "%%":
            parts.append(match[0].removeprefix("%") if match[0] == "%%" else match[0])
        elif match[3] not in ("s", "d", "v") or (match[3] != "d" and match[2]) or (match[1] and not match[2]):
            raise Unsure(f"format with {match[0]}")
        elif not left:
            raise Fails("format has too few arguments")
        else:
            parts.append(_verb(match, left.pop(0)))
    if left:
        raise Fails("format has too many arguments")
    return bounded("".join(parts))


def _verb(match: re.Match[str], value: Value) -> str:
    if value is None or isinstance(value, Items) or not isinstance(value, str | bool | Number):
        raise Unsure("format of something other than text")
    if match[3] != "d":
        if isinstance(value, Number) and match[3] == "v" and value.value.denominator != 1:
            raise Unsure("format of a number with decimals")
        return as_text(value)
    if not isinstance(value, Number):
        raise Unsure("%d of something other than a number")
    width = int(match[2] or 0)
    body = str(value.whole)
    if match[1] == "-":
        return body.ljust(width)
    return body.zfill(width) if match[1] == "0" else body.rjust(width)


def formatlist(pattern: str, *values: Value) -> Value:
    """`formatlist`: what is no list is the same in every line."""
    lists = [value for value in values if isinstance(value, Items)]
    lengths = {len(found.values) for found in lists}
    if len(lengths) != 1 or any(found.kind is Kind.SET for found in lists):
        raise Unsure("formatlist of lists of different lengths, or of none")
    rows: Sequence[int] = range(lengths.pop())
    lines = [formatted(pattern, *(value.values[row] if isinstance(value, Items) else value for value in values)) for row in rows]
    return Items(Kind.LIST, tuple(lines))


def characters(value: str) -> Number:
    """How many characters Terraform counts."""
    return Number(Fraction(len(_ascii(value))))
