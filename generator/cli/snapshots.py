"""Where a command that judges AWS has its snapshot from: a file, or AWS itself."""

from __future__ import annotations

from pathlib import Path

from generator.landing_zone.model import LandingZone
from generator.snapshot.model import Snapshot
from generator.snapshot.read import read


def snapshot(zone: LandingZone, file: Path | None, save: Path | None) -> Snapshot:
    """The snapshot of a file; or, where none is named, a reading of AWS now, which is kept in `save`."""
    if file is not None:
        return read(file.read_bytes(), str(file))
    raise NotImplementedError
