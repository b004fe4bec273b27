"""The stored plan as a first one, as one that changes nothing and as a tombstone's, each with the landing zone that decided it."""

from __future__ import annotations

from generator.hcl import managed
from generator.peering.existing import TOMBSTONE
from tests.support.tampering import CREATE, STANDING
from tests.support.tampering import TOMBSTONE as DYING
from tests.support.verified import STACK, dying, landing_zone, standing, stored

FIRST = stored()
FILES = landing_zone(FIRST)
DENY = """
  - id: not-any-more
    effect: deny
    between: {accounts: [prod-ml]}
    and: {any: true}
    reason: the product is going
"""
POLICY, DATA, MAIN, VERSIONS = "peering/policy.yaml", *(f"{STACK}/{name}" for name in ("peering.tf.json", "main.tf", "versions.tf"))
DENIED = {**FILES, POLICY: FILES[POLICY] + DENY.encode()}
BURIED = {**DENIED, MAIN: managed.text_file(TOMBSTONE)}
del BURIED[f"{STACK}/outputs.tf"]
PLANS = {CREATE: FIRST, STANDING: standing(FIRST), DYING: dying(FIRST)}
TREES = {CREATE: FILES, STANDING: FILES, DYING: BURIED}
