"""GitHub's REST API for one repository, in memory, behind a real HTTP server on the loopback interface.

It keeps comments, labels, check runs and merged pull requests, gives lists page by page, and refuses what GitHub
refuses.
"""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

Json = dict[str, Any]

REPOSITORY = "example/lakeflow-jobs"
LONGEST_COMMENT = 65_536
PAGE = 3
"""Entries of a page, however many are asked for, so that a few make several pages."""


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    body: Json


@dataclass
class _Refusal(Exception):  # noqa: N818  # an answer, not a mistake of the test
    status: int
    message: str


@dataclass
class GitHubServer:
    """The server: start and stop it with `with`."""

    token: str = "of-the-job"
    login: str = "github-actions[bot]"
    app: str = "github-actions"
    comments: list[Json] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    checks: list[Json] = field(default_factory=list)
    pulls: dict[str, list[Json]] = field(default_factory=dict)
    """Commit → the pull requests that GitHub names for it."""
    commits: list[Json] = field(default_factory=list)
    """What a comparison of two commits lists, oldest first."""
    asked: list[Asked] = field(default_factory=list)
    troubles: list[tuple[str, int, dict[str, str]]] = field(default_factory=list)
    """Method, status and headers of what the next requests of that method meet."""

    def __enter__(self) -> Self:
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def comment(self, body: str, login: str) -> Json:
        """Add a comment that somebody has written."""
        made = {"id": len(self.comments) + 1, "user": {"login": login}, "body": body}
        self.comments.append(made)
        return made

    def check(self, **said: Any) -> Json:
        """Add a check run that an app has made."""
        made = {"id": len(self.checks) + 1, "app": {"slug": self.app}, "status": "completed", **said}
        self.checks.append(made)
        return made

    def merge(self, number: int, head: str, commit: str, *parents: str, contained: tuple[str, ...] = ()) -> None:
        """Merge a pull request as a commit; GitHub also names it for the commits that it contained."""
        pull = {
            "number": number,
            "head": {"sha": head},
            "merge_commit_sha": commit,
            "merged_at": "2026-11-22T10:00:00Z",
        }
        for sha in (*contained, commit):
            self.pulls.setdefault(sha, []).append(pull)
        self.push(commit, *parents)

    def push(self, commit: str, *parents: str) -> None:
        """Put a commit on the branch."""
        self.commits.append({"sha": commit, "parents": [{"sha": parent} for parent in parents]})

    def answer(self, asked: Asked, authorization: str) -> tuple[int, dict[str, str], Any]:
        """Answer one request."""
        with self._lock:
            self.asked.append(asked)
            for trouble in self.troubles:
                if trouble[0] == asked.method:
                    self.troubles.remove(trouble)
                    return trouble[1], trouble[2], {"message": "trouble"}
            if authorization != f"Bearer {self.token}":
                return 401, {}, {"message": "Bad credentials"}
            try:
                return self._route(asked)
            except _Refusal as refusal:
                return refusal.status, {}, {"message": refusal.message}

    def _route(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        path = asked.path.removeprefix(f"/repos/{REPOSITORY}")
        match asked.method, path.strip("/").split("/"):
            case "GET", ["issues", _, "comments"]:
                return self._page(asked, self.comments)
            case "POST", ["issues", _, "comments"]:
                return 201, {}, self.comment(_body(asked), self.login)
            case "PATCH", ["issues", "comments", number]:
                return 200, {}, self._one(number) | {"body": self._one(number).update(body=_body(asked))}
            case "DELETE", ["issues", "comments", number]:
                self.comments.remove(self._one(number))
                return 204, {}, None
            case "GET", ["issues", _, "labels"]:
                return self._page(asked, [{"name": name} for name in self.labels])
            case "POST", ["check-runs"]:
                return 201, {}, self.check(**asked.body)
            case "GET", ["commits", sha, "check-runs"]:
                named = [run for run in self.checks if run["name"] == asked.query["check_name"]]
                return self._page(asked, [run for run in named if run["head_sha"] == sha], "check_runs")
            case "GET", ["commits", sha, "pulls"]:
                return self._page(asked, self.pulls.get(sha, []))
            case "GET", ["compare", _]:
                return self._page(asked, self.commits, "commits")
        raise _Refusal(404, "Not Found")

    def _one(self, number: str) -> Json:
        for comment in self.comments:
            if comment["id"] == int(number):
                if comment["user"]["login"] != self.login:
                    raise _Refusal(403, "Resource not accessible by integration")
                return comment
        raise _Refusal(404, "Not Found")

    def _page(self, asked: Asked, entries: list[Any], key: str | None = None) -> tuple[int, dict[str, str], Any]:
        number = int(asked.query.get("page", "1"))
        page = entries[(number - 1) * PAGE : number * PAGE]
        headers = {}
        if number * PAGE < len(entries):
            following = urlencode({**asked.query, "page": str(number + 1)})
            headers["Link"] = f'<{self.url}{asked.path}?{following}>; rel="next", <{self.url}>; rel="last"'
        return 200, headers, {"total_count": len(entries), key: page} if key else page


def _body(asked: Asked) -> str:
    body = str(asked.body["body"])
    if len(body) > LONGEST_COMMENT:
        raise _Refusal(422, f"Validation Failed: body is too long (maximum is {LONGEST_COMMENT} characters)")
    return body


def _handler(server: GitHubServer) -> type[BaseHTTPRequestHandler]:
    class Exchange(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            parts = urlsplit(self.path)
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), json.loads(sent) if sent else {})
            status, headers, document = server.answer(asked, self.headers.get("Authorization", ""))
            body = b"" if status == 204 else json.dumps(document).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815  # the names of http.server

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name of http.server
            """Say nothing."""

    return Exchange
