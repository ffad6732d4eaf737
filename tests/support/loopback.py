"""A thin loopback server around a workspace: bytes in, one request after the other to the core, bytes out."""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from lakeflow.workspace.exchange import Answer, Request

LOOPBACK = "127.0.0.1"


def milliseconds() -> int:
    """Return the machine's time, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Server:
    """Serves what `answer` says: start and stop it with `with`. No answer at all breaks the connection off.

    `answer` is never called twice at the same time. `port` 0 takes a free one; `host` is the address to talk to.
    """

    def __init__(
        self, answer: Callable[[Request], Answer | None], *, port: int = 0, clock: Callable[[], int] = milliseconds
    ) -> None:
        self._http = _Http((LOOPBACK, port), _handler(answer, clock))
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.host = f"http://{LOOPBACK}:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def _handler(answer: Callable[[Request], Answer | None], clock: Callable[[], int]) -> type[BaseHTTPRequestHandler]:
    one_at_a_time = threading.Lock()

    class Exchange(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body leave together
        timeout = 60

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            request = Request(
                method=self.command,
                path=parts.path,
                query=dict(parse_qsl(parts.query)),
                content=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
                headers={key.lower(): value for key, value in self.headers.items()},
                at=clock(),
            )
            with one_at_a_time:
                said = answer(request)
            if said is None:
                self.close_connection = True
                return
            self.send_response(said.status)
            for key, value in {"Content-Type": "application/json", **said.headers}.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said.body)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815  # the names of http.server

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name of http.server
            """Say nothing."""

    return Exchange
