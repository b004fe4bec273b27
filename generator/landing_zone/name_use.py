"""The patterns that names and addresses of other people's accounts follow, and which of them do not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from generator.accounts.model import slug
from generator.accounts.names import wrong_email
from generator.landing_zone.tag_use import by_number

_WORKLOAD = "[a-z0-9]+(?:-[a-z0-9]+)*"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern, how many requests follow it, and those that do not. `sure`: at least half of those that could be looked at do."""

    text: str
    matching: int
    others: tuple[str, ...]
    sure: bool


def account_pattern(named: Sequence[tuple[str, str | None]], environments: Collection[str]) -> Pattern:
    """The pattern of `(name, environment)` pairs, of `{environment}`, `{workload}` and what all have in common.

    Without an environment to find in the names it is `{workload}`, which says nothing and is not sure.
    """
    forms = Counter(form for name, environment in named for form in _forms(name, environment))
    best = next((form for form, number in by_number(forms) if 2 * number >= len(named)), None)
    text = best or "{workload}"
    others = [name for name, _ in named if not _matches(name, text, environments)]
    return Pattern(text, len(named) - len(others), tuple(sorted(others)), best is not None)


def _forms(name: str, environment: str | None) -> Iterable[str]:
    if not environment or not re.fullmatch(_WORKLOAD, name):
        return
    if name.startswith(f"{environment}-"):
        yield "{environment}-{workload}"
    elif name.endswith(f"-{environment}"):
        yield "{workload}-{environment}"
    elif f"-{environment}-" in name:
        yield f"{name.partition(f'-{environment}-')[0]}-{{environment}}-{{workload}}"


def _matches(name: str, pattern: str, environments: Collection[str]) -> bool:
    legal = "|".join(re.escape(value) for value in sorted(environments, key=len, reverse=True)) or _WORKLOAD
    form = re.escape(pattern).replace(r"\{environment\}", f"(?:{legal})").replace(r"\{workload\}", _WORKLOAD)
    return re.fullmatch(form, name) is not None


def email_pattern(addressed: Sequence[tuple[str, str]], otherwise: str) -> Pattern:
    """The pattern of `(name, address)` pairs; `otherwise` where no address says its account's name."""
    forms = {name: _form(slug(name), address.lower()) for name, address in addressed}
    counted = by_number(Counter(form for form in forms.values() if form is not None))
    text = counted[0][0] if counted else otherwise
    others = sorted(name for name, address in addressed if text.replace("{name}", slug(name)) != address.lower())
    matching = len(addressed) - len(others)
    return Pattern(text, matching, tuple(others), bool(counted) and 2 * matching >= len(addressed))


def _form(name: str, address: str) -> str | None:
    if not name or address.count(name) != 1 or re.search(r"[{}\s]", address) or any(wrong_email(address)):
        return None
    return address.replace(name, "{name}")


def domain_of(addresses: Iterable[str]) -> str | None:
    """The domain of most addresses."""
    domains = Counter(address.lower().rpartition("@")[2] for address in addresses if not any(wrong_email(address.lower())))
    return next((domain for domain, _ in by_number(domains)), None)
