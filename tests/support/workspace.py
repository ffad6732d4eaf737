"""A Databricks workspace in memory behind a real HTTP server on the loopback interface.

    with Workspace() as workspace:
        workspace.jobs.create({"name": "daily", "tasks": [{"task_key": "ingest", …}]})
        workspace.will_run("daily", {"ingest": ["PENDING", "RUNNING", "FAILED"]})
        WorkspaceClient(host=workspace.host, token=workspace.token).jobs.run_now(…)
    assert workspace.asked("POST /jobs/run-now")[0].body["job_parameters"] == {…}

What is not known here is answered 404 in Databricks' own shape and is recorded like everything else.
"""

import json
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from tests.support.workspace_exchange import Failure, Json, RefusedError, Request, Routes
from tests.support.workspace_jobs import JobsService
from tests.support.workspace_runs import RunsService, Script
from tests.support.workspace_spelling import Step

ORGANISATION = "1"
DISCOVERY = "/.well-known/databricks-config"
_VERSION = re.compile(r"^/api/\d\.\d/")


@dataclass(kw_only=True)
class _Trouble:
    """A failure that waits for requests."""

    route: str
    failure: Failure
    after: int
    times: int | None


@dataclass(kw_only=True)
class _Answer:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Workspace:
    """The workspace: start and stop it with `with`."""

    def __init__(self, *, token: str = "of-the-tests") -> None:
        self.token = token
        self.requests: list[Request] = []
        self.jobs = JobsService()
        self.runs = RunsService(self.jobs)
        self._troubles: list[_Trouble] = []
        self._lock = threading.Lock()
        self._routes: Routes = {
            "GET /preview/scim/v2/Me": self._me,
            **self.jobs.routes(),
            **self.runs.routes(),
        }
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.host = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.runs.host = self.host

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def will_run(
        self, job_name: str, script: Script, *, before: Sequence[str | Step] = (), result: str | None = None
    ) -> None:
        """Let the next run of a job play a script; see RunsService.will_run."""
        self.runs.will_run(job_name, script, before=before, result=result)

    def fail(self, route: str, failure: Failure, *, after: int = 0, times: int | None = 1) -> None:
        """Let requests to a route, such as `GET /jobs/runs/get`, meet a failure so often, or for ever with None.

        `after` is how many requests go well before. Failures of one route come in the order in which they were named.
        """
        self._troubles.append(_Trouble(route=route, failure=failure, after=after, times=times))

    def asked(self, route: str) -> list[Request]:
        """Return the requests to one route, in order."""
        return [request for request in self.requests if route_of(request) == route]

    def answer(self, request: Request) -> _Answer | None:
        """Answer one request; None breaks the connection off."""
        with self._lock:
            self.requests.append(request)
            failure = self._failure(route_of(request))
            if failure and not failure.after_handling:
                return _Answer(status=failure.status, body=failure.body, headers=dict(failure.headers))
            answer = self._handled(request)
            return None if failure and failure.silent else answer

    def _handled(self, request: Request) -> _Answer:
        headers = {"X-Databricks-Org-Id": ORGANISATION}
        try:
            return _Answer(status=200, body=json.dumps(self._result(request)).encode(), headers=headers)
        except RefusedError as refusal:
            return _Answer(status=refusal.status, body=refusal.body(), headers=headers)

    def _result(self, request: Request) -> Json:
        if not _VERSION.match(request.path):
            raise RefusedError(404, "ENDPOINT_NOT_FOUND", f"No API found for '{request.method} {request.path}'")
        if request.headers.get("authorization") != f"Bearer {self.token}":
            raise RefusedError(
                401, "UNAUTHORIZED", "Credential was not sent or was of an unsupported type for this API."
            )
        handler = self._routes.get(route_of(request))
        if handler is None:
            raise RefusedError(404, "ENDPOINT_NOT_FOUND", f"No API found for '{request.method} {request.path}'")
        return handler(request)

    def _failure(self, route: str) -> Failure | None:
        for trouble in self._troubles:
            if trouble.route != route or trouble.times == 0:
                continue
            if trouble.after:
                trouble.after -= 1
                continue
            if trouble.times is not None:
                trouble.times -= 1
            return trouble.failure
        return None

    def _me(self, request: Request) -> Json:
        return {"userName": "jd@example.com", "displayName": "J. D.", "active": True, "id": "1"}


def route_of(request: Request) -> str:
    """Return `GET /jobs/list` for a request to any version of that API."""
    return f"{request.method} {_VERSION.sub('/', request.path)}"


def _handler(workspace: Workspace) -> type[BaseHTTPRequestHandler]:
    class Exchange(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Request(
                method=self.command,
                path=parts.path,
                query=dict(parse_qsl(parts.query)),
                body=json.loads(body) if body else {},
                headers={key.lower(): value for key, value in self.headers.items()},
            )
            answer = workspace.answer(request)
            if answer is None:
                return
            self.send_response(answer.status)
            for key, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815  # the names of http.server

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name of http.server
            """Say nothing."""

    return Exchange
