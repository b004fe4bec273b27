"""Whatever people wrote into their requests, the proposal is YAML that the strict reader takes, and says it in their words."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.accounts.model import CONTROL_TOWER_KEYS, Record, Request
from generator.accounts.read import Reading
from generator.documents import strict_yaml
from generator.landing_zone.frame import Names
from generator.landing_zone.observed import observe
from generator.landing_zone.placeholders import MARK, placeholders
from generator.landing_zone.proposal import propose
from generator.landing_zone.tag_use import legal_key, legal_value
from generator.landing_zone.told import Told
from generator.landing_zone.yaml_text import quoted
from generator.organization import read

SIGNS = [
    "$",
    "${",
    "%{",
    "}",
    '"',
    "'",
    "\\",
    "\n",
    "\r",
    ":",
    "#",
    " #",
    "- ",
    "*",
    "&",
    "!",
    "|",
    ">",
    "null",
    "no",
    "~",
    "\u2028",
    "\x85",
]
HOSTILE = st.lists(st.characters() | st.sampled_from([*SIGNS, MARK, "\ufeff", "a", "Z", "-", "0"]), max_size=12).map("".join)
TEXT = HOSTILE.map(lambda text: unicodedata.normalize("NFC", text))
KEYS = TEXT.filter(bool) | st.sampled_from(
    ["environment", "env", "Owner", "owner", "acme:env", "no", "null", "<<", "=", "123", "aws:x", "*"]
)
VALUES = TEXT | st.sampled_from(["prod", "Prod", "dev", "1.10", "0123", "yes", "null", "2026-01-01", ""])
RANGES = st.sampled_from(["10.0.0.0/16", "10.0.0.0/20", "10.16.0.0/12", "10.50", "0.0.0.0/0", "10.0.0.1/16"])
FIELDS = st.dictionaries(st.sampled_from(["vpc_cidr", "networks/eu-west-1", "networks/x", "cidr"]), RANGES | TEXT, max_size=3)
PEOPLE = st.fixed_dictionaries(
    {
        key: TEXT | st.sampled_from(["prod-web", "aws+prod-web@acme.com", "Prod (ou-ab12-cdef3456)", "Prod", "123"])
        for key in CONTROL_TOWER_KEYS
    }
)
REGIONS = st.sampled_from([{}, {"region": "eu-west-1"}, {"region": "mars"}])


def _record(place: int, control: dict[str, str], tags: dict[str, str], fields: dict[str, str], region: dict[str, str]) -> Record:
    return Record(Request(f"x{place}", control, tags, {}, {**fields, **region}), f"terraform/{place}.tf", 1, False)


MADE = st.lists(st.tuples(PEOPLE, st.dictionaries(KEYS, VALUES, max_size=4), FIELDS, REGIONS), min_size=1, max_size=6)
READINGS = MADE.map(lambda made: Reading(tuple(_record(place, *each) for place, each in enumerate(made))))


@given(READINGS)
@settings(max_examples=25)
def test_the_proposal_is_read_by_the_strict_reader(reading: Reading) -> None:
    """And each key and listed value is one that somebody wrote, letter by letter."""
    found = observe(reading, "us-east-1")

    organization, problems = read.read(propose(found, Told(Names())))

    assert organization is not None and not problems
    written = {key for record in reading.records for key in record.request.tags}
    assert set(organization.tags) - {organization.environment_tag, organization.owner_tag} <= written
    said = {value for record in reading.records for value in record.request.tags.values()}
    assert all(value in said for rule in organization.tags.values() for value in rule.values)


@given(READINGS)
@settings(max_examples=25)
def test_every_legal_tag_is_admitted_or_told(reading: Reading) -> None:
    """No value that AWS takes is refused by a rule that the proposal made up."""
    found = observe(reading, "us-east-1")
    organization, _ = read.read(propose(found, Told(Names())))
    assert organization is not None
    told = {(miss.what, miss.found) for miss in found.misses}

    for record in reading.records:
        for key, value in record.request.tags.items():
            if not legal_key(key) or ("tag key", key) in told or key == organization.environment_tag:
                continue
            admitted = read.allows(organization, key, str(value)) and key in organization.tags
            assert admitted or (f"value of {key}", value) in told or not legal_value(str(value))


@given(READINGS)
@settings(max_examples=20)
def test_the_bytes_do_not_depend_on_the_order(reading: Reading) -> None:
    """Of files, of requests in them, and of their tags."""
    turned = [
        replace(record, request=replace(record.request, tags=dict(reversed(list(record.request.tags.items())))))
        for record in reversed(reading.records)
    ]

    assert propose(observe(reading, "us-east-1"), Told(Names())) == propose(observe(Reading(tuple(turned)), "us-east-1"), Told(Names()))


@given(HOSTILE)
def test_quoted_text_is_one_line_and_comes_back(text: str) -> None:
    """As a key, as a value, and behind a comment sign, where it ends with its line."""
    node, problems = strict_yaml.read(f"{quoted(text)}: {quoted(text)} # {quoted(text)}\nx: 1\n".encode(), "x.yaml")
    back = "".join("\ufffd" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text)
    back = unicodedata.normalize("NFC", back)

    assert back == "x" or (not problems and node is not None and node.plain() == {back: back, "x": 1})


@given(READINGS)
@settings(max_examples=20)
def test_other_peoples_words_are_no_placeholders(reading: Reading) -> None:
    """A value that looks like our mark is text in quotes."""
    content = propose(observe(reading, "us-east-1"), Told(Names()))

    assert all('"' not in what for _, what in placeholders(content)) and len(list(placeholders(content))) >= 9
