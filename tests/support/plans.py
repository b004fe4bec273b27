"""What Terraform plans, as `terraform show -json` says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Plan:
    """A first plan: what will be, and how the configuration says it."""

    json: Mapping[str, Any]

    def types(self) -> set[str]:
        """The types of all planned resources."""
        return {change["type"] for change in self._changes()}

    def after(self, kind: str, name: str) -> dict[str, dict[str, Any]]:
        """The values of every instance of one resource, by its key ("" without for_each)."""
        found = (c for c in self._changes() if (c["type"], c["name"]) == (kind, name))
        return {c.get("index", ""): c["change"]["after"] for c in found}

    def one(self, kind: str, name: str) -> dict[str, Any]:
        """The values of a resource that has a single instance."""
        (values,) = self.after(kind, name).values()
        return values

    def says(self, kind: str, name: str, argument: str) -> Any:
        """How the module's text sets an argument of a resource: a dict, for blocks a list; None if it does not."""
        (call,) = self.json["configuration"]["root_module"]["module_calls"].values()
        (resource,) = [r for r in call["module"]["resources"] if (r["type"], r["name"]) == (kind, name)]
        return resource["expressions"].get(argument)

    def references(self, kind: str, name: str, argument: str) -> list[str]:
        """What an argument of a resource refers to in the module's text."""
        return list(self.says(kind, name, argument)["references"])

    def tags(self) -> dict[str, dict[str, str] | None]:
        """Address -> all tags of each resource whose schema has `tags_all`; None where the plan does not know them."""
        changes = {found["address"]: found["change"] for found in self._changes()}
        tagged = {address: change for address, change in changes.items() if "tags_all" in {**change["after"], **change["after_unknown"]}}
        return {address: change["after"].get("tags_all") for address, change in tagged.items()}

    def _changes(self) -> list[dict[str, Any]]:
        return [change for change in self.json["resource_changes"] if change["mode"] == "managed"]
