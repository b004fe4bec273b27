"""AFT's global customizations of a landing zone, as AFT has them before it runs Terraform in an account."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import jinja2

from generator.landing_zone.global_customizations import FOLDER
from tests.support.landing_zones import LandingZone

AFT_MANAGEMENT, VENDED = "222222222222", "555566667777"
FIELD = "/aft/account-request/custom-fields/account_name"
OSS = {
    "tf_distribution_type": "oss",
    "tf_version": "1.6.1",
    "bucket": "aft-backend",
    "kms_key_id": "alias/aft",
    "dynamodb_table": "aft-lock",
}
HCP = {"tf_distribution_type": "tfc", "terraform_org_name": "acme", "terraform_workspace_name": "x-aft-global-customizations"}


def configure(zone: LandingZone, baseline: str, roles: str = "{}") -> None:
    """What `scaffold.yaml` says of the baseline, and of the roles beside their names; everything is written anew."""
    text = (zone.root / "scaffold.yaml").read_text()
    before = text.partition("\nbaseline:")[0]
    extra = json.loads(roles)
    names = "".join(f"\n  {key}: {value}" for key, value in extra.items())
    (zone.root / "scaffold.yaml").write_text(f"{before.rstrip()}{names}\nbaseline: {baseline}\n")
    zone.run("sync")


def rendered(zone: LandingZone, root: Path, account: str, backend: Mapping[str, str] = OSS) -> Path:
    """The folder as AFT has it before `terraform init`: each template's text is appended to the file of its name."""
    shutil.copytree(zone.root / FOLDER, root, dirs_exist_ok=True)
    values = {
        "timestamp": "2025-01-01 00:00:00",
        "provider_region": "us-east-1",
        "region": "us-east-1",
        "aft_admin_role_arn": f"arn:aws:iam::{AFT_MANAGEMENT}:role/AWSAFTExecution",
        "target_admin_role_arn": f"arn:aws:iam::{account}:role/AWSAFTExecution",
        "key": f"{account}-aft-global-customizations/terraform.tfstate",
        **backend,
    }
    for template in root.glob("*.jinja"):
        text = jinja2.Template(template.read_text(), undefined=jinja2.StrictUndefined).render(values)
        with (root / f"{template.stem}.tf").open("a") as file:
            file.write(text)
        template.unlink()
    return root
