"""Root modules of every kind, planned by the real Terraform, and what checkov says of the plans."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from generator.landing_zone.global_customizations import STACK_SET
from tests.support import bootstrap, customizations, databases, hubs, peering, terraform
from tests.support.aws import MANAGEMENT, Aws
from tests.support.bootstrap import Company
from tests.support.landing_zones import LandingZone
from tests.support.root_modules import NETWORK, Stack
from tests.terraform.conftest import initialised, moto_url, stack, tf_env

__all__ = ["initialised", "moto_url", "stack", "tf_env"]

Checked = Mapping[str, tuple[list[tuple[str, str]], int]]
"""kind -> the failed checks, each with its resource, and the number of those that passed"""


@dataclass(frozen=True, slots=True)
class Planner:
    """Everything that a root module needs to be planned."""

    stack: Stack
    url: str
    env: Mapping[str, str]
    source: Path
    folder: Path
    made: dict[str, str]
    company: Company

    @property
    def zone(self) -> LandingZone:
        """The landing zone."""
        return self.company.zone

    def of_stack(self, skeleton: str, production: str = "", **context: Any) -> dict[str, Any]:
        """A stack of an account; one that stands on a network gets a real one."""
        network = {"network": NETWORK, "ecr": None}.get(skeleton, self.made)
        more = {"production": production} if production else {}
        return terraform.plan_json(self.stack(skeleton, network, **more, **context), self.env)

    def of_vpn(self, production: str) -> dict[str, Any]:
        """The same of a hub's VPN, with the metadata of its identity provider."""
        root = self.stack("vpn", hubs.make_hub(Aws(self.url)), {"vpn": hubs.VPN}, production=production)
        (root.parents[3] / "vpn").mkdir()
        (root.parents[3] / "vpn/okta.xml").write_text(hubs.METADATA)
        return terraform.plan_json(root, self.env)

    def of_peering(self) -> dict[str, Any]:
        """A pair."""
        one, other = (
            peering.seed(self.url, name, account, cidr_blocks=(block,))
            for name, account, block in (("prod-ml", "111111111111", "10.0.0.0/16"), ("prod-pay", "222222222222", "10.1.0.0/16"))
        )
        root = peering.write_stack(self.folder / "pair", peering.pair(one, other))
        return terraform.plan_json(terraform.prepared(root, self.source, self.env), self.env)

    def of_bootstrap(self, name: str) -> dict[str, Any]:
        """A root that is applied by hand, in an account that has nothing yet."""
        root = bootstrap.without_backend(self.zone.root, self.folder / name) / name
        if name == "management":
            bootstrap.set_variables(root, {"scp_targets": ["ou-ab12-cdef3456"]})
        account = {"platform": self.company.platform, "management": MANAGEMENT}[name]
        env = bootstrap.acting_in(Aws(self.url), account, self.env)
        return terraform.plan_json(terraform.prepared(root, self.source, env), env)

    def of_baseline(self) -> dict[str, Any]:
        """What AFT runs in an account that it has told its name."""
        account = customizations.VENDED
        Aws(self.url).client("ssm", account).put_parameter(Name=customizations.FIELD, Value="prod-ml", Type="String", Overwrite=True)
        root = customizations.rendered(self.zone, self.folder / "baseline", account)
        (root / "backend.tf").unlink()
        env = {**self.env, "HTTP_PROXY": self.url}
        return terraform.plan_json(terraform.prepared(root, self.source, env), env)


KINDS: Mapping[str, Callable[[Planner], dict[str, Any]]] = {
    "network-production": lambda planner: planner.of_stack("network", "yes"),
    "network-other": lambda planner: planner.of_stack("network", "no"),
    "ecr": lambda planner: planner.of_stack("ecr"),
    "rds-production": lambda planner: planner.of_stack("rds", "yes"),
    "rds-other": lambda planner: planner.of_stack("rds", "no"),
    "elasticache-production": lambda planner: planner.of_stack("elasticache", "yes"),
    "elasticache-other": lambda planner: planner.of_stack("elasticache", "no"),
    "vpn-production": lambda planner: planner.of_vpn("yes"),
    "vpn-other": lambda planner: planner.of_vpn("no"),
    "peering": Planner.of_peering,
    "bootstrap-platform": lambda planner: planner.of_bootstrap("platform"),
    "bootstrap-management": lambda planner: planner.of_bootstrap("management"),
    "baseline": Planner.of_baseline,
}
TEMPLATE = "stack-set"
"""The one kind that is CloudFormation."""


@pytest.fixture(scope="session")
def checkov(pytestconfig: pytest.Config) -> Callable[..., Any]:
    """checkov(*arguments) -> what it says as JSON; it stands in an environment of its own."""
    program = pytestconfig.getoption("--checkov")
    if not program:
        pytest.skip("checkov runs with --checkov PATH (make security)")

    def run(*arguments: str) -> Any:
        call = [program, *arguments, "--output", "json", "--skip-download", "--compact"]
        env = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CKV_", "BC_", "CHECKOV_"))}
        done = subprocess.run(call, capture_output=True, text=True, check=False, env=env)
        assert done.returncode in (0, 1) and done.stdout.startswith(("{", "[")), done.stdout[-2000:] + done.stderr[-2000:]
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def planner(
    checkov: object, stack: Stack, moto_url: str, tf_env: dict[str, str], initialised: Path, tmp_path_factory: pytest.TempPathFactory
) -> Planner:
    """An organization with a landing zone of two regions and a budget, and a network that databases stand on."""
    folder = tmp_path_factory.mktemp("security")
    company = bootstrap.found(Aws(moto_url), folder / "zone", MANAGEMENT)
    customizations.configure(company.zone, "{budget: {monthly_usd: 500, email: finance@acme.com}}")
    return Planner(stack, moto_url, tf_env, initialised, folder, databases.make_network(Aws(moto_url)), company)


@pytest.fixture(scope="session")
def checked(checkov: Callable[..., Any], planner: Planner) -> Checked:
    """What checkov says of each plan, and of the template."""
    plans = planner.folder / "plans"
    plans.mkdir()
    for kind, plan in KINDS.items():
        (plans / f"{kind}.json").write_text(json.dumps(plan(planner)))
    said = checkov(*(word for kind in KINDS for word in ("--file", str(plans / f"{kind}.json"))), "--framework", "terraform_plan")
    template = checkov("--file", str(planner.zone.root / STACK_SET), "--framework", "cloudformation")
    return {**{kind: results(said, f"{kind}.json") for kind in KINDS}, TEMPLATE: results(template)}


def results(said: Any, file: str = "") -> tuple[list[tuple[str, str]], int]:
    """The failed checks with their resource, and how many passed, in one file or in all."""
    failed: list[tuple[str, str]] = []
    passed = 0
    for part in said if isinstance(said, list) else [said]:
        found: Mapping[str, Sequence[Mapping[str, Any]]] = part["results"]
        assert not found.get("parsing_errors") and not found.get("skipped_checks"), found
        failed += [(check["check_id"], check["resource"]) for check in found["failed_checks"] if _is_of(check, file)]
        passed += sum(_is_of(check, file) for check in found["passed_checks"])
    return sorted(failed), passed


def _is_of(check: Mapping[str, Any], file: str) -> bool:
    return not file or str(check["file_path"]).rpartition("/")[2] == file
