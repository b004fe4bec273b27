"""A VPN routes pools and authorizes groups: which accounts there are, and which networks, is not its business."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.accounts.add import NetworkSpec, Spec
from generator.landing_zone.add import Wanted, account
from generator.landing_zone.stack_specs import StackSpec
from tests.support import zones
from tests.support.hubs import METADATA

STACK = "stacks/prod-vpn/us-east-1/vpn/"
SETTINGS = b"""
vpn:
  client_cidr: {us-east-1: 10.200.0.0/22}
  server_certificate_arn: {us-east-1: "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d"}
  saml_metadata: vpn/okta.xml
  access: {okta-prod-engineers: prod}
"""
SPECS = st.builds(
    lambda environment, word, tier, further: Spec(
        f"{environment}-{word}", {"tier": tier}, networks=(NetworkSpec("eu-west-1"), NetworkSpec("us-east-1", "batch")) if further else ()
    ),
    st.sampled_from(["prod", "staging", "dev"]),
    st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True),
    st.sampled_from(["app", "data", "shared", "vpn"]),
    st.booleans(),
)


def _with_hub() -> Mapping[str, bytes]:
    content = zones.files()
    content |= {"scaffold.yaml": content["scaffold.yaml"] + SETTINGS, "vpn/okta.xml": METADATA.encode()}
    wanted = Wanted(Spec("prod-vpn", {"tier": "vpn"}), "platform", (StackSpec("vpn"),))
    return zones.settled(content, account(zones.zone(content), wanted).files)


HUB = _with_hub()


def _of_the_vpn(content: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: body for path, body in content.items() if path.startswith(STACK)}


@settings(max_examples=10, deadline=None)
@given(st.lists(SPECS, min_size=1, max_size=3, unique_by=lambda spec: spec.name))
def test_no_account_changes_a_vpn(specs: list[Spec]) -> None:
    """Routes and rules follow from `scaffold.yaml`; the peerings decide what they reach."""
    content = dict(HUB)
    for spec in specs:
        if spec.name != "prod-vpn":
            content = zones.with_account(content, spec)

    assert _of_the_vpn(content) == _of_the_vpn(HUB) and len(_of_the_vpn(HUB)) >= 6
