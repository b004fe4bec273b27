"""What one reading has found so far, in memory and line by line, so that an interrupted one goes on where it stopped.

The lines are JSON: a header, the list of accounts, then in any order the tags and the regions of an account, a place, or a place
that could not be read. What failed for a passing reason is not written: the next run tries it again.
"""

from __future__ import annotations

import datetime
import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from typing import Any, Protocol

from generator.aws.answers import now
from generator.aws.places import Found
from generator.organization.model import Organization
from generator.problems import Refused, refuse
from generator.snapshot.model import Account, Contents, Gap, Part, Place, Snapshot
from generator.snapshot.read import ACCOUNT, GAP, PLACE, Wrong, moment
from generator.snapshot.write import VERSION, account_line, gap_line, place_line

DAY = datetime.timedelta(days=1)


class Lines(Protocol):
    """Where the lines of an unfinished reading are kept: `generator.repository.partial.Partial` is one."""

    @property
    def name(self) -> str:
        """How messages name the file."""

    def read(self) -> Iterable[str]:
        """The lines of the run before, none where there was none."""

    def append(self, line: str) -> None:
        """Keep one more line, which holds no line break, whatever happens next."""


class _Nowhere:
    """The lines of a reading that nobody goes on with."""

    name = ""

    def read(self) -> Iterable[str]:
        return ()

    def append(self, line: str) -> None:
        return None


@dataclass(slots=True)
class Record:
    """Found so far: `listed` as Organizations lists them (None: not yet), `tagged` with their tags, and the regions of each account.

    Several threads add to it.
    """

    taken: str
    lines: Lines
    listed: tuple[Account, ...] | None = None
    tagged: dict[str, Account] = field(default_factory=dict)
    regions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    places: dict[Place, Contents] = field(default_factory=dict)
    gaps: dict[tuple[str, str | None, Part], Gap] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def list(self, accounts: tuple[Account, ...]) -> None:
        """Enter the accounts of the organization."""
        with self._lock:
            self.listed = accounts
            self.lines.append(f'{{"accounts": [{", ".join(map(account_line, accounts))}]}}')

    def tag(self, account: Account) -> None:
        """Enter an account whose tags were read."""
        with self._lock:
            self.tagged[account.id] = account
            self.lines.append(f'{{"account": {account_line(account)}}}')

    def enable(self, account: str, regions: tuple[str, ...]) -> None:
        """Enter the regions that an account has enabled."""
        with self._lock:
            self.regions[account] = regions
            self.lines.append(json.dumps({"regions": {account: regions}}))

    def place(self, place: Place, found: Found) -> None:
        """Enter a place; one that may show more in a minute is not kept for the next run."""
        with self._lock:
            self.places[place] = found.contents
            self._miss(found.gaps)
            if not found.passing:
                self.lines.append(f'{{"place": {place_line(place, found.contents)}, "gaps": [{", ".join(map(gap_line, found.gaps))}]}}')

    def miss(self, gap: Gap, keep: bool) -> None:
        """Enter a gap, and keep it for the next run unless it may be gone by then."""
        with self._lock:
            self._miss((gap,))
            if keep:
                self.lines.append(f'{{"gap": {gap_line(gap)}}}')

    def _miss(self, gaps: Iterable[Gap]) -> None:
        self.gaps.update({(gap.account, gap.region, gap.part): gap for gap in gaps})

    def is_tagged(self, account: str) -> bool:
        """Is there nothing left to ask of an account's tags?"""
        return account in self.tagged or (account, None, Part.TAGS) in self.gaps

    def is_read(self, account: str, region: str | None = None) -> bool:
        """Is there nothing left to ask of this region, or of this account as a whole?"""
        if (account, region, Part.ALL) in self.gaps:
            return True
        if region is not None:
            return Place(account, region) in self.places
        return account in self.regions and all(self.is_read(account, each) for each in self.regions[account])

    def snapshot(self) -> Snapshot:
        """Everything that was found, in the order of accounts and regions, whichever answered first."""
        listed = (self.tagged.get(account.id, account) for account in sorted(self.listed or (), key=attrgetter("id")))
        accounts = {account.id: account._replace(regions=tuple(sorted(self.regions.get(account.id, ())))) for account in listed}
        gaps = sorted(self.gaps.values(), key=lambda gap: (gap.account, gap.region or "", gap.part.value))
        return Snapshot(self.taken, accounts, dict(sorted(self.places.items(), key=itemgetter(0))), tuple(gaps))


def resume(organization: Organization, lines: Lines | None) -> Record:
    """The record of the run before, if there was one, else a new one. Refused where that one cannot be gone on with."""
    lines = lines or _Nowhere()
    kept = list(lines.read())
    if not kept:
        header = _header(organization, now())
        lines.append(json.dumps(header))
        return Record(header["taken"], lines)
    try:
        first, *entries = map(json.loads, kept)
        record = Record(_taken(first, organization, lines.name), lines)
        for entry in entries:
            _enter(record, entry)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _refused("it holds what no reading wrote", lines.name) from error
    return record


def _header(organization: Organization, taken: str) -> dict[str, Any]:
    management = organization.accounts["management"]
    return {"version": VERSION, "taken": taken, "organization": organization.id, "management": management}


def _taken(header: Mapping[str, Any], organization: Organization, name: str) -> str:
    """When the run before began; refused where it is another organization's, another version's, or too old."""
    taken = moment(header["taken"])
    expected = _header(organization, taken)
    if header["version"] != expected["version"]:
        raise _refused(f"it has version {header['version']}, and this scaffold writes {VERSION}", name)
    if header != expected:
        said = f"{header.get('organization')} (management account {header.get('management')})"
        raise _refused(f"it is of the organization {said}, and scaffold.yaml says {organization.id} ({expected['management']})", name)
    if datetime.datetime.fromisoformat(now()) - datetime.datetime.fromisoformat(taken) > DAY:
        raise _refused(f"it was begun at {taken}, more than a day ago", name)
    return taken


def _refused(why: str, name: str) -> Refused:
    return refuse("bad-partial", f"this unfinished reading cannot be gone on with: {why}", "delete it, and read again", file=name)


def _enter(record: Record, entry: Mapping[str, Any]) -> None:
    """Enter what a line says; a line that says anything else is a `Wrong`."""
    match entry:
        case {"accounts": list(accounts)}:
            record.listed = tuple(map(ACCOUNT, accounts))
        case {"account": account}:
            found = ACCOUNT(account)
            record.tagged[found.id] = found
        case {"regions": dict(regions)}:
            record.regions.update({account: tuple(map(str, names)) for account, names in regions.items()})
        case {"place": place, "gaps": list(gaps)}:
            at, contents = PLACE(place)
            record.places[at] = contents
            record._miss(map(GAP, gaps))
        case {"gap": gap}:
            record._miss((GAP(gap),))
        case _:
            raise Wrong("is no line of a reading")
