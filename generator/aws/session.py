"""Sessions: the usual credential chain, and one assumed role per account. Read-only calls, standard retries.

There is one client for each service and region, whoever asks: making one takes longer than a call. Each call is signed with
the credentials of the session that makes it, so a client of its own would tell an account nothing more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import NoCredentialsError

from generator.aws.causes import Unreadable, code, expired
from generator.organization.model import Organization
from generator.problems import Refused, refuse

CONFIG = Config(retries={"mode": "standard", "max_attempts": 5}, connect_timeout=10, read_timeout=60, max_pool_connections=32)


class Sessions:
    """Sessions of an organization's accounts. Any thread may ask for one and use it."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self._clients = _Clients(organization.home_region)
        self._once = threading.Lock()
        self._management: Session | None = None
        try:
            self._sts = self._client_of_sts()
            self._sts.get_caller_identity()
        except NoCredentialsError:
            remedy = "log in (aws sso login), or set AWS_PROFILE"
            raise refuse("no-credentials", "there are no AWS credentials", remedy) from None
        except Unreadable as error:
            raise refuse("no-aws", f"AWS does not answer: {code(error)}: {error}", "check credentials and network") from None

    def _client_of_sts(self) -> Any:
        """STS of the home region: what its global endpoint gives is not valid in regions that somebody has to enable."""
        session = botocore.session.get_session()
        session.set_config_variable("sts_regional_endpoints", "regional")
        # boto3 knows AWS_REGION not at all and AWS_DEFAULT_REGION only: the home region is always right
        return boto3.Session(region_name=self._organization.home_region, botocore_session=session).client("sts", config=CONFIG)

    def assume(self, account: str) -> Session:
        """A session with the reader role of an account; the management account's is made once. Raises what boto3 raises."""
        if account != self._organization.accounts["management"]:
            return self._assume(account)
        with self._once:
            if self._management is None:
                self._management = self._assume(account)
            return self._management

    def _assume(self, account: str) -> Session:
        role = f"arn:{self._organization.partition}:iam::{account}:role/{self._organization.roles.reader}"
        try:
            given = self._sts.assume_role(RoleArn=role, RoleSessionName="scaffold")["Credentials"]
            return Session(account, self._clients, given)
        except Unreadable as error:
            if expired(error):  # our own credentials: every account from here on would look like a closed door
                raise _expired(error) from None
            raise


def _expired(error: Exception) -> Refused:
    message = f"the AWS credentials expired while reading ({code(error)})"
    return refuse("no-aws", message, "log in again (aws sso login), and run it again")


class Session:
    """The reader role in one account."""

    def __init__(self, account: str, clients: _Clients, given: Mapping[str, Any]) -> None:
        self.account = account
        self._clients = clients
        self._credentials = ReadOnlyCredentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])

    def ask(self, service: str, operation: str, region: str | None = None, **arguments: Any) -> Any:
        """The answer to one call, such as `ask("ec2", "describe_regions")`; in the home region where none is named."""
        client = self._clients.client(service, region)
        return self._clients.signed(self._credentials, lambda: getattr(client, operation)(**arguments))

    def listed(
        self, service: str, operation: str, key: str, region: str | None = None, size: int | None = None, **arguments: Any
    ) -> list[Any]:
        """What `key` holds on all pages of the answer to a call; `size`: how many items AWS shall put on a page.

        A page without the key is a KeyError: it is no empty one.
        """
        pages = self._clients.client(service, region).get_paginator(operation).paginate(**arguments, PaginationConfig={"PageSize": size})
        found: list[Any] = self._clients.signed(self._credentials, lambda: [item for page in pages for item in page[key]])
        return found


class _Clients:
    """The clients of all sessions. Making one is not thread-safe in boto3, using one is."""

    def __init__(self, home_region: str) -> None:
        session = botocore.session.get_session()
        session.register_component("credential_provider", self)
        self._session = boto3.Session(region_name=home_region, botocore_session=session)
        self._made: dict[tuple[str, str | None], Any] = {}
        self._lock = threading.Lock()
        self._signing = threading.local()

    def client(self, service: str, region: str | None) -> Any:
        """The client of a service in a region."""
        with self._lock:
            if (service, region) not in self._made:
                self._made[service, region] = self._session.client(service, region_name=region, config=CONFIG)
            return self._made[service, region]

    def signed(self, credentials: ReadOnlyCredentials, call: Callable[[], Any]) -> Any:
        """What `call` returns; the requests that it makes in this thread are signed with these credentials."""
        self._signing.by = credentials
        try:
            return call()
        finally:
            del self._signing.by

    def load_credentials(self) -> _Clients:
        """What botocore asks its provider of credentials."""
        return self

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """What botocore signs with; asked outside of a call there is nothing, and nothing is sent."""
        return self._signing.by

    def get_deferred_property(self, name: str) -> Callable[[], None]:
        """Botocore may write an account id into an endpoint's name; no service that is read here has such endpoints."""
        return lambda: None
