"""A request whose answer was lost is answered again, and carried out once: the server's own promise to the tests."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import create_environ, run_wsgi_app
from werkzeug.wrappers import Response

from tests.support.aws import Aws
from tests.support.moto_repeats import Repeats

ROW = '{"TableName": "aft-request", "Item": {"id": {"S": "a@example.com"}}, "ConditionExpression": "attribute_not_exists(id)"}'
TABLE = (
    '{"TableName": "aft-request", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], '
    '"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}], "BillingMode": "PAY_PER_REQUEST"}'
)


def _status(aws: Aws, action: str, body: str, invocation: str) -> int:
    """How the server answers one attempt of DynamoDB's `action`."""
    headers = {
        "Authorization": "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": f"DynamoDB_20120810.{action}",
        "amz-sdk-invocation-id": invocation,
    }
    try:
        with urllib.request.urlopen(urllib.request.Request(aws.url, body.encode(), headers)) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code


def test_a_conditional_write_that_is_repeated_is_no_second_write(aws: Aws) -> None:
    """And another call with the same words is one: that one is refused."""
    first, second = str(uuid4()), str(uuid4())
    _status(aws, "CreateTable", TABLE, str(uuid4()))

    assert [_status(aws, "PutItem", ROW, invocation) for invocation in (first, first, second)] == [200, 200, 400]


def _counting(status: int) -> tuple[Callable[..., Any], list[int]]:
    """An application that counts its calls, each of which takes until another one could have begun."""
    calls: list[int] = []

    def application(environ: Any, start_response: Any) -> Any:
        calls.append(1)
        threading.Event().wait(0.05)
        return Response(f"answer {len(calls)}", status=status)(environ, start_response)

    return application, calls


def _ask(repeats: Repeats, application: Callable[..., Any], invocation: str | None) -> str:
    environ = create_environ(headers={"amz-sdk-invocation-id": invocation} if invocation else {})
    body, _, _ = run_wsgi_app(lambda *asked: repeats.answer(application, *asked), environ)
    return b"".join(body).decode()


def test_a_repetition_waits_for_the_first_attempt() -> None:
    """The client gives up on an answer that is only slow."""
    application, calls = _counting(200)
    repeats, answers = Repeats(), list[str]()
    attempts = [threading.Thread(target=lambda: answers.append(_ask(repeats, application, "one"))) for _ in range(3)]
    for attempt in attempts:
        attempt.start()
    for attempt in attempts:
        attempt.join()

    assert (answers, len(calls)) == (["answer 1"] * 3, 1)


@pytest.mark.parametrize(("status", "invocation"), [(503, "one"), (400, "one"), (200, None)])
def test_refusals_and_calls_without_an_id_are_asked_anew(status: int, invocation: str | None) -> None:
    """A client repeats a refusal in order to hear another answer."""
    application, _ = _counting(status)
    repeats = Repeats()

    assert [_ask(repeats, application, invocation) for _ in range(2)] == ["answer 1", "answer 2"]


def test_old_answers_are_forgotten() -> None:
    """The server of a whole run answers some hundred thousand calls."""
    application, _ = _counting(200)
    repeats = Repeats(kept=1)

    assert [_ask(repeats, application, name) for name in ("one", "two", "one")] == ["answer 1", "answer 2", "answer 3"]
