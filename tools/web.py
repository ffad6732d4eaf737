"""Requests to an API over HTTPS: with a time limit, repeated where that may help, and without redirects.

A redirect would carry the credentials to another host; none of the APIs used here answers with one.
"""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException
from typing import IO, Any
from urllib.parse import urlsplit

from constructs_lib.errors import LakeflowError

SECONDS = 30.0
"""How long one request may take."""
TRIES = 4
LONGEST_PAUSE = 60.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

Wait = Callable[[float], None]


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]
    """By their names in lower case."""
    body: bytes

    def json(self) -> Any:
        """Return the body read as JSON, None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True)
class Client:
    """Asks one server; `wait` is what a pause is made with."""

    base: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    wait: Wait = time.sleep

    def ask(self, method: str, url: str, *, doing: str, body: bytes | None = None) -> Answer:
        """Return the answer to one request; `url` is complete, or a path below the base.

        Raises LakeflowError, with what was being done, where no answer came.
        """
        whole = url if "://" in url else f"{self.base}{url}"
        _expect_safe(whole, doing)
        for tried in range(1, TRIES + 1):
            try:
                answer = _sent(method, whole, self.headers, body)
            except (OSError, HTTPException) as error:
                if tried == TRIES:
                    host = urlsplit(whole).netloc
                    raise LakeflowError(
                        f"cannot {doing}: {host} does not answer ({_reason(error)})", fix="try again later"
                    ) from error
                self.wait(2.0**tried)
                continue
            pause = _pause(answer, tried)
            if pause is None or tried == TRIES:
                return answer
            self.wait(min(pause, LONGEST_PAUSE))
        raise AssertionError("the last try returns or raises")


def _sent(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
    request = urllib.request.Request(url, data=body, headers=dict(headers), method=method)  # noqa: S310  # checked above
    try:
        with _OPENER.open(request, timeout=SECONDS) as response:
            return _answer(response.status, response.headers, response)
    except urllib.error.HTTPError as error:
        with error:
            return _answer(error.code, error.headers, error)


def _answer(status: int, headers: Message, body: IO[bytes] | Any) -> Answer:
    return Answer(status, {name.lower(): value for name, value in headers.items()}, body.read())


def _pause(answer: Answer, tried: int) -> float | None:
    """Return how long to wait before asking again, None where the answer is final."""
    told = answer.headers.get("retry-after", "")
    # GitHub says 403 for "too many requests" too, and then when to come back.
    if answer.status >= 500 or answer.status == 429 or (answer.status == 403 and told):
        return float(told) if told.isascii() and told.isdigit() else 2.0**tried
    return None


def _expect_safe(url: str, doing: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise LakeflowError(f"cannot {doing}: {url} would receive the credentials unencrypted", fix="write https://")


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason or type(error).__name__)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *words: Any) -> None:
        """Follow none."""


_OPENER = urllib.request.build_opener(_NoRedirects)
