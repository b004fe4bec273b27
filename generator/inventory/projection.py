"""How a reading of AWS changes what is known: it never forgets."""

from __future__ import annotations

from dataclasses import replace

from generator.inventory.model import Inventory, LiveAccount, LiveNetwork, Seen, Snapshot


def project(snapshot: Snapshot, previous: Inventory) -> Inventory:
    """The inventory after a reading; nothing that was known is dropped."""
    listed = {account.id: account for account in snapshot.accounts}
    merged = {}
    for account_id in sorted({*previous.accounts, *listed}):
        known, live = previous.accounts.get(account_id), listed.get(account_id)
        if live is None:
            assert known is not None
            merged[account_id] = replace(known, stale=True, networks=_stale(known))
        else:
            merged[account_id] = _merge(live, snapshot.seen.get(account_id), known)
    return Inventory(merged)


def _merge(live: LiveAccount, seen: Seen | None, known: LiveAccount | None) -> LiveAccount:
    known = known or live
    live = replace(live, name=live.name or known.name, email=live.email or known.email)
    if seen is None:
        return replace(live, reachable=known.reachable, stale=known.reachable, networks=_stale(known), candidates=known.candidates)
    kept = {name: found for name, found in known.candidates.items() if name in seen.missed}
    news = {name: _renewed(found, known.networks.get(name), name in seen.untagged) for name, found in seen.networks.items()}
    return replace(
        live,
        reachable=known.reachable or seen.reachable,
        stale=known.reachable and not seen.reachable,
        networks=dict(sorted({**_stale(known), **news}.items())),
        candidates={**kept, **seen.candidates},
    )


def _renewed(seen: LiveNetwork, known: LiveNetwork | None, untagged: bool) -> LiveNetwork:
    """A network as it was seen; of the same VPC stays what this reading could not tell."""
    if known is None or known.vpc_id != seen.vpc_id:
        return seen
    kept = known.route_table_ids if untagged and not seen.route_table_ids else ()
    return replace(
        seen,
        route_table_ids=kept or seen.route_table_ids,
        stale=seen.stale or bool(kept),
        quotas={**known.quotas, **seen.quotas},
        used_elsewhere={**known.used_elsewhere, **seen.used_elsewhere},
    )


def _stale(account: LiveAccount) -> dict[str, LiveNetwork]:
    """The networks of an account, none of them seen this time."""
    return {name: replace(network, stale=True) for name, network in account.networks.items()}
