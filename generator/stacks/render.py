"""The files of one stack: those we manage, and those it starts with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from generator.accounts.names import parse
from generator.files import File, Kind
from generator.hcl import managed
from generator.organization.model import Organization
from generator.stacks import vpn
from generator.stacks.alerts import Alert, topic_arn
from generator.stacks.model import BACKEND, DATA, LOCK, Stack
from generator.stacks.skeletons import ROOT_MODULE, Skeletons

WAITING_ID = "000000000000"
WAITING_VPC = "vpc-00000000000000000"
MODULES = "../../../../modules"
_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Facts:
    """What a stack's data file is made from: all values are known."""

    account: str
    id: str
    environment: str
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """The network of a stack; `vpc_id` None in the stack that makes it."""

    name: str
    cidr_block: str
    vpc_id: str | None = None


def data_file(
    stack: Stack, facts: Facts, network: NetworkFacts | None, organization: Organization, settings: Mapping[str, Any] = _NONE
) -> bytes:
    """`account.tf.json`: everything a plan of this stack depends on, as data. `settings` are locals beside the account."""
    account: dict[str, Any] = {
        "name": facts.account,
        "id": facts.id,
        "partition": organization.partition,
        "region": stack.region,
        "environment": facts.environment,
        "tags": propagated(facts.tags, organization),
    }
    if network is not None:
        vpc = {} if network.vpc_id is None else {"vpc_id": network.vpc_id}
        account["network"] = {"name": network.name, **vpc, "cidr_block": network.cidr_block}
    return managed.terraform_file({"locals": {"account": account, **settings}})


def propagated(tags: Mapping[str, str], organization: Organization) -> dict[str, str]:
    """The tags that the account's resources carry, sorted by key."""
    rules = organization.tags
    return {key: tags[key] for key in sorted(tags) if key not in rules or rules[key].propagate}


class Renderer:
    """Renders stacks of one organization; files that do not depend on the stack are rendered once."""

    def __init__(self, skeletons: Skeletons, organization: Organization) -> None:
        self.skeletons = skeletons
        self.organization = organization
        self._constant = lru_cache(maxsize=None)(self._render_constant)
        self._backend_parts: tuple[str, str, str] | None = None

    def managed(self, stack: Stack) -> dict[str, File]:
        """The files that `sync` keeps, without the data file."""
        directory = stack.directory
        files = {f"{directory}/{path}": file for path, file in self._constant().items()}
        files[f"{directory}/{BACKEND}"] = File(self.backend(stack.identity, directory), Kind.MANAGED)
        return files

    def _frame(self, stack_identity: str, key: str) -> dict[str, str]:
        state, versions = self.organization.state, self.organization.versions
        context = {
            "identity": stack_identity,
            "directory_key": key,
            "bucket": state.bucket,
            "state_region": state.region,
            "kms_key": state.kms_key or "",
            "lock_table": state.lock_table or "",
            "atlantis_role": self.organization.roles.atlantis,
            "external_id": self.organization.roles.external_id or "",
            "terraform_required": versions.required,
            "aws_required": versions.aws,
        }
        rendered = self.skeletons.render(ROOT_MODULE, context)
        return {path: body for path, body in rendered.items() if isinstance(body, str)}

    def _render_constant(self) -> dict[str, File]:
        frame = self._frame("", "")
        return {path: File(managed.text_file(body), Kind.MANAGED) for path, body in frame.items() if path != BACKEND}

    def backend(self, identity: str, directory: str) -> bytes:
        """`backend.tf` of a root module, whose line 2 says what it is: rendered once around two marks, then filled in."""
        if self._backend_parts is None:
            marks = "@identity@", "@key@"
            body = self._frame(*marks)[BACKEND]
            before, _, rest = body.partition(marks[0])
            middle, _, after = rest.partition(marks[1])
            self._backend_parts = before, middle, after
        before, middle, after = self._backend_parts
        return managed.text_file(f"{before}{identity}{middle}{directory}{after}")

    def versions(self) -> bytes:
        """`versions.tf`, the same in every stack and in `providers/`."""
        return self._constant()["versions.tf"].body

    def settings(self, stack: Stack, environment: str) -> Mapping[str, Any] | None:
        """What `scaffold.yaml` says for a stack, as locals beside its account; None where something is missing there."""
        if not self.has_vpn(stack.skeleton):
            return _NONE
        found = vpn.data(self.organization, vpn.Place(stack.account, stack.region, environment))
        return None if found is None else {vpn.KEY: found}

    def files(self, stack: Stack) -> tuple[str, ...]:
        """What a stack reads from the repository beside its own directory and its modules, as its data file names it."""
        return vpn.files(self.organization) if self.has_vpn(stack.skeleton) else ()

    def has_vpn(self, name: str) -> bool:
        """Does a skeleton carry the settings of a VPN?"""
        skeleton = self.skeletons.stacks.get(name)
        return skeleton is not None and skeleton.settings == vpn.KEY

    def seeds(self, stack: Stack, account_name: str, production: bool) -> dict[str, File]:
        """`main.tf` and `outputs.tf` of a new stack; from then on they are the team's."""
        rendered = self.skeletons.render(stack.skeleton, self._context(stack, account_name, production))
        return {
            f"{stack.directory}/{path}": File(body.encode() if isinstance(body, str) else body, Kind.SEEDED)
            for path, body in rendered.items()
        }

    def _context(self, stack: Stack, account_name: str, production: bool) -> dict[str, Any]:
        organization, skeleton = self.organization, self.skeletons.get(stack.skeleton)
        region = organization.regions[stack.region]
        fields = parse(account_name, organization) or {}
        offered = {
            "modules": MODULES,
            "version": skeleton.version,
            "production": "yes" if production else "no",
            "zones": {"ids": list(region.zones)},
            "public_ipv4_pool": region.public_ipv4_pool or "",
            "organization_id": organization.id,
            "repository": fields.get("workload", stack.account),
            "instance": stack.instance,
            "critical_topic_arn": topic_arn(organization, stack.region, Alert.CRITICAL),
            "notice_topic_arn": topic_arn(organization, stack.region, Alert.NOTICE),
        }
        return {key: value for key, value in offered.items() if key in skeleton.defaults}

    def module(self, skeleton_name: str) -> dict[str, File]:
        """The files of a skeleton's module release, under `modules/NAME/VERSION/`."""
        return release(self.skeletons, skeleton_name)


def release(skeletons: Skeletons, name: str) -> dict[str, File]:
    """The files of the module's version that a skeleton holds, under `modules/NAME/VERSION/`; none where it has no module."""
    skeleton = skeletons.all[name]
    base = f"modules/{skeleton.module}/{skeleton.version}"
    return {f"{base}/{path}": File(body, Kind.RELEASE) for path, body in skeletons.module(name).items()}


__all__ = ["DATA", "LOCK", "Facts", "NetworkFacts", "Renderer", "data_file"]
