"""What the workspace says over HTTP: the API below `/api/`, and the page below everything else.

It answers only who calls it by a name that it has: a page of the web whose name suddenly means this machine gets
nothing. https://www.starlette.io
"""

import hmac
import ipaddress
import logging
import time
from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request as Asked
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from lakeflow.workspace.exchange import Answer, RefusedError, Request
from lakeflow.workspace.page import page
from lakeflow.workspace.worker import Worker

MOST_BYTES = 10 * 1024 * 1024
"""Of a request: https://docs.databricks.com/en/reference/jobs-2.0-api.html."""
MOST_BYTES_OF_A_FILE = 500 * 1024 * 1024
_FILES = ("/api/2.0/fs/files/", "/api/2.0/workspace-files/")
_API = ("/api/", "/.well-known/")
_COOKIE = "lakeflow_workspace"
_LOG = logging.getLogger("lakeflow.workspace")


def app(worker: Worker, tokens: Collection[str], names: Collection[str]) -> Starlette:
    """Return the application; `names` are the hosts besides this machine's own by which it may be called."""
    return Starlette(routes=[Route("/{path:path}", _Everything(worker, tokens, names))])


class _Everything:
    """The API below /api/, and the page below everything else."""

    def __init__(self, worker: Worker, tokens: Collection[str], names: Collection[str]) -> None:
        self._worker, self._tokens, self._names = worker, tokens, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        asked = Asked(scope, receive)
        try:
            response = await self._response(asked)
        except ClientDisconnect:
            return
        except RefusedError as refusal:
            response = _response(refusal.answer())
        except Exception:
            _LOG.exception("%s %s", asked.method, asked.url.path)
            response = HTMLResponse(_FAULT, status_code=500)
        took = (time.perf_counter() - began) * 1000
        _LOG.info("%s %s %d %.0f ms", asked.method, asked.url.path, response.status_code, took)
        await response(scope, receive, send)

    async def _response(self, asked: Asked) -> Response:
        if not self._is_ours(asked.headers.get("host", "")):
            raise RefusedError(421, "BAD_REQUEST", "This workspace is not called by that name.")
        if asked.url.path.startswith(_API):
            return _response(await self._worker.answer(await _request(asked)))
        return await self._page(asked)

    def _is_ours(self, host: str) -> bool:
        name = (urlsplit(f"//{host}").hostname or "") if host else ""
        if name in self._names or name == "localhost":
            return True
        try:
            return ipaddress.ip_address(name).is_loopback
        except ValueError:
            return False

    async def _page(self, asked: Asked) -> Response:
        query = dict(asked.query_params)
        given = query.pop("token", None)
        if given is not None and self._knows(given):
            # The token stays in no history and no log of the browser.
            to = asked.url.path + (f"?{urlencode(query)}" if query else "")
            response: Response = RedirectResponse(to, status_code=303)
            response.set_cookie(_COOKIE, given, httponly=True, samesite="strict", path="/")
            return response
        if not self._knows(asked.cookies.get(_COOKIE, "")):
            return HTMLResponse(_LOCKED, status_code=401)
        if asked.method not in {"GET", "HEAD"}:
            return HTMLResponse("<p>This page is for reading.</p>", status_code=405)
        status, document = await self._worker.look(lambda state, now: page(state, asked.url.path, query, now=now))
        return HTMLResponse(document, status_code=status, headers=_PAGE_HEADERS)

    def _knows(self, token: str) -> bool:
        return any(hmac.compare_digest(token.encode(), known.encode()) for known in self._tokens)


_LOCKED = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Workspace</title>"
    "<p>Open this page by the address that <code>lakeflow workspace</code> printed: it has the token."
)
_FAULT = "<!doctype html><html lang=en><meta charset=utf-8><title>Workspace</title><p>This page cannot be shown."
_PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


async def _request(asked: Asked) -> Request:
    path = asked.scope.get("raw_path", b"").decode("ascii", "replace") or asked.url.path
    most = MOST_BYTES_OF_A_FILE if path.startswith(_FILES) else MOST_BYTES
    return Request(
        method=asked.method,
        path=path,
        query=dict(parse_qsl(asked.scope["query_string"].decode("ascii", "replace"))),
        headers=dict(asked.headers),
        content=await _content(asked, most),
    )


async def _content(asked: Asked, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in asked.stream():
        size += len(part)
        if size > most:
            raise RefusedError(413, "MAX_REQUEST_SIZE_EXCEEDED", f"A request has at most {most} bytes.")
        parts.append(part)
    return b"".join(parts)


def _response(answer: Answer) -> Response:
    headers = {"Content-Type": "application/json", **answer.headers}
    return Response(answer.body, status_code=answer.status, headers=headers)
