"""Why AWS did not answer: its own code for it, and one plain word where we know one.

Sources: "Error codes for the Amazon EC2 API", "Common errors" of each service; AWS names a policy of the organization in the message only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    CredentialRetrievalError,
    HTTPClientError,
    SSOError,
    TokenRetrievalError,
)

Unreadable = (ClientError, BotoCoreError)
"""What boto3 raises where AWS refused a call, or did not answer."""
FAILED = (*Unreadable, KeyError)
"""The same, and an answer that lacks something: a KeyError names it."""

THROTTLED, NETWORK, BROKEN, OVER = "throttled", "network", "AWS failed", "session expired"
_PASSING = frozenset({THROTTLED, NETWORK, BROKEN, OVER})
_CODES: Mapping[str, tuple[str, ...]] = {
    "denied": ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation"),
    THROTTLED: (
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    ),
    # a region that is not enabled says so too; but who accepts that word must not accept credentials that went bad
    "credentials not accepted": ("AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException"),
    "region not enabled": ("OptInRequired", "RegionDisabledException"),
    "account closed": ("Blocked", "PendingVerification"),
    BROKEN: ("InternalError", "InternalFailure", "InternalServiceError", "ServiceException", "ServiceUnavailable", "Unavailable"),
    OVER: ("ExpiredToken", "ExpiredTokenException", "RequestExpired"),
}
_KINDS: Mapping[type[Exception], str] = {
    HTTPClientError: NETWORK,
    ConnectionError: NETWORK,
    CredentialRetrievalError: OVER,
    SSOError: OVER,
    TokenRetrievalError: OVER,
}
_WORDS = {code: word for word, codes in _CODES.items() for code in codes}
_POLICY = re.compile(r"(service|resource) control polic(y|ies)", re.IGNORECASE)


def code(error: Exception) -> str:
    """AWS's own code; the name of the failure where no answer came, and what an answer lacked."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "Unknown"))
    return f"an answer without {error.args[0]}" if isinstance(error, KeyError) else type(error).__name__


def cause(error: Exception) -> str:
    """The code and the word, such as `UnauthorizedOperation: denied by policy`; the code alone where there is no word for it."""
    return ": ".join(filter(None, (code(error), _word(error))))


def passes(error: Exception) -> bool:
    """May the same call be answered a little later?"""
    return _word(error) in _PASSING


def expired(error: Exception) -> bool:
    """Are the credentials over that the call was made with?"""
    return _word(error) == OVER


def _word(error: Exception) -> str:
    for kind, word in _KINDS.items():
        if isinstance(error, kind):
            return word
    word = _WORDS.get(code(error), "")
    return "denied by policy" if word == "denied" and _POLICY.search(str(error)) else word
