"""Requests that come a second time to the server that answers as AWS."""

# mypy: disable-error-code="method-assign"
from __future__ import annotations

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

_INVOCATION = "HTTP_AMZ_SDK_INVOCATION_ID"  # the SDKs: one id for a call and all its attempts
_KEPT = 2000

Application = Callable[..., Any]


@dataclass
class _Call:
    """One call of a client, however often it comes."""

    busy: threading.Lock = field(default_factory=threading.Lock)
    answer: Response | None = None


class Repeats:
    """The answers to the last calls, by their id."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._kept, self._calls, self._lock = kept, OrderedDict[str, _Call](), threading.Lock()

    def answer(self, application: Application, environ: Any, start_response: Any) -> Any:
        """What `application` answers, once for all attempts of a call; a refusal is asked for anew."""
        if not (invocation := environ.get(_INVOCATION)):
            return application(environ, start_response)
        call = self._call(invocation)
        with call.busy:
            answer = call.answer or _answer(application, environ)
            call.answer = answer if answer.status_code < 300 else None
        return answer(environ, start_response)

    def _call(self, invocation: str) -> _Call:
        with self._lock:
            call = self._calls.setdefault(invocation, _Call())
            answered = [id for id, old in self._calls.items() if old.answer is not None] if len(self._calls) > self._kept else []
            for id in answered[: len(self._calls) - self._kept]:
                del self._calls[id]
            return call


def _answer(application: Application, environ: Any) -> Response:
    body, status, headers = run_wsgi_app(application, environ, buffered=True)
    return Response(list(body), status=status, headers=headers)


def carry_out_a_repeated_request_once() -> None:
    """Give the second attempt of a call the answer of the first.

    moto: its server loses an answer now and then when the machine is busy; the client repeats the call, and the
    server carries it out twice: a conditional write is refused by itself.
    AWS: loses an answer so rarely that its users live with it.
    """
    original, repeats = DomainDispatcherApplication.__call__, Repeats()

    @functools.wraps(original)
    def call(self: Any, environ: Any, start_response: Any) -> Any:
        return repeats.answer(functools.partial(original, self), environ, start_response)

    DomainDispatcherApplication.__call__ = call


SHIMS = (carry_out_a_repeated_request_once,)
