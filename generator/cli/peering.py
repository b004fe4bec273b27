"""`scaffold peering`: the group; each command is imported only when it runs."""

from __future__ import annotations

from types import MappingProxyType

import click

from generator.cli.main import Commands, Lazy

COMMANDS: Commands = MappingProxyType(
    {
        "plan": ("peering_plan", "What is decided about every pair of networks."),
        "explain": ("peering_explain", "Why two networks meet, or do not."),
        "audit": ("peering_audit", "What AWS has, against what is allowed and declared."),
        "adopt": ("peering_adopt", "Take over connections that exist already."),
        "prune": ("peering_prune", "Delete the directories of peerings that are gone."),
        "verify-plan": ("peering_verify", "Judge a Terraform plan of a peering stack."),
    }
)


@click.group(cls=Lazy, table=COMMANDS)
def peering() -> None:
    """Which networks meet, decided by the tags of their accounts and peering/policy.yaml."""
