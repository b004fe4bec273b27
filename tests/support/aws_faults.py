"""Answers that the server cannot be brought to give: denied calls, disabled regions, answers of another year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

Change = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Fault:
    """What to do with a call: raise the error `code`, or change its answer."""

    operation: str
    region: str | None = None
    arguments: str = ""
    code: str = ""
    change: Change | None = None

    def meets(self, operation: str, region: str, arguments: Mapping[str, Any]) -> bool:
        """Is this the call? `arguments` must stand somewhere in those of the call."""
        return self.operation in (operation, "*") and self.region in (region, None) and self.arguments in str(arguments)


@dataclass(slots=True)
class Faults:
    """The faults in force. Calls go to the server unless one says otherwise."""

    listed: list[Fault] = field(default_factory=list)

    def deny(self, operation: str, code: str = "AccessDenied", region: str | None = None, arguments: str = "") -> None:
        """Let a call fail with an error code of AWS."""
        self.listed.append(Fault(operation, region, arguments, code))

    def alter(self, operation: str, change: Change) -> None:
        """Let a call answer what `change` makes of the server's answer."""
        self.listed.append(Fault(operation, change=change))

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stand between every boto3 client and the server."""
        call = BaseClient._make_api_call

        def make_api_call(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
            found = [fault for fault in self.listed if fault.meets(operation, client.meta.region_name, arguments)]
            for fault in found:
                if fault.code:
                    raise ClientError({"Error": {"Code": fault.code, "Message": "a fault of the test"}}, operation)
            answer = call(client, operation, arguments)
            for fault in found:
                assert fault.change is not None
                answer = fault.change(answer)
            return answer

        monkeypatch.setattr(BaseClient, "_make_api_call", make_api_call)
