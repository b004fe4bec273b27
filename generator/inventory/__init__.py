"""What AWS has: the file `inventory.json`, and how a reading of AWS changes it.

A `Snapshot` is what one reading saw; an `Inventory` is what is known. Projecting never forgets: what could
not be read, or is not listed any more, keeps its last known value and is marked stale.
"""

from generator.inventory.file import FILE, TABLE_ID, VPC_ID, read, write
from generator.inventory.model import COUNTED, Candidate, Gap, Inventory, LiveAccount, LiveNetwork, Seen, Snapshot
from generator.inventory.projection import project

__all__ = [
    "COUNTED",
    "FILE",
    "TABLE_ID",
    "VPC_ID",
    "Candidate",
    "Gap",
    "Inventory",
    "LiveAccount",
    "LiveNetwork",
    "Seen",
    "Snapshot",
    "project",
    "read",
    "write",
]
