"""The landing zone: what people wrote, what AWS has, and which stacks exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from generator.accounts.model import Account
from generator.accounts.others import Others
from generator.accounts.read import Reading
from generator.files import Tree
from generator.inventory import FILE, Inventory, LiveAccount
from generator.organization.model import Organization
from generator.peering import existing
from generator.peering.existing import Peerings
from generator.peering.plan import Plan
from generator.peering.policy import Policy
from generator.problems import Problem, refuse
from generator.stacks.model import Directory, Stack, directories
from generator.stacks.render import Renderer


@dataclass(frozen=True, slots=True)
class LandingZone:
    """One tree, read. `added` holds stacks that a command is about to make: they are not in the tree yet.

    `accounts` are those with a request; `others` is what accounts.yaml says, of further accounts and of theirs.
    `day` (`YYYY-MM-DD`, UTC) decides what of the policy has expired. `policy` None: missing or invalid, see its problems.
    """

    tree: Tree
    organization: Organization
    accounts: tuple[Account, ...]
    reading: Reading
    inventory: Inventory
    live: Mapping[str, LiveAccount]
    renderer: Renderer
    day: str
    problems: tuple[Problem, ...] = ()
    added: Mapping[str, tuple[Stack, ...]] = field(default_factory=dict)
    others: Others = field(default_factory=Others)
    policy: Policy | None = None
    policy_problems: tuple[Problem, ...] = ()
    # the plan and the stacks, once they are made; a copy of this zone makes its own
    plans: list[Plan] = field(default_factory=list, init=False, repr=False, compare=False)
    _stacks: dict[str, tuple[Stack, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    # what the tree holds, looked at once; a copy of this zone has the same tree, and so the same directories
    _directories: dict[str, Sequence[Directory]] = field(default_factory=dict, repr=False, compare=False)
    _peerings: list[Peerings] = field(default_factory=list, repr=False, compare=False)

    def account(self, slug: str) -> Account | None:
        """The account of a slug."""
        return next((account for account in self.accounts if account.slug == slug), None)

    @property
    def looked(self) -> bool:
        """Is there an inventory? Without one nobody has looked at AWS yet, and an account may be there for years."""
        return self.tree.read(FILE) is not None

    @property
    def complete(self) -> bool:
        """Was every request, and all of accounts.yaml, read? What was not is not absent."""
        return not self.reading.unreadable and not self.others.unreadable

    def one(self, slug: str) -> Account | None:
        """The same, where something follows for one account; refused where several requests have the slug, since none of them decides."""
        same = [account for account in self.accounts if account.slug == slug]
        if len(same) > 1:
            places = " and ".join(f"{found.record.file}:{found.record.line}" for found in same)
            raise refuse("same-slug", f"{len(same)} requests are of {slug} ({places})", "remove or rename one of them first", value=slug)
        return same[0] if same else None

    def live_account(self, account: Account) -> LiveAccount | None:
        """What AWS has for an account: they join by e-mail, in lower case."""
        return self.live.get(account.email.lower()) if isinstance(account.email, str) else None

    def directories(self, slug: str) -> Sequence[Directory]:
        """The directories of an account that hold Terraform."""
        if slug not in self._directories:
            self._directories[slug] = directories(self.tree, slug)
        return self._directories[slug]

    def peerings(self) -> Peerings:
        """The stacks below `peering/`."""
        if not self._peerings:
            self._peerings.append(existing.read(self.tree))
        return self._peerings[0]

    def stacks(self, slug: str) -> Sequence[Stack]:
        """The stacks of an account, those about to be made included."""
        if slug not in self._stacks:
            found = {directory.stack for directory in self.directories(slug) if directory.stack is not None}
            self._stacks[slug] = tuple(sorted(found.union(self.added.get(slug, ()))))
        return self._stacks[slug]
