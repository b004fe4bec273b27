"""Organizations at random, for properties of the policy."""

from __future__ import annotations

import random

from hypothesis import settings
from hypothesis import strategies as st

from generator.peering.model import Member
from generator.peering.policy import Policy
from tests.support import policies

QUICK = settings(max_examples=60, deadline=None)
RANDOM = st.integers(0, 2**32).map(random.Random)


@st.composite
def organizations(draw: st.DrawFn, most: int = 12) -> tuple[Policy, list[Member]]:
    """A policy of up to eight rules, and networks."""
    rnd = draw(RANDOM)
    members = policies.members(rnd, draw(st.integers(2, most)))
    return policies.policy(rnd, draw(st.integers(1, 8)), [member.name for member in members]), members


ORGANIZATIONS = organizations()


def tagged(name: str, tags: dict[str, str], region: str = "us-east-1") -> Member:
    """A network with tags and a region, and nothing else."""
    return Member(name, name, region, tags)
