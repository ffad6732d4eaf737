"""The statement API of a workspace on this machine, which can be slow, busy, refusing and broken.

See https://docs.databricks.com/api/workspace/statementexecution
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from lakeflow.history.duck import Duck
from lakeflow.workspace.exchange import Answer, Json, Request
from tests.support.loopback import Server

STATEMENTS = "/api/2.0/sql/statements"
_NAMES = {"BIGINT": "LONG", "VOID": "NULL"}


@dataclass
class StatementApi:
    """Answers statements over rows of system tables; what it does otherwise stands in its fields."""

    duck: Duck
    looks: int = 0
    """How often a statement is PENDING or RUNNING before it has ended."""
    rows_of_a_chunk: int = 1000
    linked: bool = False
    """Whether a chunk tells the link to the next, and not its index."""
    most_rows: int = 1_000_000
    """How many rows fit into the answers themselves; more stand behind links."""
    outcome: Json | None = None
    """The status of every statement, instead of its success."""
    manifest: Json = field(default_factory=dict)
    """What its manifest says otherwise."""
    refusals: list[Answer] = field(default_factory=list)
    """What is said to the next requests, one after the other."""
    headers: dict[str, str] = field(default_factory=lambda: {"X-Databricks-Org-Id": "1001"})
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Methods and paths."""
    submitted: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = Server(self._answer)
        self._left: dict[str, int] = {}
        self._results: dict[str, tuple[Json, list[list[list[str | None]]]]] = {}

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.__exit__(kind, error, trace)

    @property
    def host(self) -> str:
        """Its address."""
        return self._server.host

    def _answer(self, request: Request) -> Answer:
        if request.path.startswith("/storage/"):
            return self._stored(request)
        if not request.path.startswith(STATEMENTS):
            known = request.path.endswith("/Me")
            return Answer(status=200 if known else 404, body=b"{}", headers=self.headers)
        self.asked.append((request.method, request.path.removeprefix(STATEMENTS)))
        if self.refusals:
            return self.refusals.pop(0)
        return Answer(body=json.dumps(self._said(request)).encode())

    def _stored(self, request: Request) -> Answer:
        """Return a chunk to whoever has the signature, and no credentials, which would be refused."""
        if "authorization" in request.headers or request.query.get("sig") != "secret":
            return Answer(status=403)
        key, index = request.path.removeprefix("/storage/").split("/")
        return Answer(body=json.dumps(self._results[key][1][int(index)]).encode())

    def _said(self, request: Request) -> Json:
        if request.path == STATEMENTS:
            self.submitted.append(request.body)
            key = f"statement-{len(self.submitted)}"
            self._left[key] = self.looks
            self._results[key] = self._asked_of_duck(request.body)
            return self._seen(key)
        key, *rest = request.path.removeprefix(f"{STATEMENTS}/").split("/")
        if rest == ["cancel"]:
            return {}
        return self._chunk(key, int(rest[-1])) if rest else self._seen(key)

    def _asked_of_duck(self, body: Json) -> tuple[Json, list[list[list[str | None]]]]:
        answer = self.duck.answer(body["statement"], body["parameters"])
        rows = [[text(value) for value in row] for row in answer.rows]
        size = self.rows_of_a_chunk
        chunks = [rows[start : start + size] for start in range(0, max(len(rows), 1), size)]
        words = [(name, kind.partition("(")[0].partition("<")[0]) for name, kind in answer.columns]
        columns = [{"name": name, "type_name": _NAMES.get(word, word)} for name, word in words]
        manifest = {"schema": {"columns": columns}, "total_chunk_count": len(chunks), "truncated": False}
        return {**manifest, **self.manifest}, chunks

    def _seen(self, key: str) -> Json:
        left = self._left[key]
        self._left[key] = left - 1
        if left > 0:
            return {"statement_id": key, "status": {"state": "RUNNING" if left == 1 else "PENDING"}}
        inline = self.submitted[int(key.rpartition("-")[2]) - 1]["disposition"] == "INLINE"
        if inline and sum(len(chunk) for chunk in self._results[key][1]) > self.most_rows:
            return {"statement_id": key, "status": failed("Inline byte limit exceeded.")}
        if self.outcome is not None:
            return {"statement_id": key, "status": self.outcome}
        return {
            "statement_id": key,
            "status": {"state": "SUCCEEDED"},
            "manifest": self._results[key][0],
            "result": self._chunk(key, 0),
        }

    def _chunk(self, key: str, index: int) -> Json:
        chunks = self._results[key][1]
        chunk: Json = {"chunk_index": index, "row_count": len(chunks[index])}
        if self.submitted[int(key.rpartition("-")[2]) - 1]["disposition"] == "EXTERNAL_LINKS":
            link = f"{self.host}/storage/{key}/{index}?sig=secret"
            following = {"next_chunk_index": index + 1} if index + 1 < len(chunks) else {}
            return {"external_links": [{**chunk, **following, "external_link": link}]}
        if chunks[index]:
            chunk["data_array"] = chunks[index]
        if index + 1 < len(chunks) and self.linked:
            chunk["next_chunk_internal_link"] = f"{STATEMENTS}/{key}/result/chunks/{index + 1}?row_offset=1"
        elif index + 1 < len(chunks):
            chunk["next_chunk_index"] = index + 1
        return chunk


def text(value: Any) -> str | None:
    """Return a value as a JSON_ARRAY holds it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps(value) if isinstance(value, list | dict) else str(value)


def refused(status: int, code: str, message: str, **headers: str) -> Answer:
    """Return a refusal as Databricks words it."""
    body = json.dumps({"error_code": code, "message": message}).encode()
    return Answer(status=status, body=body, headers={key.replace("_", "-"): value for key, value in headers.items()})


def failed(message: str) -> Json:
    """Return the status of a statement that failed."""
    return {"state": "FAILED", "error": {"error_code": "BAD_REQUEST", "message": message}}


def schema(*columns: tuple[str, str]) -> Sequence[Json]:
    """Return columns as a manifest has them."""
    return [{"name": name, "type_name": kind} for name, kind in columns]
