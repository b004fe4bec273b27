"""Writing a request: by code, not by a template, because it carries people's strings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from generator.accounts.model import CHANGE_KEYS, CONTROL_TOWER_KEYS, FOLDER, Request, Values
from generator.hcl import canonical
from generator.hcl.quoting import text

# Terraform lays override.tf over the other files; AFT appends its rendering to the other two
_TAKEN = frozenset({"override", "backend", "aft-providers"})
QUOTED = frozenset({"account_tags", "custom_fields"})


def path(slug: str) -> str:
    """Where a new account's request goes."""
    name = f"{slug}-" if slug in _TAKEN else slug
    return f"{FOLDER}/{name}.tf"


def _strings(values: Values) -> dict[str, str]:
    """The values of a fully known map. ValueError where one is unknown."""
    found = {key: value for key, value in values.items() if isinstance(value, str)}
    if len(found) < len(values):
        unknown = next(key for key in values if key not in found)
        raise ValueError(f"{unknown} is {values[unknown]}")
    return found


def write(request: Request) -> str:
    """The canonical file of a request: every value a quoted string, every key of AFT's contract present."""
    if not isinstance(request.customizations, str) or request.others:
        raise ValueError("only a fully known request can be written")
    attributes: dict[str, canonical.Attribute] = {
        "source": request.source,
        "control_tower_parameters": _ordered(_strings(request.control_tower), CONTROL_TOWER_KEYS),
        "account_tags": _strings(request.tags),
        "change_management_parameters": _ordered(_strings(request.change), CHANGE_KEYS),
        "custom_fields": _strings(request.custom_fields),
        "account_customizations_name": request.customizations,
    }
    return canonical.write(canonical.Block("module", request.label, attributes), QUOTED)


def _ordered(values: Mapping[str, str], keys: tuple[str, ...]) -> dict[str, str]:
    return {key: values[key] for key in keys if key in values} | {key: values[key] for key in values if key not in keys}


def normalised(request: Request) -> Request:
    """The request with every string as Terraform will see it (NFC)."""

    def clean(values: Values) -> Values:
        return {text(key): text(value) if isinstance(value, str) else value for key, value in values.items()}

    return replace(
        request,
        control_tower=clean(request.control_tower),
        tags=clean(request.tags),
        change=clean(request.change),
        custom_fields=clean(request.custom_fields),
    )
