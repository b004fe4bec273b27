"""A landing zone with two databases and a next version of their module, for `scaffold upgrade` and `scaffold outdated`."""

from __future__ import annotations

from pathlib import Path

from tests.support import cli
from tests.support.landing_zones import LandingZone
from tests.support.own_skeletons import below, next_version

NEW = '\nvariable "cost_center" {\n  type = string\n}\n\nvariable "extra" {\n  type    = bool\n  default = false\n}\n'
DEV, PROD = (f"stacks/{name}/us-east-1/rds-orders/main.tf" for name in ("dev-ml", "prod-ml"))
OLD_SOURCE = '"../../../../modules/rds/1.0.0"'
NEW_SOURCE = '"../../../../modules/rds/1.1.0"'


def _live(name: str, number: int) -> dict[str, object]:
    network = {
        "region": "us-east-1", "vpc_id": f"vpc-0123456{number}", "cidr_blocks": [f"10.{number}.0.0/20"], "ipv6_cidr_blocks": [],
        "route_table_ids": [], "dns": True, "quotas": {}, "used_elsewhere": {}, "stale": False,
    }  # fmt: skip
    return {"name": name, "networks": {name: network}}


def add_databases(root: Path) -> None:
    """One in production and one in development, both planned; and a next version of their module as a skeleton of its own."""
    for number, name in enumerate(("dev-ml", "prod-ml"), 1):
        arguments = "--network", f"us-east-1=10.{number}.0.0/20", "--with", "rds:orders"
        cli.must(root, "account", name, "--owner", "ml-platform", *arguments)
    LandingZone(root).know({"444455556661": _live("dev-ml", 1), "444455556662": _live("prod-ml", 2)})
    cli.run(root, "sync")
    cli.written(root, below("skeletons/rds", next_version("rds", "1.1.0", NEW)))


def upgrade(root: Path, *arguments: str, to: str = "1.1.0", status: int = 2) -> cli.Outcome:
    """Run `scaffold upgrade rds`, of development unless said otherwise; it has to end with this status."""
    done = cli.run(root, "upgrade", "rds", "--to", to, *(arguments or ("--where", "environment=dev")))
    assert done.status == status, done
    return done
