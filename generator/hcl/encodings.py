"""Terraform's functions that encode and decode: JSON, YAML and digests.

JSON is Go's spelling of it. YAML is what Terraform and PyYAML read alike; where their rules for plain words and
numbers differ, the value is unknown.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from generator.hcl.unknown import Unknown
from generator.hcl.values import (
    Fails,
    Fields,
    FromFile,
    Items,
    Kind,
    Later,
    Number,
    Place,
    Unsure,
    Value,
    as_text,
    bounded,
    number_of,
    tuple_of,
)

_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # releases of Go spell these in different ways
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# a plain word of YAML that begins otherwise is text for Terraform; these may be numbers, dates, true, false or null
_SPECIAL = re.compile(r"[-+.0-9~<=]|(?:y|n|yes|no|on|off|true|false|null|inf|nan)\Z", re.IGNORECASE)
_YAML_WORDS: Mapping[str, Value] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
_YAML_NUMBER = re.compile(r"(?:0|-?[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?\Z")
_YAML_TEXT = re.compile(r"[0-9]+(?:\.[0-9]+){2,}(?:/[0-9]+)?\Z|[0-9]+[A-Za-df-wyzA-DF-WYZ -][A-Za-z _-]*\Z")


def base64encode(value: str) -> Value:
    """`base64encode` of the text's UTF-8."""
    return base64.b64encode(value.encode()).decode()


def md5(value: str) -> Value:
    """`md5` of the text's UTF-8."""
    return hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()


def sha1(value: str) -> Value:
    """`sha1` of the text's UTF-8."""
    return hashlib.sha1(value.encode(), usedforsecurity=False).hexdigest()


def sha256(value: str) -> Value:
    """`sha256` of the text's UTF-8."""
    return hashlib.sha256(value.encode()).hexdigest()


def jsonencode(value: Value) -> Value:
    """`jsonencode`: keys sorted, no space, and `<`, `>` and `&` escaped as Go does it."""
    return bounded(_encoded(value))


def _encoded(value: Value) -> str:
    if isinstance(value, Items):
        return f"[{','.join(map(_encoded, value.values))}]"
    if isinstance(value, Fields):
        return f"{{{','.join(f'{_encoded(key)}:{_encoded(item)}' for key, item in value.values.items())}}}"
    if isinstance(value, str):
        if _NO_TEXT.search(value):
            raise Unsure("JSON of a control character")
        return re.sub("[<>&\u2028\u2029]", lambda found: _ESCAPED[found[0]], json.dumps(value, ensure_ascii=False))
    return "null" if value is None else as_text(value)


def jsondecode(value: str) -> Value:
    """`jsondecode`, to tuples and objects; what was read from a file knows its lines, where YAML reads it too."""
    try:
        document = json.loads(value, object_pairs_hook=_once, parse_int=number_of, parse_float=number_of, parse_constant=_constant)
    except ValueError:
        raise Fails("it is no JSON") from None
    made = _decoded(document)
    return _placed(made, value, value.file) if isinstance(value, FromFile) else made


def _placed(value: Value, source: str, file: str) -> Value:
    import yaml

    try:
        return _with_places(value, yaml.compose(str(source), getattr(yaml, "CSafeLoader", yaml.SafeLoader)), file)
    except (yaml.YAMLError, ValueError):
        return value


def _with_places(value: Value, node: Any, file: str) -> Value:
    """A value with the places of the same document's nodes, which come in the same order."""
    if isinstance(value, Items):
        pairs = zip(value.values, node.value, strict=True)
        made = tuple(_with_places(item, inner, file) for item, inner in pairs)
        return replace(value, values=made, places=tuple((file, inner.start_mark.line + 1) for inner in node.value))
    if isinstance(value, Fields):
        nodes = {bounded(key.value): (key, inner) for key, inner in node.value}
        found = {key: _with_places(value.values[key], inner, file) for key, (_, inner) in nodes.items() if key in value.values}
        return replace(value, values=found, places={key: (file, word.start_mark.line + 1) for key, (word, _) in nodes.items()})
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Unsure("JSON with one key twice")
    return found


def _constant(word: str) -> Any:
    raise Fails(f"{word} is no JSON")


def _decoded(found: Any) -> Value:
    if isinstance(found, list):
        return tuple_of(map(_decoded, found))
    if isinstance(found, dict):
        return Fields(Kind.OBJECT, {_json_text(key): _decoded(item) for key, item in found.items()})
    return _json_text(found) if isinstance(found, str) else found


def _json_text(found: str) -> str:
    if _SURROGATE.search(found):
        raise Unsure("JSON with half a character")
    return bounded(found)


def yamldecode(value: str) -> Value:
    """`yamldecode` of one document; what was read from a file knows its lines."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(str(value))
    try:
        root = loader.get_single_node()
        if root is None or value.startswith("\ufeff"):
            raise Unsure("YAML without a document")
        return _Yaml(loader, value.file if isinstance(value, FromFile) else None).value(root)
    except yaml.YAMLError as error:
        raise Unsure(f"YAML that cannot be read here: {' '.join(str(error).split())}") from None
    finally:
        loader.dispose()


class _Yaml:
    """The nodes of one document as values, each node once.

    What may mean something else to Terraform is unknown where it stands, in a file: the rest is not.
    """

    def __init__(self, loader: Any, file: str | None) -> None:
        self._loader, self._file = loader, file
        self._done: dict[int, Value] = {}
        self._open: set[int] = set()

    def value(self, node: Any) -> Value:
        if id(node) in self._open:
            raise Unsure("YAML that holds itself")
        if id(node) not in self._done:
            self._open.add(id(node))
            self._done[id(node)] = self._told(node)
            self._open.discard(id(node))
        return self._done[id(node)]

    def _told(self, node: Any) -> Value:
        try:
            return self._made(node)
        except Later as error:
            place = self._place(node)
            if place is None:
                raise
            return Unknown(*place, str(error))

    def _place(self, node: Any) -> Place | None:
        return None if self._file is None else (self._file, node.start_mark.line + 1)

    def _made(self, node: Any) -> Value:
        if node.id == "sequence":
            self._refuse_tag(node, "seq")
            return tuple_of([self.value(item) for item in node.value], [self._place(item) for item in node.value])
        if node.id == "mapping":
            self._refuse_tag(node, "map")
            return self._mapping(node)
        if node.style:
            self._refuse_tag(node, "str")
            return bounded(node.value)
        if node.tag != self._loader.resolve(type(node), node.value, (True, False)):
            raise Unsure(f"YAML with the tag {node.tag}")
        return _plain(node.value)

    def _mapping(self, node: Any) -> Value:
        values: dict[str, Value] = {}
        places: dict[str, Place | None] = {}
        for key_node, item in node.value:
            key = self.value(key_node)
            if isinstance(key, Unknown):
                raise Later(f"a key is not known: {key.why}")
            if key is None or isinstance(key, Items | Fields):
                raise Unsure("YAML with a key that is no text")
            if as_text(key) in values:  # Terraform takes the last one; whoever wrote it meant something else
                raise Later(f"the key {as_text(key)} stands here twice")
            values[as_text(key)], places[as_text(key)] = self.value(item), self._place(key_node)
        return Fields(Kind.OBJECT, values, places)

    def _refuse_tag(self, node: Any, wanted: str) -> None:
        if node.tag != f"tag:yaml.org,2002:{wanted}":
            raise Unsure(f"YAML with the tag {node.tag}")


def _plain(word: str) -> Value:
    """A word without quotes, where Terraform's rules leave no doubt."""
    if word in _YAML_WORDS:
        return _YAML_WORDS[word]
    if not _SPECIAL.match(word) or _YAML_TEXT.match(word):
        return bounded(word)
    if _YAML_NUMBER.match(word):
        return Number(Fraction(word))
    raise Later(f"the YAML word {word} without quotes may not mean that text to Terraform")
