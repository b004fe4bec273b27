"""One text in two spellings of Unicode is one text: in a request, in `accounts.yaml` and in the policy."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Literal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.accounts import others
from generator.accounts.write import write
from generator.organization.schema import TAG_VALUE
from generator.peering import grammar
from generator.peering.model import Decision, Member
from generator.peering.policy import Policy, judge
from tests.support import zones

CONVENTIONS = zones.organization(("owner_tag:", "other_tags: allow\nowner_tag:"))
POLICY = """\
version: 1
rules:
  - {{id: team, effect: allow, between: {{matchTags: {{team: {0}}}}}, and: {{any: true}}, reason: a team meets everybody}}
  - id: others
    effect: deny
    between: {{matchTags: {{team: barred}}}}
    and: {{matchExpressions: [{{key: team, operator: NotIn, values: [{0}]}}, {{key: team, operator: Exists}}]}}
    reason: and nobody else
"""
OTHERS = """\
version: 1
accounts:
  network-hub:
    id: "444455556666"
    tags: {{environment: prod, owner: platform, tier: vpn, team: {0}}}
"""
Form = Literal["NFC", "NFD"]
FORMS: list[Form] = ["NFC", "NFD"]
SPELLINGS = st.sampled_from(FORMS)


def _normal(value: str) -> bool:
    return bool(re.fullmatch(TAG_VALUE.pattern, unicodedata.normalize("NFC", value))) and value not in ("barred", "other")


VALUES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=5).filter(_normal)


def _policy(spelled: str) -> Policy:
    policy, problems = grammar.read(POLICY.format(json.dumps(spelled, ensure_ascii=False)).encode(), CONVENTIONS)
    assert policy is not None, problems
    return policy


def _requested(spelled: str) -> str:
    """The value as the request of an account is read whose file has this spelling."""
    source = write(zones.request(tags={"environment": "prod", "owner": "ml", "team": "PLACE"})).replace("PLACE", spelled)
    return str(zones.record(source).request.tags["team"])


def _described(spelled: str) -> str:
    """The same of an account in accounts.yaml."""
    found = others.read(OTHERS.format(json.dumps(spelled, ensure_ascii=False)).encode(), CONVENTIONS)
    assert found.problems == ()
    return (found.accounts["network-hub"].tags or {})["team"]


def _decided(policy: Policy, value: str, other: str) -> Decision:
    return judge(policy, Member("a", "a", "us-east-1", {"team": value}), Member("b", "b", "us-east-1", {"team": other})).decision


@settings(max_examples=60, deadline=None)
@given(VALUES, SPELLINGS, SPELLINGS, SPELLINGS)
@example("\u2126", "NFC", "NFC", "NFC")
@example("\u00e9", "NFD", "NFC", "NFC")
@example("\uac01", "NFC", "NFD", "NFC")
@example("\u212b", "NFC", "NFC", "NFD")
def test_a_value_decides_the_same_in_every_spelling(value: str, policy_form: Form, request_form: Form, others_form: Form) -> None:
    """A rule that allows, and a deny that lets these through; another value is met by neither."""
    policy = _policy(unicodedata.normalize(policy_form, value))
    requested = _requested(unicodedata.normalize(request_form, value))
    described = _described(unicodedata.normalize(others_form, value))

    assert requested == described
    assert [_decided(policy, found, "barred") for found in (requested, described)] == [Decision.ALLOW, Decision.ALLOW]
    assert (_decided(policy, "other", "barred"), _decided(policy, "other", "other")) == (Decision.DENY, Decision.DENY)
