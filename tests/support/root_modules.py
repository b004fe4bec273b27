"""Root modules as a landing zone holds them: rendered by cookiecutter, with hand-written constant files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cookiecutter.main import cookiecutter

SKELETONS = Path(__file__).resolve().parents[2] / "skeletons"

ACCOUNT: dict[str, Any] = {
    "name": "prod-ml",
    "id": "111122223333",
    "partition": "aws",
    "region": "us-east-1",
    "environment": "prod",
    "tags": {"environment": "prod", "owner": "ml"},
}
NETWORK = {"name": "prod-ml", "cidr_block": "10.20.0.0/20"}

VERSIONS = """\
terraform {
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 6.0"
    }
  }
}
"""
PROVIDERS = """\
provider "aws" {
  region              = local.account.region
  allowed_account_ids = [local.account.id]

  assume_role {
    role_arn     = "arn:${local.account.partition}:iam::${local.account.id}:role/acme-atlantis"
    session_name = "atlantis"
  }

  default_tags {
    tags = local.account.tags
  }
}
"""

Stack = Callable[..., Path]
"""stack(skeleton, network, **context) -> the path of a root module that is ready to plan."""


def render(skeleton: str, folder: Path, context: dict[str, Any]) -> Path:
    """Render a skeleton with cookiecutter itself into `folder`; the path of the stack."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder.parent / "cookiecutter.yaml"  # keeps its replay files out of the home directory
    config.write_text(json.dumps({"replay_dir": str(folder.parent), "cookiecutters_dir": str(folder.parent)}))
    rendered = cookiecutter(
        str(SKELETONS / skeleton),
        no_input=True,
        extra_context=context,
        output_dir=str(folder),
        config_file=str(config),
    )
    return Path(rendered)


def write_constant_files(root: Path, account: dict[str, Any], **settings: Any) -> None:
    """The files that every stack has beside its seeded ones, without a backend; `settings` are locals beside the account."""
    (root / "versions.tf").write_text(VERSIONS, encoding="utf-8")
    (root / "providers.tf").write_text(PROVIDERS, encoding="utf-8")
    (root / "account.tf.json").write_text(json.dumps({"locals": {"account": account, **settings}}), encoding="utf-8")
