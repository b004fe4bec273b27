"""How far an account has come, from its request to its peerings, and the command that takes it further."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.accounts.model import Account
from generator.atlantis import region
from generator.landing_zone.model import LandingZone
from generator.landing_zone.peerings import plan_of
from generator.landing_zone.projects import projects
from generator.landing_zone.readiness import account_id, live_network, waits_for
from generator.landing_zone.retirement import is_retiring, next_steps, remains
from generator.peering.existing import State
from generator.peering.model import Decision
from generator.peering.plan import Action, Pair
from generator.stacks.render import WAITING_ID


@dataclass(frozen=True, slots=True)
class Progress:
    """Requested it is; the rest as far as it goes. Networks and allowed pairs are `(there, all)`; `next` are steps in order.

    One that is `retiring` goes the other way, and so do its steps. `vended` None: nobody has looked at AWS yet.
    """

    retiring: bool
    vended: bool | None
    networks: tuple[int, int]
    pairs: tuple[int, int]
    next: tuple[str, ...]

    def __str__(self) -> str:
        """In one line."""
        parts = [*(["retiring"] if self.retiring else []), "requested", _VENDED[self.vended]]
        counts = (("networks", self.networks), ("allowed pairs", self.pairs))
        parts += [f"{there} of {number} {what}" for what, (there, number) in counts if number]
        return ", ".join(parts)


_VENDED = {True: "vended", False: "not vended yet", None: "vended or not is not known"}
_LOOK = "scaffold pull: there is no inventory.json, so what AWS has is not known"


def progress(zone: LandingZone, account: Account) -> Progress:
    """Where an account is. Without a policy that can be read no pair is counted."""
    pairs = list(_pairs(zone, account))
    networks = [live_network(zone, account, network.name) is not None for network in account.networks]
    made = sum(pair.state is State.LIVE for pair in pairs)
    vended = (account_id(zone, account) != WAITING_ID) if zone.looked else None
    retiring = is_retiring(zone, account)
    steps = next_steps(zone, remains(zone, account)) if retiring else _steps(zone, account, pairs)
    return Progress(retiring, vended, (sum(networks), len(networks)), (made, len(pairs)), tuple(steps))


def _pairs(zone: LandingZone, account: Account) -> Iterator[Pair]:
    """The allowed pairs of an account."""
    found = plan_of(zone) if zone.policy is not None else None
    for pair in found.pairs.values() if found is not None else ():
        sides = [found.members[name] for name in pair.names if name in found.members] if found is not None else []
        if pair.decision is Decision.ALLOW and any(side.account == account.slug for side in sides):
            yield pair


def _steps(zone: LandingZone, account: Account, pairs: list[Pair]) -> Iterator[str]:
    if not zone.looked:
        yield _LOOK
    if zone.live_account(account) is None:
        yield f"merge {account.record.file}; AFT vends the account, then scaffold pull"
        return
    if account_id(zone, account) == WAITING_ID:
        yield f"scaffold pull, once AFT has made the role {zone.organization.roles.reader}"
        return
    listed = set(region.listed(zone.tree.read(region.FILE) or b""))
    wanted = {project.directory for project in projects(zone)} if zone.policy is not None else set()
    own = {stack.directory for stack in zone.stacks(account.slug)}
    if (own & wanted) - listed or any(pair.action is Action.CREATE for pair in pairs):
        yield "scaffold sync, and a pull request with what it writes"
    missing = [network.name for network in account.networks if live_network(zone, account, network.name) is None]
    for stack in zone.stacks(account.slug):
        if stack.skeleton == "network" and stack.network in missing and not waits_for(zone, account, stack):
            yield f"atlantis apply -p {stack.directory}, then scaffold pull"
