"""What a plan was made from: the files of the stack's directory, and the configuration that the plan itself records.

The files are compared byte by byte, so nothing is left to judge in them. The configuration shows once more, whatever the
directory looked like when the plan was made, that nothing but the module is called, and each object in its own account.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.hcl.managed import Ownership, ownership
from generator.peering.addresses import ACCEPTANCE, CONNECTION, NETWORK, OPTIONS, ROUTE
from generator.peering.data import SIDES
from generator.peering.existing import DATA, MAIN
from generator.peering.verify.case import PLACES, PROVIDER, Case, shown, spelled
from generator.problems import Problem

_RESTORE = 'restore it from git, or run "scaffold sync"; then plan again'
# what Terraform and OpenTofu read in a directory
_LOADED = (".tf", ".tf.json", ".tofu", ".tofu.json", ".tfvars", ".tfvars.json")
MODULES = "modules/peering"
VERSIONS = "versions.tf"
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_CONSTRAINT = r'version\s*=\s*"[0-9A-Za-z.,<>=!~ +-]*"'
_VERSIONS = re.compile(
    rf"""\s*terraform\s*\{{(?:\s*required_{_CONSTRAINT})?
    (?:\s*required_providers\s*\{{\s*aws\s*=\s*\{{(?:\s*source\s*=\s*"hashicorp/aws"|\s*{_CONSTRAINT})*\s*\}}\s*\}})?\s*\}}\s*""",
    re.VERBOSE,
)


class _Mark(enum.Enum):
    """What stands in the wanted configuration where no value does."""

    ANY = enum.auto()  # anything, or nothing: it is judged elsewhere, or says nothing
    NOTHING = enum.auto()


def directory(case: Case) -> Iterator[Problem]:
    """The stack's directory holds what scaffold writes, and nothing else that Terraform reads."""
    place = case.stack.directory
    for path, content in sorted(case.files.expected.items()):
        there = case.files.tree.read(path)
        if (there.replace(b"\r\n", b"\n") if there is not None else None) == content:
            continue
        if path == f"{place}/{VERSIONS}" and there is not None and _lags(there):
            message = "it lags behind the versions of scaffold.yaml, so this plan was made with others"
            yield case.refuse("lagging-file", message, 'run "scaffold sync"', file=path).softened()
        else:
            what = "is not there" if there is None else "should not be there" if content is None else "is not what scaffold writes"
            yield case.refuse("changed-file", f"this file {what}", _RESTORE, file=path)
    yield from _strangers(case, place, {*case.files.expected, f"{place}/{DATA}"})


def _lags(there: bytes) -> bool:
    """Is it a `versions.tf` that scaffold has written, if not with the versions of today? Waves bring it, as for `sync --check`.

    Anybody can compute the hash of a header, so the file has to say nothing but which versions may be used.
    """
    body = _COMMENT.sub("", there.replace(b"\r\n", b"\n").decode(errors="replace"))
    return ownership(VERSIONS, there) is Ownership.INTACT and _VERSIONS.fullmatch(body) is not None


def _strangers(case: Case, place: str, known: set[str]) -> Iterator[Problem]:
    """Files that Terraform would read beside ours; a symbolic link may lead to anything."""
    listing = case.files.tree.list(place)
    for name in (*(name for name in listing.files if name.endswith(_LOADED)), *listing.links):
        path = f"{place}/{name}"
        if path not in known or name in listing.links:
            what = "a symbolic link" if name in listing.links else "a file that Terraform reads and that scaffold has not written"
            yield case.refuse("foreign-file", f"this is {what}: it could add anything to the plan", "delete it, and plan again", file=path)


def data(case: Case) -> Iterator[Problem]:
    """The data file is the one that follows from the requests, the policy and the inventory of now."""
    path = f"{case.stack.directory}/{DATA}"
    there = (case.files.tree.read(path) or b"").replace(b"\r\n", b"\n")
    if case.files.data is None:
        if ownership(path, there) is not Ownership.INTACT:
            yield case.refuse("edited-data", "the data of this pair was edited by hand", "restore it from git, and plan again", file=path)
    elif there != case.files.data:
        message = "the data of this pair is not what follows from requests, policy and inventory"
        yield case.refuse("stale-data", message, 'run "scaffold sync", commit what it writes and plan again', file=path)


def module(case: Case) -> Iterator[Problem]:
    """The module that is called is the released one, byte by byte. A `main.tf` that calls none is not what scaffold writes, see above."""
    version, release = case.stack.version, case.files.version
    if version is None:
        return
    if version != release:
        message = f"this pair calls version {version} of the module, and this scaffold knows the files of {release} only"
        remedy = "judge it with the scaffold that released it, or move the pair: scaffold upgrade peering"
        yield case.refuse("unknown-module", message, remedy, version, file=f"{case.stack.directory}/{MAIN}")
        return
    for path, content in sorted(case.files.module.items()):
        if (case.files.tree.read(path) or b"").replace(b"\r\n", b"\n") != content:
            message = "this file of a released module was changed, and a version never changes"
            yield case.refuse("module-changed", message, "restore it from git, and put the change into a new version's folder", file=path)
    yield from _strangers(case, f"{MODULES}/{version}", set(case.files.module))


def configuration(case: Case) -> Iterator[Problem]:
    """The configuration in the plan is the one that the files give, as far as a plan can show it."""
    found = _reduced(case.plan.configuration)
    # required_providers of the root shows as a provider without a configuration
    said = found.get("provider_config")
    plain = {"aws": _provider()} if isinstance(said, dict) and "aws" in said else {}
    providers = {**plain, **{f"aws.{side}": _aliased(side) for side in SIDES}}
    wanted = {"provider_config": providers, "root_module": {} if case.tombstone else _root(case.files.version)}
    for path, there, expected in _differences(found, wanted, "configuration"):
        message = f"{path} {_words(there)}; in what scaffold writes it {_words(expected)}"
        yield case.refuse(_id_of(path), message, f"the Terraform that was planned is another one: {_RESTORE}", path)


def _words(value: Any) -> str:
    return "is not there" if value is _Mark.NOTHING else f"is {shown(value)}"


_KINDS = (
    ("configuration.provider_config", "wrong-provider"),
    ("configuration.root_module.module_calls.peering.source", "wrong-module"),
    ("", "wrong-configuration"),
)


def _id_of(path: str) -> str:
    return next(id for start, id in _KINDS if path.startswith(start))


def _refers(*names: str) -> dict[str, Any]:
    return {"references": sorted(names)}


def _provider() -> dict[str, Any]:
    return {"name": "aws", "full_name": PROVIDER, "version_constraint": _Mark.ANY}


def _aliased(side: str) -> dict[str, Any]:
    role = {"role_arn": _refers(f"local.{side}.role_arn"), "session_name": {"constant_value": "atlantis"}, "external_id": _Mark.ANY}
    said = {
        "region": _refers(f"local.{side}.region"),
        "allowed_account_ids": _refers(f"local.{side}.id"),
        "assume_role": [role],
        "default_tags": [{"tags": _refers("local.tags")}],
    }
    return {**_provider(), "alias": side, "expressions": said}


def _output(reference: str) -> dict[str, Any]:
    return {"connection_id": {"expression": _refers(reference), "description": _Mark.ANY}}


def _root(version: str) -> dict[str, Any]:
    called = {
        "outputs": _output("aws_vpc_peering_connection_accepter.this.id"),
        "variables": _Mark.ANY,
        "resources": {place: _resource(place) for place in PLACES},
    }
    call = {
        "source": f"../../{MODULES}/{version}",
        "expressions": {name: _refers(f"local.{name}") for name in (*SIDES, "dns")},
        "module": called,
    }
    return {"outputs": _output("module.peering.connection_id"), "module_calls": {"peering": call}}


# The arguments of each place. A plan shows their values, except of what it may know only after apply: there, what is referred to.
_ACCEPTED = _refers("aws_vpc_peering_connection_accepter.this.id")
_ARGUMENTS: Mapping[str, dict[str, Any]] = {
    CONNECTION: dict.fromkeys(("vpc_id", "peer_vpc_id", "peer_owner_id", "peer_region", "auto_accept", "tags"), _Mark.ANY),
    ACCEPTANCE: {
        "vpc_peering_connection_id": _refers("aws_vpc_peering_connection.this.id"),
        **dict.fromkeys(("auto_accept", "tags"), _Mark.ANY),
    },
    **{f"{OPTIONS}.{side}": {"vpc_peering_connection_id": _ACCEPTED, side: _Mark.ANY} for side in SIDES},
    **{
        f"{ROUTE}.{side}": {
            "vpc_peering_connection_id": _ACCEPTED,
            **dict.fromkeys(("route_table_id", "destination_cidr_block", "destination_ipv6_cidr_block"), _Mark.ANY),
        }
        for side in SIDES
    },
    **{f"{NETWORK}.{side}": {"id": _refers(f"var.{side}.vpc_id")} for side in SIDES},
}


def _resource(place: str) -> dict[str, Any]:
    mode, side = PLACES[place]
    kind, name = place.removeprefix("data.").split(".")
    many = {"for_each_expression": _refers(f"local.{side}_routes")} if kind == ROUTE else {}
    fixed = {"address": place, "mode": mode, "type": kind, "name": name, "provider_config_key": f"aws.{side}"}
    return {**fixed, **many, "expressions": _ARGUMENTS[place], "schema_version": _Mark.ANY}


def _reduced(value: Any) -> Any:
    """A configuration in which what refers to `a.b` no longer says that it refers to `a` as well; resources by their address."""
    if isinstance(value, dict):
        return {key: _by_key(key, item) for key, item in value.items()}
    return [_reduced(item) for item in value] if isinstance(value, list) else value


def _by_key(key: str, value: Any) -> Any:
    if key == "references" and _all(value, str):
        return sorted({name for name in value if not any(other.startswith((f"{name}.", f"{name}[")) for other in value)})
    if key == "resources" and _all(value, dict):
        named = {f"{item.get('address')}": _reduced(item) for item in value}
        # two of one address would hide one of them
        return named if len(named) == len(value) else [_reduced(item) for item in value]
    return _reduced(value)


def _all(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)


def _differences(found: Any, wanted: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Where two documents differ: the path, what is there and what should be; `NOTHING` for nothing."""
    if wanted is _Mark.ANY:
        return
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in sorted({*found, *wanted}):
            yield from _differences(found.get(key, _Mark.NOTHING), wanted.get(key, _Mark.NOTHING), f"{path}.{key}")
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for number, pair in enumerate(zip(found, wanted, strict=True)):
            yield from _differences(*pair, f"{path}[{number}]")
    elif _Mark.NOTHING in (found, wanted) or spelled(found) != spelled(wanted):
        yield path, found, wanted
