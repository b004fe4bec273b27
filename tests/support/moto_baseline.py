"""Guardrails of an account in the server that answers as AWS: what moto 5.2.5 lacks and our tests rely on.

One function for each gap; its docstring says what moto does and what AWS does. `moto_server` installs `SHIMS`.
"""

# mypy: disable-error-code="attr-defined,method-assign"
from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from moto.budgets.responses import BudgetsResponse
from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

_NO_PREFERENCE = {"HttpTokens": "no-preference", "HttpEndpoint": "no-preference", "InstanceMetadataTags": "no-preference"}
_HOPS = "HttpPutResponseHopLimit"


def have_defaults_of_instance_metadata() -> None:
    """Keep what new instances are to say of their metadata, by account and region.

    moto: has neither call.
    AWS: has both; what is set to "no-preference", or to -1 hops, is not said any more.
    """

    def get_instance_metadata_defaults(self: Any) -> ActionResult:
        return ActionResult({"AccountLevel": getattr(self.ec2_backend, "instance_metadata_defaults", {})})

    def modify_instance_metadata_defaults(self: Any) -> ActionResult:
        asked = {key: value for key in _NO_PREFERENCE if (value := self._get_param(key)) is not None}
        kept = {**getattr(self.ec2_backend, "instance_metadata_defaults", {}), **asked}
        if (hops := self._get_param(_HOPS)) is not None:
            kept[_HOPS] = int(hops)
        self.ec2_backend.instance_metadata_defaults = {key: value for key, value in kept.items() if value not in ("no-preference", -1)}
        return ActionResult({"Return": True})

    EC2Response.get_instance_metadata_defaults = get_instance_metadata_defaults
    EC2Response.modify_instance_metadata_defaults = modify_instance_metadata_defaults


def know_whom_a_budget_tells() -> None:
    """Give back the subscribers of a budget's notification, and a budget's tags.

    moto: keeps the former and drops the latter, and lacks both calls.
    AWS: has them.
    """
    original = BudgetsResponse.create_budget

    def create_budget(self: Any) -> str:
        made = original(self)
        self.backend.budgets[self._get_param("AccountId")][self._get_param("Budget")["BudgetName"]].tags = self._get_param("ResourceTags")
        return made

    def list_tags_for_resource(self: Any) -> str:
        account, name = re.fullmatch(r"arn:[^:]+:budgets::(\d+):budget/(.+)", self._get_param("ResourceARN")).groups()  # type: ignore[union-attr]
        return json.dumps({"ResourceTags": self.backend.budgets[account][name].tags or []})

    def describe_subscribers_for_notification(self: Any) -> str:
        account, name, asked = (self._get_param(key) for key in ("AccountId", "BudgetName", "Notification"))
        known = self.backend.budgets[account][name].notifications
        found = (notification.subscribers for notification in known if notification.details == asked)
        return json.dumps({"Subscribers": next(found, [])})

    BudgetsResponse.create_budget = create_budget
    BudgetsResponse.list_tags_for_resource = list_tags_for_resource
    BudgetsResponse.describe_subscribers_for_notification = describe_subscribers_for_notification


SHIMS: tuple[Callable[[], None], ...] = (have_defaults_of_instance_metadata, know_whom_a_budget_tells)
