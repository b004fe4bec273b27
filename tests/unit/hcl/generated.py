"""Expressions by a seed: values first, and then what may be done with them, three steps deep.

Most are valid; some are not, since what Terraform refuses must be unknown to us.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

LATER = "var.later"
"""Something that Terraform knows and we do not: what is known beside it must still be Terraform's."""
LOCALS = {
    "partly": f'{{ a = {LATER}, b = "y" }}',
    "name": '"prod-ml"',
    "upper": '"Prod ML"',
    "count": "3",
    "on": "true",
    "nothing": "null",
    "names": '["b", "a", "b", "c"]',
    "numbers": "[3, 1, 2]",
    "mixed": '["a", 1, true]',
    "tags": '{ owner = "ml", tier = "app", "a b" = "c" }',
    "accounts": '[{ name = "a", tags = { x = "1" } }, { name = "b", tags = {}, cidr = "10.0.0.0/20" }]',
    "by_name": "{ a = { id = 1, on = true }, b = { id = 2, on = false } }",
}
TEXTS = [
    LATER,
    *(f"local.{name}" for name in ("name", "upper")),
    '"a,b,,c"',
    '" x "',
    '""',
    '"<a&b>"',
    '"é"',
    '"5"',
    '"true"',
    '"x/y.yaml"',
    '"O\'Neil"',
]
NUMBERS = ["local.count", "0", "1", "2", "7", "-3", "1.5", "10", "0.1", "1e3", "007", '"4"']
FLAGS = ["true", "false", "local.on", '"true"']
LISTS = [
    f'[{LATER}, "b"]',
    *(f"local.{name}" for name in ("names", "numbers", "mixed")),
    "[]",
    '["x"]',
    'toset(["q", "p"])',
    'tolist(["m", "n"])',
]
MAPS = [
    "local.partly",
    *(f"local.{name}" for name in ("tags", "by_name")),
    "{}",
    '{ k = "v" }',
    'tomap({ a = "x", b = "y" })',
    "{ b = 1, a = true }",
]
BASIC = {"text": TEXTS, "number": NUMBERS, "flag": FLAGS, "list": LISTS, "map": MAPS, "any": ["null", "local.accounts", "local.nothing"]}
# kind of the result -> templates; {text} and so on is an expression of that kind
MADE = {
    "text": [
        "lower({text})",
        "upper({text})",
        "title({text})",
        "trimspace({text})",
        "trim({text}, {text})",
        "chomp({text})",
        "trimprefix({text}, {text})",
        "trimsuffix({text}, {text})",
        "replace({text}, {text}, {text})",
        'replace({text}, "/[^a-z0-9-]+/", "-")',
        'replace({text}, "/([a-z])-/", "$1_")',
        'replace({text}, "/^p|l$/", "X")',
        'join("-", {list})',
        "join({text}, {list}, {list})",
        'format("%s-%d", {text}, {number})',
        'format("%03d|%v|%%", {number}, {flag})',
        'format("%s", {any})',
        "substr({text}, {number}, {number})",
        "jsonencode({any})",
        "jsonencode({map})",
        "jsonencode({list})",
        '"${{{text}}}-${{{number}}}"',
        '"${{{any}}}-x"',
        '"${{{text}}}"',
        "coalesce({text}, {text})",
        "coalesce({any}, {text}, {number})",
        "tostring({any})",
        "basename({text})",
        "dirname({text})",
        "base64encode({text})",
        "sha256({text})",
        "md5({text})",
        "sha1({text})",
        "{list}[{number}]",
        "element({list}, {number})",
        '{map}["a"]',
        "{map}[{text}]",
        "local.tags.owner",
        "local.tags.missing",
        'lookup({map}, "owner", {text})',
        "lookup({map}, {text})",
        "one({list})",
        "{flag} ? {text} : {text}",
        "{flag} ? {any} : {any}",
        "try({text}, {text})",
        'try(local.accounts[{number}].cidr, "none")',
        "try({map}.owner, {list}[5], {text})",
        "file({text})",
    ],
    "number": [
        "({number} + {number})",
        "({number} - {number})",
        "({number} * {number})",
        "({number} / {number})",
        "({number} % {number})",
        "-({number})",
        "length({list})",
        "length({map})",
        "length({text})",
        "max({number}, {number})",
        "min({number}, 2)",
        "abs({number})",
        "ceil({number})",
        "floor({number})",
        "tonumber({any})",
        "index({list}, {any})",
        "sum({list})",
        "{flag} ? {number} : {number}",
        "{flag} ? {number} : {text}",
    ],
    "flag": [
        "({any} == {any})",
        "({any} != {any})",
        "({text} == {text})",
        "({number} < {number})",
        "({number} >= {number})",
        "({number} == {number})",
        "({flag} && {flag})",
        "({flag} || {flag})",
        "!({flag})",
        "contains({list}, {any})",
        "contains(keys({map}), {text})",
        "can({any})",
        "can({list}[{number}])",
        "can({map}.owner)",
        "startswith({text}, {text})",
        "endswith({text}, {text})",
        "strcontains({text}, {text})",
        "tobool({any})",
        "alltrue({list})",
        "anytrue({list})",
        "({list} == {list})",
        "({map} == {map})",
    ],
    "list": [
        "[{any}, {any}]",
        "[{text}, {number}]",
        "concat({list}, {list})",
        "tolist({list})",
        "toset({list})",
        "distinct({list})",
        "compact({list})",
        "sort({list})",
        "reverse({list})",
        "flatten([{list}, [{list}]])",
        "keys({map})",
        "values({map})",
        'split("-", {text})',
        "split({text}, {text})",
        "slice({list}, {number}, {number})",
        "range({number})",
        "range({number}, {number})",
        "[for x in {list} : x]",
        "[for i, x in {list} : i]",
        '[for x in {list} : "${{x}}!" if x != {any}]',
        "[for k, v in {map} : k]",
        "[for k, v in {map} : v]",
        "local.accounts[*].name",
        "{any}[*]",
        "{list}[*]",
        "setunion({list}, {list})",
        "setsubtract({list}, {list})",
        "setintersection({list}, {list})",
        "coalescelist({list}, {list})",
        'formatlist("%s-x", {list})',
        "{flag} ? {list} : {list}",
        "try({list}, {list})",
        "can({list}[1]) ? [{list}[1], {text}] : []",
        "[for a in local.accounts : try(a.cidr, {any})]",
        "[for x in {list} : [for y in {list} : y if y == x]]",
    ],
    "map": [
        "merge({map}, {map})",
        "merge({map}, {any})",
        "tomap({map})",
        "zipmap({list}, {list})",
        "{{ a = {any}, (local.name) = {text} }}",
        '{{ "${{{text}}}" = {any} }}',
        "{{ for x in {list} : x => {any} }}",
        "{{ for i, x in {list} : i => x }}",
        "{{ for k, v in {map} : upper(k) => v }}",
        "{{ for x in {list} : x => 1... }}",
        "{{ for a in local.accounts : a.name => a.tags }}",
        "{{ for k, v in {map} : k => v if k != {text} }}",
        "{flag} ? {map} : {map}",
        "try({map}, {{}})",
        "can({map}.a) ? {{ z = {map}.a }} : {{}}",
        "{flag} ? {{ z = {map}.a, y = {any} }} : {{}}",
        "jsondecode(jsonencode({map}))",
        "merge({list}...)",
        "{{ for k, v in local.by_name : k => v.id if v.on }}",
    ],
    "any": [
        "{text}",
        "{number}",
        "{flag}",
        "{list}",
        "{map}",
        "{any}.name",
        "{map}.a",
        "{list}[0]",
        'yamldecode("a: 1\\nb: [x, true, ~, 1.5]")',
        'jsondecode("[1, 0.10, \\"x\\", null]")',
        "yamldecode({text})",
        "jsondecode({text})",
        "try({any}.name, {any})",
    ],
}
FUNCTIONS = frozenset(
    part.rpartition(" ")[2].strip('([{"!$').rpartition("(")[2].rpartition("[")[2].rpartition("{")[2]
    for templates in MADE.values()
    for template in templates
    for part in template.split("(")[:-1]
)


def _expression(rng: random.Random, kind: str, depth: int) -> str:
    if depth == 0 or rng.random() < 0.15:
        return rng.choice(BASIC[kind])
    return _fill(rng, rng.choice(MADE[kind]), depth)


def _fill(rng: random.Random, template: str, depth: int) -> str:
    values = {kind: _Choice(rng, kind, depth - 1) for kind in BASIC}
    return template.format(**values)


class _Choice:
    """Another expression of its kind each time it is asked."""

    def __init__(self, rng: random.Random, kind: str, depth: int) -> None:
        self._rng, self._kind, self._depth = rng, kind, depth

    def __format__(self, spec: str) -> str:
        return _expression(self._rng, self._kind, self._depth)


def expressions(seed: int, number: int) -> Iterator[str]:
    """Every template once, filled with plain values; then as many as are wanted, deeper."""
    rng = random.Random(seed)
    for templates in MADE.values():
        for template in templates:
            yield _fill(rng, template, 1)
    for _ in range(number):
        yield _expression(rng, rng.choice(list(MADE)), 3)
