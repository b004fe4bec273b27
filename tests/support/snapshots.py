"""Snapshots of peering connections alone, by their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generator.snapshot.model import Connection, Contents, Gap, Place, Snapshot


def connections(
    taken: str, places: Mapping[Place, Iterable[Connection]] | None = None, gaps: Mapping[Place, str] | None = None
) -> Snapshot:
    """What these places show of connections; and places that could not be looked into, by their cause."""
    shown = {place: Contents(connections=tuple(found)) for place, found in (places or {}).items()}
    return Snapshot(taken, places=shown, gaps=tuple(Gap(place.account, place.region, cause) for place, cause in (gaps or {}).items()))
