"""Sessions: the usual credential chain, and one assumed role per account. Read-only calls, standard retries."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from generator.organization.model import Organization
from generator.problems import refuse

CONFIG = Config(retries={"mode": "standard", "max_attempts": 5}, connect_timeout=10, read_timeout=60, max_pool_connections=32)
Unreadable = (ClientError, BotoCoreError)


def cause(error: Exception) -> str:
    """Why a place could not be read, in AWS's own word for it."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "Unknown"))
    return type(error).__name__


class Sessions:
    """Clients in other accounts. Making one is not thread-safe in boto3, using one is.

    All come from one boto3 session: each further session would read the description of EC2 again, a tenth of a second.
    """

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self._lock = threading.Lock()
        try:
            # boto3 knows AWS_REGION not at all and AWS_DEFAULT_REGION only: the home region is always right
            self._session = boto3.Session(region_name=organization.home_region)
            self._sts = self._session.client("sts", config=CONFIG)
            self._sts.get_caller_identity()
        except NoCredentialsError:
            remedy = "log in (aws sso login), or set AWS_PROFILE"
            raise refuse("no-credentials", "there are no AWS credentials", remedy) from None
        except Unreadable as error:
            raise refuse("no-aws", f"AWS does not answer: {cause(error)}: {error}", "check credentials and network") from None

    def assume(self, account: str) -> Session:
        """A session with the reader role of an account; raises what boto3 raises."""
        role = f"arn:{self._organization.partition}:iam::{account}:role/{self._organization.roles.reader}"
        given = self._sts.assume_role(RoleArn=role, RoleSessionName="scaffold")["Credentials"]
        return Session(self._session, given, self._lock)


class Session:
    """The reader role in one account."""

    def __init__(self, session: boto3.Session, given: Mapping[str, Any], lock: threading.Lock) -> None:
        self._session = session
        self._lock = lock
        self._credentials = {
            "aws_access_key_id": given["AccessKeyId"],
            "aws_secret_access_key": given["SecretAccessKey"],
            "aws_session_token": given["SessionToken"],
        }

    def client(self, service: str, region: str | None = None) -> Any:
        """A client of a service in a region, the home region where none is named."""
        with self._lock:
            return self._session.client(service, region_name=region, config=CONFIG, **self._credentials)
