"""Every rule that `scaffold lint` can report, as data. It stands below all rooms that report them, and `scaffold.yaml` names its ids."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from generator.organization.catalogue.changes import CHANGES
from generator.organization.catalogue.documents import DOCUMENTS
from generator.organization.catalogue.model import Kind, Level, LintRule
from generator.organization.catalogue.peerings import PEERINGS
from generator.organization.catalogue.requests import REQUESTS
from generator.organization.catalogue.stacks import STACKS

__all__ = ["GROUPS", "RULES", "Kind", "Level", "LintRule"]

GROUPS: Mapping[str, tuple[LintRule, ...]] = MappingProxyType(
    {
        "Account requests": REQUESTS,
        "Changes and the baseline": CHANGES,
        "Stacks and atlantis.yaml": STACKS,
        "Peerings and their policy": PEERINGS,
        "Files and the command itself": DOCUMENTS,
    }
)
RULES: Mapping[str, LintRule] = MappingProxyType({rule.id: rule for group in GROUPS.values() for rule in group})
