"""The files of one pair's stack: constant ones, the data file, and the tombstone that takes the pair down."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from generator.files import File, Kind
from generator.hcl import managed
from generator.organization.model import Organization
from generator.peering.data import read
from generator.peering.existing import BACKEND, DATA, IMPORTS, LOCK, MAIN, OUTPUTS, TOMBSTONE, Existing, directory, identity
from generator.peering.imports import still
from generator.peering.model import Key, Member
from generator.stacks.render import Renderer
from generator.stacks.skeletons import PEERING

_MARKS = "@identity@", "@key@"
_CALLING = (MAIN, OUTPUTS)


def data_file(requester: Member, accepter: Member, organization: Organization) -> bytes:
    """`peering.tf.json`: everything a plan of this pair depends on, as data."""
    sides = {"requester": _side(requester, organization), "accepter": _side(accepter, organization)}
    dns = requester.facts.dns and accepter.facts.dns
    return managed.terraform_file({"locals": {**sides, "dns": dns}})


def _side(member: Member, organization: Organization) -> dict[str, Any]:
    facts = member.facts
    return {
        "name": member.name,
        "id": facts.account_id,
        "region": member.region,
        "role_arn": f"arn:{organization.partition}:iam::{facts.account_id}:role/{organization.roles.atlantis}",
        "vpc_id": facts.vpc_id,
        "cidr_blocks": list(facts.cidr_blocks),
        "ipv6_cidr_blocks": list(facts.ipv6_cidr_blocks),
        "route_table_ids": list(facts.route_table_ids),
    }


def sides(pair: Key, members: Mapping[str, Member], existing: Existing | None) -> tuple[Member, Member]:
    """Requester and accepter: the name that sorts first requests, unless the stack says otherwise. It never flips."""
    one, other = (members[name] for name in pair)
    return (other, one) if existing is not None and existing.requester == other.name else (one, other)


def imports(pair: Key, there: bytes | None, reviewed: bytes) -> dict[str, File]:
    """What an adopted pair takes over, as long as its routes are wanted: `there` is the file that it has, `reviewed` its data."""
    return {} if there is None else {f"{directory(pair)}/{IMPORTS}": File(still(there, read(reviewed, pair)), Kind.MANAGED)}


class PeeringFiles:
    """Renders the stacks of pairs; what does not depend on the pair is rendered once."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._organization = renderer.organization
        self._frame = lru_cache(maxsize=None)(self._render)
        self._same = lru_cache(maxsize=None)(self._render_same)

    @property
    def version(self) -> str:
        """The module's version that a new pair calls."""
        return self._renderer.skeletons.all[PEERING].version

    def _render(self) -> Mapping[str, str]:
        state = self._organization.state
        context = {
            "identity": _MARKS[0],
            "directory_key": _MARKS[1],
            "bucket": state.bucket,
            "state_region": state.region,
            "kms_key": state.kms_key or "",
            "lock_table": state.lock_table or "",
            "external_id": self._organization.roles.external_id or "",
            "version": self.version,
        }
        rendered = self._renderer.skeletons.render(PEERING, context)
        return {path: body for path, body in rendered.items() if isinstance(body, str)}

    def constant(self, pair: Key) -> dict[str, File]:
        """The files that depend on nothing but the pair's name: where its state is, versions, providers."""
        place = directory(pair)
        backend = self._frame()[BACKEND].replace(_MARKS[0], identity(pair)).replace(_MARKS[1], place)
        files = {f"{place}/{path}": file for path, file in self._same().items()}
        return {**files, f"{place}/{BACKEND}": File(managed.text_file(backend), Kind.MANAGED)}

    def _render_same(self) -> Mapping[str, File]:
        """The constant files that do not even name the pair."""
        same = {path: body for path, body in self._frame().items() if path not in (*_CALLING, BACKEND)}
        files = {path: File(managed.text_file(body), Kind.MANAGED) for path, body in same.items()}
        return {"versions.tf": File(self._renderer.versions(), Kind.MANAGED), **files}

    def calling(self, pair: Key, existing: Existing | None) -> dict[str, File]:
        """The module call and the outputs; those of another module version are left as they are."""
        if existing is not None and existing.version not in (None, self.version):
            return {}
        return {f"{directory(pair)}/{path}": File(managed.text_file(self._frame()[path]), Kind.MANAGED) for path in _CALLING}

    def deciding(self, pair: Key, members: Mapping[str, Member], existing: Existing | None) -> dict[str, File]:
        """What connects the two networks: the data file, and the files that call the module."""
        requester, accepter = sides(pair, members, existing)
        data = File(data_file(requester, accepter, self._organization), Kind.MANAGED)
        return {f"{directory(pair)}/{DATA}": data, **self.calling(pair, existing)}

    def module(self) -> dict[str, File]:
        """The module's release."""
        return self._renderer.module(PEERING)


def tombstone(pair: Key) -> dict[str, File]:
    """What turns a live stack into one whose next plan destroys the peering. Everything else stays."""
    place = directory(pair)
    return {
        f"{place}/{MAIN}": File(managed.text_file(TOMBSTONE), Kind.MANAGED),
        f"{place}/{OUTPUTS}": File(None, Kind.MANAGED),
    }


def without_imports(pair: Key) -> dict[str, File]:
    """What a tombstone must not have: Terraform refuses to import what is not declared any more."""
    return {f"{directory(pair)}/{IMPORTS}": File(None, Kind.MANAGED)}


def copy_of_lock(pair: Key, lock: bytes | None) -> dict[str, File]:
    """A copy of the one dependency lock, where there is one."""
    return {} if lock is None else {f"{directory(pair)}/{LOCK}": File(lock, Kind.COPY)}
