"""SQL statements over the system tables: https://docs.databricks.com/api/workspace/statementexecution.

The answer of a query is known at once; a statement that does not wait, or whose warehouse has to start first, is
PENDING, then RUNNING, then what it is, one step for each look. DuckDB is imported where the first query is asked.
"""

import re
from collections.abc import Sequence

from constructs_lib.errors import LakeflowError
from lakeflow.workspace.exchange import Json, RefusedError, Request, Route, Routes, invalid
from lakeflow.workspace.state import State, Table
from lakeflow.workspace.statement_values import as_text, column_of
from lakeflow.workspace.system_tables import SystemTables

ROWS_OF_A_CHUNK = 1_000
MOST_BYTES = 25 * 1024 * 1024
_WAIT = re.compile(r"([0-9]{1,3})s")
_ENDED = frozenset({"SUCCEEDED", "FAILED", "CANCELED", "CLOSED"})
_TOO_LARGE = (
    "Inline byte limit exceeded. Statements executed with disposition=INLINE can have a result size of at most "
    f"{MOST_BYTES} bytes. Please execute the statement with disposition=EXTERNAL_LINKS if you want to download the "
    "full result."
)


class Statements:
    """Execute, get, get a chunk of the result, and cancel."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._statements = Table(state, "statements", "Statement")
        self._warehouses = Table(state, "warehouses", "SQL warehouse")
        self._tables = SystemTables(state)

    def routes(self) -> Routes:
        """Return what answers which path."""
        execute = Route("run SQL over the system tables", self._execute)
        return {
            "POST /sql/statements": execute,
            "POST /sql/statements/": execute,  # as the clients of Databricks spell it
            "GET /sql/statements/{id}": Route("read a statement and the first piece of its result", self._get),
            "GET /sql/statements/{id}/result/chunks/{index}": Route("read a piece of a result", self._chunk),
            "POST /sql/statements/{id}/cancel": Route("cancel a statement", self._cancel),
        }

    def _execute(self, request: Request) -> Json:
        statement = request.text("statement")
        warehouse = self._warehouses[request.text("warehouse_id")]
        for name, only in (("disposition", "INLINE"), ("format", "JSON_ARRAY")):
            if request.body.get(name, only) != only:
                raise RefusedError(
                    400, "BAD_REQUEST", f"{name} {request.body[name]} is not supported here, only {only}"
                )
        waits = _seconds(str(request.body.get("wait_timeout") or "10s")) > 0
        starting, warehouse["state"] = warehouse["state"] != "RUNNING", "RUNNING"
        key = self._state.next_uuid()
        kept = self._outcome(statement, request)
        if not waits or starting:
            gives_up = waits and request.body.get("on_wait_timeout") == "CANCEL"
            kept = {"status": {"state": "CANCELED"}} if gives_up else {**kept, "before": ["PENDING", "RUNNING"]}
        self._statements[key] = {"statement_id": key, **kept}
        return self._shown(key)

    def _outcome(self, statement: str, request: Request) -> Json:
        """Return what becomes of a statement."""
        try:
            described, answered = self._tables.answer(
                statement, request.entries("parameters"), caller=request.caller, at=request.at
            )
        except LakeflowError as error:
            return _failed(str(error))
        rows = [[as_text(value) for value in row] for row in answered]
        size = sum(len(value or "null") + 3 for row in rows for value in row)
        if size > MOST_BYTES:
            return _failed(_TOO_LARGE)
        columns = [column_of(name, kind, place) for place, (name, kind) in enumerate(described)]
        chunks = _chunks(rows)
        return {
            "status": {"state": "SUCCEEDED"},
            "manifest": {
                "format": "JSON_ARRAY",
                "schema": {"column_count": len(columns), "columns": columns},
                "total_chunk_count": len(chunks),
                "chunks": [
                    {name: chunk[name] for name in ("chunk_index", "row_offset", "row_count")} for chunk in chunks
                ],
                "total_row_count": len(rows),
                "total_byte_count": size,
                "truncated": False,
            },
            "chunks": chunks,
        }

    def _shown(self, key: str) -> Json:
        """Return a statement as it is seen now; one that is on its way is a step further at the next look."""
        kept = self._statements[key]
        if kept.get("before"):
            return {"statement_id": key, "status": {"state": kept["before"].pop(0)}}
        shown: Json = {name: kept[name] for name in ("statement_id", "status", "manifest") if name in kept}
        return {**shown, "result": _linked(key, kept["chunks"], 0)} if "manifest" in kept else shown

    def _get(self, request: Request) -> Json:
        return self._shown(self._known(request))

    def _known(self, request: Request) -> str:
        key = request.parts["id"]
        if key not in self._statements:
            raise RefusedError(404, "NOT_FOUND", f"The statement {key} was not found.")
        return key

    def _chunk(self, request: Request) -> Json:
        key, index = self._known(request), request.parts["index"]
        kept = self._statements[key]
        if kept.get("before") or "chunks" not in kept:
            state = kept["before"][0] if kept.get("before") else kept["status"]["state"]
            raise RefusedError(400, "BAD_REQUEST", f"The statement {key} is {state} and has no result.")
        if not index.isdecimal() or not int(index) < len(kept["chunks"]):
            raise RefusedError(404, "NOT_FOUND", f"The statement {key} has no chunk {index}.")
        return _linked(key, kept["chunks"], int(index))

    def _cancel(self, request: Request) -> Json:
        key = self._known(request)
        kept = self._statements[key]
        if kept.get("before") or kept["status"]["state"] not in _ENDED:
            self._statements[key] = {"statement_id": key, "status": {"state": "CANCELED"}}
        return {}


def _seconds(text: str) -> int:
    match = _WAIT.fullmatch(text)
    if not match or not (int(match[1]) == 0 or 5 <= int(match[1]) <= 50):
        raise invalid(f"wait_timeout must be 0s, or between 5s and 50s, and is {text}")
    return int(match[1])


def _failed(message: str) -> Json:
    return {"status": {"state": "FAILED", "error": {"error_code": "BAD_REQUEST", "message": message}}}


def _chunks(rows: Sequence[list[str | None]]) -> list[Json]:
    """Return the pieces of a result; at least one, which may be empty."""
    return [
        {
            "chunk_index": start // ROWS_OF_A_CHUNK,
            "row_offset": start,
            "row_count": len(rows[start : start + ROWS_OF_A_CHUNK]),
            "data_array": rows[start : start + ROWS_OF_A_CHUNK],
        }
        for start in range(0, max(1, len(rows)), ROWS_OF_A_CHUNK)
    ]


def _linked(key: str, chunks: Sequence[Json], index: int) -> Json:
    """Return a chunk with the way to the next."""
    following = index + 1
    if following == len(chunks):
        return chunks[index]
    link = f"/api/2.0/sql/statements/{key}/result/chunks/{following}?row_offset={chunks[following]['row_offset']}"
    return {**chunks[index], "next_chunk_index": following, "next_chunk_internal_link": link}
