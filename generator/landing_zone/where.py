"""`--where`: which stacks and pairs a command is about. The terms of `--only`, or a selector as in the peering policy.

Only what is known to match is chosen: a tag that is absent or cannot be told chooses nothing, and is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from generator.accounts.model import Account
from generator.hcl.evaluate import Unknown
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import policy_of
from generator.landing_zone.selection import terms
from generator.peering import selector as selectors
from generator.peering.model import Member
from generator.peering.policy import Match, Operator, Requirement, Selector

OPTION = "--where"
_PLACES = ("account", "region", "skeleton")


@dataclass(frozen=True, slots=True)
class Where:
    """What is chosen. `region` and `skeleton` None: any."""

    selector: Selector
    region: str | None = None
    skeleton: str | None = None

    def account(self, account: Account, skeleton: str) -> tuple[bool, str]:
        """Are an account's stacks of a skeleton chosen? Where that cannot be told, no, and why."""
        if self.skeleton not in (None, skeleton):
            return False, ""
        known = {key: value for key, value in account.tags.items() if isinstance(value, str)}
        found = self.selector.match(Member(account.slug, account.slug, "", known))
        return found is Match.YES, "" if found is Match.YES else self._untold(account, found)

    def _untold(self, account: Account, found: Match) -> str:
        if self.selector.accounts and account.slug not in self.selector.accounts:
            return ""
        unknown = [each.key for each in self.selector.requirements if isinstance(account.tags.get(each.key), Unknown)]
        if unknown or "*" in account.tags:
            return f"its {', '.join(unknown) or 'tags'} cannot be told"
        return "it has none of the tags that it is asked for, and absence chooses nothing" if found is Match.BY_ABSENCE else ""

    def here(self, region: str) -> bool:
        """Is a stack in this region chosen?"""
        return self.region in (None, region)

    def pair(self, sides: tuple[Member, Member], skeleton: str) -> tuple[bool, str]:
        """Is a pair chosen? Its two sides have the tags, and one of them the account and the region; where only one has, no, and why."""
        tagged = [side for side in sides if replace(self.selector, accounts=()).match(side) is Match.YES]
        placed = [side for side in sides if self._placed(side)]
        if self.skeleton not in (None, skeleton) or not placed or not tagged:
            return False, ""
        other = next((side.name for side in sides if side not in tagged), "")
        return not other, f"{other} does not match, and a pair is one piece" if other else ""

    def _placed(self, side: Member) -> bool:
        return self.here(side.region) and (not self.selector.accounts or side.account in self.selector.accounts)


def where(zone: LandingZone, text: str | None) -> Where:
    """What `--where` says; everything where there is none. Refused with what it could be."""
    if text is None:
        return Where(Selector())
    if text.lstrip().startswith("{"):
        return Where(selectors.parse(text, zone.organization, OPTION))
    if "=" not in text:
        return Where(selectors.named(text, policy_of(zone), OPTION))
    return _of_terms(terms(zone, text, OPTION))


def _of_terms(found: Mapping[str, str]) -> Where:
    tags = tuple(Requirement(key, Operator.IN, (value,)) for key, value in found.items() if key not in _PLACES)
    accounts = (found["account"],) if "account" in found else ()
    return Where(Selector(tags, accounts), found.get("region"), found.get("skeleton"))
