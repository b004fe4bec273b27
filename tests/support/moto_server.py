"""A server on the loopback address that answers as AWS: moto, with the gaps closed that our tests meet.

    python -m tests.support.moto_server --port 0

The first line of standard output is the URL. The server ends when its standard input closes, so it never
outlives the process that started it, or on SIGTERM. `running()` does both from a test.

Each shim below closes one gap; its docstring says what moto 5.2.5 does and what AWS does. Those of VPC peering
are in `moto_peering`, those of Client VPN in `moto_client_vpn`, those of RDS and ElastiCache in `moto_databases`, those of an account's
guardrails in `moto_baseline`, those of a bucket of states in `moto_state`, those of the server itself in `moto_repeats`.
"""

# mypy: disable-error-code="method-assign"
from __future__ import annotations

import argparse
import contextlib
import functools
import json
import logging
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.managed_prefixes import ManagedPrefixListBackend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.organizations.models import organizations_backends
from moto.organizations.responses import OrganizationsResponse
from moto.organizations.utils import PAGINATION_MODEL
from moto.server import ThreadedMotoServer
from moto.servicequotas.responses import ServiceQuotasResponse
from werkzeug.wrappers import Response

from tests.support import moto_baseline, moto_client_vpn, moto_databases, moto_peering, moto_repeats, moto_state

_ROOT = Path(__file__).resolve().parents[2]
_LACKING = (NotImplementedError, AttributeError, LookupError, TypeError, ValueError)
_PAGE_TOKEN = "page:"
_LISTING = ("Describe", "GetManagedPrefixListEntries")
_ACCOUNTS_PER_PAGE = 20
_TAGS_PER_PAGE = 10

Shim = Callable[[], None]


class Refused(ServiceException):
    """An error answer of ours. A class of its own, since moto looks up the code by the class's module."""


def answer_501_for_what_is_missing() -> None:
    """Say "not implemented" so that the caller hears it.

    moto: a service or an action that it lacks or trips over raises, which the server turns into status 500.
    AWS: has it. The provider takes a 500 for a passing failure and retries it silently for ten
    minutes and more; 501 it reports at once.
    """
    original, dispatch = BaseResponse.call_action, DomainDispatcherApplication.__call__

    @functools.wraps(original)
    def call_action(self: Any) -> Any:
        try:
            return original(self)
        except _LACKING as error:
            message = f"moto: {self.service_name} {self._get_action()}: {type(error).__name__}: {error}"
            print(message, file=sys.stderr, flush=True)
            _, headers, body = self.serialized(ActionResult(Refused("NotImplemented", message)))
            return 501, headers, body

    def call_service(self: Any, environ: Any, start_response: Any) -> Any:
        try:
            return dispatch(self, environ, start_response)
        except _LACKING:
            scope = environ.get("HTTP_AUTHORIZATION", "").split("/")  # .../day/region/service/aws4_request
            return Response(f"moto has no service {scope[3:4]}", status=501)(environ, start_response)

    BaseResponse.call_action = call_action
    DomainDispatcherApplication.__call__ = call_service


def page_ec2_lists() -> None:
    """Cut the lists of EC2's Describe calls, and of the entries of prefix lists, into pages.

    moto: most of these calls ignore MaxResults and return everything.
    AWS: returns at most MaxResults items and a NextToken.
    """
    original = BaseResponse.serialized

    @functools.wraps(original)
    def serialized(self: Any, action_result: Any) -> Any:
        size = _page_size(self)
        if size and isinstance(action_result.result, dict):
            start = _page_start(self._get_param("NextToken"))
            action_result = ActionResult(_page(action_result.result, start, size))
        return original(self, action_result)

    BaseResponse.serialized = serialized


def _page_size(response: Any) -> int:
    """MaxResults of an EC2 call that lists; 0 for a call without it and for every other call."""
    if response.service_name != "ec2" or not (response._get_action() or "").startswith(_LISTING):
        return 0
    return int(response._get_param("MaxResults") or 0)


def _page_start(token: Any) -> int:
    text = str(token or "")
    return int(text.removeprefix(_PAGE_TOKEN)) if text.startswith(_PAGE_TOKEN) else 0


def _page(result: dict[str, Any], start: int, size: int) -> dict[str, Any]:
    """The items from `start` on, `size` at most; the result itself where moto has made a page already."""
    lists = [name for name, value in result.items() if isinstance(value, list)]
    if len(lists) != 1 or result.get("NextToken"):
        return result
    name, items = lists[0], result[lists[0]]
    page = {**result, name: items[start : start + size]}
    if start + size < len(items):
        page["NextToken"] = f"{_PAGE_TOKEN}{start + size}"
    return page


def list_accounts_as_aws_does() -> None:
    """Pages of 20 accounts, for the management account only.

    moto: 100 accounts a page, its token is the time of joining, which accounts can share, and an account
    that may not ask gets an empty list.
    AWS: at most 20 a page; a member is refused with AccessDeniedException, an account outside of any
    organization with AWSOrganizationsNotInUseException.
    """

    PAGINATION_MODEL["list_accounts"].update(limit_default=_ACCOUNTS_PER_PAGE, unique_attribute="Id")
    original = OrganizationsResponse.list_accounts

    def list_accounts(self: Any) -> Any:
        _refuse_all_but_management(self)
        return original(self)

    OrganizationsResponse.list_accounts = list_accounts


def list_tags_as_aws_does() -> None:
    """Pages of tags of an account.

    moto: everything at once.
    AWS: pages, of a size that is documented nowhere; the call has no MaxResults.
    """
    original = OrganizationsResponse.list_tags_for_resource

    def list_tags_for_resource(self: Any) -> Any:
        token = self.request_params.get("NextToken")
        return json.dumps(_page(json.loads(original(self)), _page_start(token), _TAGS_PER_PAGE))

    OrganizationsResponse.list_tags_for_resource = list_tags_for_resource


def know_prefix_lists() -> None:
    """Refuse to list the entries of a prefix list that is not there.

    moto: there are none.
    AWS: InvalidPrefixListID.NotFound.
    """
    original = ManagedPrefixListBackend.get_managed_prefix_list_entries

    def get_managed_prefix_list_entries(self: Any, prefix_list_id: str) -> Any:
        if (found := original(self, prefix_list_id)) is None:
            raise EC2ClientError("InvalidPrefixListID.NotFound", f"The prefix list ID '{prefix_list_id}' does not exist")
        return found

    ManagedPrefixListBackend.get_managed_prefix_list_entries = get_managed_prefix_list_entries


def know_default_quotas() -> None:
    """Give the default value of a quota.

    moto: knows defaults only, and gives them out as what was applied to the account.
    AWS: gives defaults when it is asked for them.
    """
    ServiceQuotasResponse.get_aws_default_service_quota = ServiceQuotasResponse.get_service_quota  # type: ignore[attr-defined]


def _refuse_all_but_management(response: Any) -> None:

    if response.organizations_backend.org:
        return
    backends = [backend for regions in organizations_backends.values() for backend in regions.values()]
    members = {account.id for backend in backends for account in backend.accounts}
    if response.current_account in members:
        raise Refused("AccessDeniedException", "You don't have permissions to access this resource.")
    raise Refused("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")


SHIMS: tuple[Shim, ...] = (
    page_ec2_lists,
    answer_501_for_what_is_missing,
    list_accounts_as_aws_does,
    list_tags_as_aws_does,
    know_prefix_lists,
    know_default_quotas,
    *moto_baseline.SHIMS,
    *moto_client_vpn.SHIMS,
    *moto_databases.SHIMS,
    *moto_peering.SHIMS,
    *moto_state.SHIMS,
    *moto_repeats.SHIMS,
)


@contextlib.contextmanager
def running() -> Iterator[str]:
    """Start a server of its own in a process of its own, yield its URL, end it."""
    command = [sys.executable, "-m", "tests.support.moto_server", "--port", "0"]
    with subprocess.Popen(command, cwd=_ROOT, env=_environment(), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None and server.stdout is not None
        url = server.stdout.readline().strip()
        if not url:
            raise RuntimeError(f"the moto server ended before it gave its URL: {' '.join(command)}")
        try:
            yield url
        finally:
            server.stdin.close()
            _end(server)


def _environment() -> dict[str, str]:
    """The environment without AWS settings of the caller, which moto's own calls would follow."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**inherited, "MOTO_EC2_LOAD_DEFAULT_AMIS": "false"}  # a second for each new organization, and nobody starts an instance


def _end(server: subprocess.Popen[str]) -> None:
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()


def main() -> None:
    """Serve until standard input closes or SIGTERM arrives."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    port = parser.parse_args().port

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else one line per request
    warnings.filterwarnings("ignore", message=r"Exception\(Refused\)")  # no service's model has "NotImplemented"
    for shim in SHIMS:
        shim()
    _serve(port)


def _serve(port: int) -> None:

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    host, bound_port = server.get_host_and_port()
    print(f"http://{host}:{bound_port}", flush=True)
    while sys.stdin.buffer.read(4096):
        pass


if __name__ == "__main__":
    main()
