"""S3 in the server that answers as AWS: what moto 5.2.5 lacks and a bucket of states relies on.

One function for each gap; its docstring says what moto does and what AWS does. `moto_server` installs `SHIMS`.
"""

# mypy: disable-error-code="method-assign,assignment"
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import xmltodict  # type: ignore[import-untyped]
from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.s3.models import S3Backend
from moto.s3.responses import S3Response

_ONLY_TLS = {"Bool": {"aws:SecureTransport": "false"}}


def keep_lifecycles_whole() -> None:
    """Give back the rules of a bucket's lifecycle as they were put.

    moto: forgets NewerNoncurrentVersions, and a filter that is empty. The provider waits three minutes for them.
    AWS: gives all of it, and says from which size on objects change their class.
    """
    put, get = S3Backend.put_bucket_lifecycle, S3Response.get_bucket_lifecycle
    kept: dict[tuple[str, str], Any] = {}

    @functools.wraps(put)
    def put_bucket_lifecycle(self: Any, bucket_name: str, rules: Any) -> None:
        put(self, bucket_name, rules)
        kept[self.account_id, bucket_name] = rules

    @functools.wraps(get)
    def get_bucket_lifecycle(self: Any) -> Any:
        answer = get(self)  # refuses where there is none
        rules = kept.get((self.backend.account_id, self.bucket_name))
        if rules is None:
            return answer
        body = xmltodict.unparse({"LifecycleConfiguration": {"Rule": rules}})
        return 200, {"x-amz-transition-default-minimum-object-size": "all_storage_classes_128K"}, body

    S3Backend.put_bucket_lifecycle = put_bucket_lifecycle
    S3Response.get_bucket_lifecycle = get_bucket_lifecycle


def take_every_call_for_encrypted() -> None:
    """Leave out statements that deny what does not come over TLS.

    moto: a condition that it cannot check counts as one that holds, so a bucket that admits TLS only admits nobody.
    AWS: the condition holds for plain HTTP, which no client of AWS speaks; only this server does.
    """
    original = IAMPolicyStatement.is_action_permitted

    @functools.wraps(original)
    def is_action_permitted(self: Any, *args: Any, **more: Any) -> PermissionResult:
        if self._statement.get("Condition") == _ONLY_TLS and self._statement["Effect"] == "Deny":
            return PermissionResult.NEUTRAL
        return original(self, *args, **more)

    IAMPolicyStatement.is_action_permitted = is_action_permitted


SHIMS: tuple[Callable[[], None], ...] = (keep_lifecycles_whole, take_every_call_for_encrypted)
