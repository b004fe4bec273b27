"""Answers that the server cannot be brought to give: denied calls, disabled regions, answers of another year; and a count of calls."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from tests.support.aws import MANAGEMENT

Change = Callable[[dict[str, Any]], dict[str, Any]]
SCP = "with an explicit deny in a service control policy: arn:aws:organizations::123456789012:policy/o-a/service_control_policy/p-b"


class Killed(BaseException):
    """The process is gone: no call is made any more."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `account` is whose credentials signed it."""

    operation: str
    region: str
    account: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """What to do with a call: raise the error `code`, or change its answer."""

    operation: str
    region: str | None = None
    arguments: str = ""
    code: str = ""
    change: Change | None = None
    account: str | None = None
    message: str = "a fault of the test"

    def meets(self, call: Call) -> bool:
        """Is this the call? `arguments` must stand somewhere in those of the call."""
        place = self.region in (call.region, None) and self.account in (call.account, None)
        return place and self.operation in (call.operation, "*") and self.arguments in str(call.arguments)


@dataclass(slots=True)
class Faults:
    """The faults in force, and the calls that were made. Calls go to the server unless a fault says otherwise.

    After `limit` calls every further one raises `Killed`.
    """

    listed: list[Fault] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    limit: int | None = None
    _accounts: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def deny(
        self,
        operation: str,
        code: str = "AccessDenied",
        region: str | None = None,
        arguments: str = "",
        account: str | None = None,
        message: str = "a fault of the test",
    ) -> None:
        """Let a call fail with an error code of AWS."""
        self.listed.append(Fault(operation, region, arguments, code, account=account, message=message))

    def alter(self, operation: str, change: Change, region: str | None = None, account: str | None = None, arguments: str = "") -> None:
        """Let a call answer what `change` makes of the server's answer."""
        self.listed.append(Fault(operation, region, arguments, change=change, account=account))

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stand between every boto3 client and the server."""
        call = BaseClient._make_api_call

        def make_api_call(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
            found = self._enter(client, operation, arguments)
            for fault in found:
                if fault.code:
                    raise ClientError({"Error": {"Code": fault.code, "Message": fault.message}}, operation)
            answer = call(client, operation, arguments)
            if operation == "AssumeRole":
                self._accounts[answer["Credentials"]["AccessKeyId"]] = arguments["RoleArn"].split(":")[4]
            for fault in found:
                assert fault.change is not None
                answer = fault.change(answer)
            return answer

        monkeypatch.setattr(BaseClient, "_make_api_call", make_api_call)

    def _enter(self, client: Any, operation: str, arguments: Mapping[str, Any]) -> list[Fault]:
        """The faults that a call meets, once it is counted."""
        key = client._request_signer._credentials.get_frozen_credentials().access_key
        call = Call(operation, client.meta.region_name, self._accounts.get(key, MANAGEMENT), arguments)
        with self._lock:
            if self.limit is not None and len(self.calls) >= self.limit:
                raise Killed
            self.calls.append(call)
        return [fault for fault in self.listed if fault.meets(call)]
