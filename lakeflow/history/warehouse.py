"""The canonical queries on a SQL warehouse, through the statement API: the engine that grows with the account.

https://docs.databricks.com/api/workspace/statementexecution. A query is submitted with its values bound, looked after
until it has ended, and read chunk by chunk.
"""

import re
from collections.abc import Mapping, Sequence

from constructs_lib import sql
from constructs_lib.errors import LakeflowError, listed
from lakeflow.history.chunks import STATEMENTS, Chunks
from lakeflow.history.engines import Progress, UnreadableError, quiet
from lakeflow.history.values import Schema
from lakeflow.run.answers import Json, block_of, number_of, text_of
from lakeflow.run.connection import Connection, DeniedError, UnansweredError
from lakeflow.run.following import MOST_UNANSWERED, Clock
from lakeflow.run.words import one_line

NOT_KNOWN = ("How many runs of a job may go on at once in the workspace: the system tables do not have it.",)
"""What the system tables do not tell of a job."""

LONGEST_SECONDS = 1800.0
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 10.0
_GOES_ON = frozenset({"PENDING", "RUNNING"})
_DENIED = re.compile(r"INSUFFICIENT_PERMISSIONS|PERMISSION_DENIED|Insufficient privileges", re.IGNORECASE)
_ABSENT = re.compile(r"SCHEMA_NOT_FOUND|TABLE_OR_VIEW_NOT_FOUND|NO_SUCH_CATALOG|not enabled", re.IGNORECASE)
_SCHEMA = re.compile(r"\bsystem[`']?\.[`']?(\w+)")


class _TooLargeError(Exception):
    """A result does not fit into the answers themselves."""


class Warehouse:
    """A SQL warehouse of a workspace: an Engine."""

    def __init__(self, connection: Connection, warehouse_id: str, *, clock: Clock, progress: Progress = quiet) -> None:
        self._connection = connection
        self._id = warehouse_id
        self._clock = clock
        self._progress = progress

    def ask(self, name: str, values: Mapping[str, object]) -> list[dict[str, object]]:
        """Return the rows that a canonical query answers; see Engine."""
        try:
            return self._asked(name, values, "INLINE")
        except _TooLargeError:
            return self._asked(name, values, "EXTERNAL_LINKS")

    def _asked(self, name: str, values: Mapping[str, object], disposition: str) -> list[dict[str, object]]:
        text = sql.query(name)
        answer = self._submitted(name, text, sql.parameters(name, values), disposition)
        statement = text_of(answer, "statement_id")
        if statement is None:
            raise LakeflowError(f"cannot ask for {name}: the workspace gave the statement no id")
        try:
            answer = self._ended(name, statement, answer)
        except BaseException:  # nobody waits for it, and it costs what it runs
            self._cancel(statement)
            raise
        self._refuse_all_but_success(name, text, answer)
        manifest = block_of(answer, "manifest")
        if manifest.get("truncated"):
            raise LakeflowError(
                f"cannot ask for {name}: the warehouse cut the result off", fix="ask for fewer days with --days"
            )
        schema = Schema(manifest)
        chunks = Chunks(self._connection, statement, name=name, progress=self._progress)
        of = number_of(manifest, "total_chunk_count")
        return [row for data in chunks.read(block_of(answer, "result"), of) for row in schema.rows(data)]

    def _submitted(self, name: str, text: str, parameters: Sequence[Mapping[str, object]], disposition: str) -> Json:
        body = {
            "warehouse_id": self._id,
            "statement": text,
            "parameters": list(parameters),
            "wait_timeout": "10s",
            "on_wait_timeout": "CONTINUE",
            "disposition": disposition,
            "format": "JSON_ARRAY",
        }
        try:
            return self._connection.call("POST", STATEMENTS, doing=f"ask for {name}", body=body)
        except DeniedError as error:
            raise LakeflowError(
                error.problem, fix=f"ask the owner of the SQL warehouse {self._id} for the permission CAN USE"
            ) from error
        except UnansweredError:
            raise
        except LakeflowError as error:
            if self._id in error.problem or "endpoint" in error.problem:
                raise LakeflowError(
                    f"cannot ask for {name}: the workspace has no SQL warehouse {self._id}",
                    fix="take its id from the page of a SQL warehouse, or from databricks warehouses list",
                ) from error
            raise

    def _ended(self, name: str, statement: str, answer: Json) -> Json:
        """Return the answer of a statement that has ended, however it did."""
        deadline = self._clock.now() + LONGEST_SECONDS
        pause, unanswered = _FIRST_PAUSE, 0
        while (state := _state(answer)) in _GOES_ON:
            if self._clock.now() >= deadline:
                raise LakeflowError(
                    f"cannot ask for {name}: the warehouse {self._id} did not answer within "
                    f"{LONGEST_SECONDS / 60:.0f} minutes",
                    fix="look whether it runs, take a larger one, or ask for fewer days with --days",
                )
            waits = "waits for the SQL warehouse" if state == "PENDING" else "runs"
            self._progress(0, 0, f"{name} {waits}")
            self._clock.pause(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)
            try:
                answer = self._connection.call("GET", f"{STATEMENTS}/{statement}", doing=f"ask for {name}")
                unanswered = 0
            except UnansweredError:
                unanswered += 1
                if unanswered == MOST_UNANSWERED:
                    raise
        return answer

    def _cancel(self, statement: str) -> None:
        try:
            self._connection.call("POST", f"{STATEMENTS}/{statement}/cancel", doing="cancel a statement", body={})
        except LakeflowError:
            return  # what stopped the waiting is what is told

    def _refuse_all_but_success(self, name: str, text: str, answer: Json) -> None:
        state = _state(answer)
        if state == "SUCCEEDED":
            return
        if state in {"CANCELED", "CLOSED"}:
            raise LakeflowError(
                f"cannot ask for {name}: somebody {'cancelled' if state == 'CANCELED' else 'closed'} the statement",
                fix="ask again",
            )
        error = block_of(block_of(answer, "status"), "error")
        said = one_line(text_of(error, "message") or text_of(error, "error_code") or f"its state is {state}")
        schemas = sorted({each[1] for each in _SCHEMA.finditer(said)} or {each[1] for each in _SCHEMA.finditer(text)})
        tables = listed(f"system.{each}" for each in schemas)
        if _DENIED.search(said):
            raise UnreadableError(
                f"{tables} cannot be read: {said.rstrip('. ')}",
                fix=f"ask an administrator of the metastore for USE SCHEMA and SELECT on {tables}",
            )
        if _ABSENT.search(said):
            commands = " and ".join(f"databricks system-schemas enable METASTORE_ID {each}" for each in schemas)
            raise UnreadableError(
                f"the system schema {tables} is not enabled, or not for you", fix=f"an administrator runs {commands}"
            )
        if "Inline byte limit" in said:
            raise _TooLargeError(said)
        fix = f"start the SQL warehouse {self._id}, or name another" if "warehouse" in said.lower() else None
        raise LakeflowError(f"cannot ask for {name}: {said.rstrip('. ')}", fix=fix)


def _state(answer: Json) -> str:
    return text_of(block_of(answer, "status"), "state") or "unknown"
