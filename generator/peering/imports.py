"""`imports.tf.json`: what a pair's stack takes over from a connection that exists already, so that its first plan makes nothing anew.

Terraform refuses an import block whose target is not declared, and a network's tables come and go: a route that is not wanted any
more is therefore left out again, by `scaffold sync`. What is in the state already is not imported twice, so the file may stay.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from generator.documents import strict_json
from generator.documents.strict_json import Wrong
from generator.hcl import managed
from generator.hcl.managed import Ownership, ownership
from generator.peering.addresses import MODULE, ROUTE, SINGLE
from generator.peering.data import SIDES, Data
from generator.peering.existing import IMPORTS

Routes = Collection[tuple[str, str]]
"""Table and range of each route that is there."""


def imports_file(connection: str, there: Routes, data: Data) -> bytes:
    """The file for a connection (`pcx-…`), its options, and those of the pair's routes that are `there` already."""
    blocks = [*({"to": f"{MODULE}.{place}", "id": connection} for place in SINGLE), *_routes(there, data)]
    return managed.terraform_file({"import": blocks})


def _routes(there: Routes, data: Data) -> Iterator[dict[str, str]]:
    for side in SIDES:
        for key, (table, block) in sorted(data.routes(side).items()):
            if (table, block) in there:
                yield {"to": f'{MODULE}.{ROUTE}.{side}["{key}"]', "id": f"{table}_{block}"}


def still(content: bytes, data: Data) -> bytes:
    """The file as it should be now that the pair has this data; one that was edited, or cannot be read, as it is."""
    if ownership(IMPORTS, content) is not Ownership.INTACT:
        return content
    try:
        blocks = [(block.key("to").text(), block.key("id").text()) for block in strict_json.load(content).key("import").items(_itself)]
    except Wrong:
        return content
    connection = [id for to, id in blocks if to == f"{MODULE}.{SINGLE[0]}"]
    routes = [tuple(id.split("_", 1)) for to, id in blocks if to.startswith(f"{MODULE}.{ROUTE}.") and "_" in id]
    return imports_file(connection[0], {(table, block) for table, block in routes}, data) if len(connection) == 1 else content


def _itself(node: Any) -> Any:
    return node
