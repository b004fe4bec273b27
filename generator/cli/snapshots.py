"""Where a command that judges AWS has its snapshot from: a file, or AWS itself."""

from __future__ import annotations

from pathlib import Path

from generator.cli import output
from generator.landing_zone.model import LandingZone
from generator.organization.schema import FILE
from generator.problems import refuse
from generator.snapshot.model import Snapshot
from generator.snapshot.read import read
from generator.snapshot.write import write


def snapshot(zone: LandingZone, file: Path | None, save: Path | None) -> Snapshot:
    """The snapshot of a file; where none is named, a reading of AWS now. It is kept in `save`, where an interrupted one goes on."""
    return of_file(file, zone.organization.id) if file is not None else shows(_reading(zone, save), zone.organization.id)


def of_file(file: Path, organization: str) -> Snapshot:
    """The snapshot in a file, of the organization of this id."""
    return shows(read(file.read_bytes(), str(file)), organization, file)


def shows(found: Snapshot, organization: str, file: Path | None = None, said_by: str = FILE) -> Snapshot:
    """The snapshot itself; refused where it shows another organization than `said_by` says: no word of ours would be true of that."""
    if found.organizations - {organization}:
        shown = " and ".join(sorted(found.organizations))
        message = f"it shows the organization {shown}, and {said_by} says {organization}"
        remedy = "take a snapshot of that organization, or correct the id"
        raise refuse("other-organization", message, remedy, file=str(file) if file is not None else None)
    return found


def _reading(zone: LandingZone, save: Path | None) -> Snapshot:
    from generator.aws import snapshot as aws  # boto3 takes a quarter of a second: only here

    progress = output.progress("accounts read")
    if save is None:
        return aws.read(zone.organization, None, progress)
    from generator.repository import partial

    with partial.of(save) as lines:
        found = aws.read(zone.organization, lines, progress)
        lines.finish(write(found))
    return found
