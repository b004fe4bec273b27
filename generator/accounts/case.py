"""One account before its rules: what its request says, the conventions, and what AWS has of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from generator.accounts.model import Account
from generator.inventory import Inventory, LiveAccount
from generator.organization.catalogue import RULES
from generator.organization.model import Organization
from generator.problems import Problem


@dataclass(frozen=True, slots=True)
class Case:
    """An account and everything it must agree with. `live` is AWS's account of the same address; None while none is known."""

    account: Account
    organization: Organization
    inventory: Inventory
    live: LiveAccount | None

    def problem(self, id: str, path: tuple[str, ...], message: str, remedy: str, value: str | None = None) -> Problem:
        """A problem at a value such as `("account_tags", "owner")`; its severity is the catalogue's."""
        record = self.account.record
        return Problem(
            id=id,
            message=f"{self.account.slug}: {message}",
            remedy=remedy,
            severity=RULES[id].severity,
            file=record.file,
            line=record.line_of(*path),
            value=value,
        )


Rule = Callable[[Case], Iterator[Problem]]
