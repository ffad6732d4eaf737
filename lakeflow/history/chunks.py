"""The result of a statement, chunk by chunk: in the answers themselves, or behind links to a storage where it is large.

https://docs.databricks.com/api/workspace/statementexecution/getstatementresultchunkn
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

import requests

from constructs_lib.errors import LakeflowError
from lakeflow.history.engines import Progress
from lakeflow.run.answers import Json, entries_of, number_of, text_of
from lakeflow.run.connection import Connection, UnansweredError

STATEMENTS = "/api/2.0/sql/statements"
_STORAGE_SECONDS = 60.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

Data = list[list[str | None]]


class Chunks:
    """The chunks of one statement's result."""

    def __init__(self, connection: Connection, statement: str, *, name: str, progress: Progress) -> None:
        self._connection = connection
        self._statement = statement
        self._name = name
        self._progress = progress

    def read(self, first: Json, of: int) -> Iterator[Data]:
        """Yield the rows of each chunk, as they are: of `first`, which is the result itself, and of those after it."""
        chunk, done = first, 0
        while True:
            links = entries_of(chunk, "external_links")
            yield self._checked(self._stored(links[0]) if links else chunk.get("data_array") or [])
            done += 1
            path = self._next(links[0] if links else chunk)
            if path is None:
                break
            if done >= of:
                raise self._error(f"its result has more than the {of} chunks that it tells")
            self._progress(done, of, f"reads {self._name}")
            chunk = self._connection.call("GET", path, doing=f"read {self._name}")
        if done < of:
            raise self._error(f"its result ends after {done} of {of} chunks")

    def _next(self, chunk: Json) -> str | None:
        """Return where the next chunk is; None after the last."""
        link = text_of(chunk, "next_chunk_internal_link")
        if link is not None and link.startswith(f"{STATEMENTS}/{self._statement}/"):
            return link
        index = number_of(chunk, "next_chunk_index")
        return f"{STATEMENTS}/{self._statement}/result/chunks/{index}" if index else None

    def _stored(self, link: Json) -> object:
        """Return what is behind a link, which bears its signature: no credentials go there, and no error tells it."""
        url = text_of(link, "external_link") or ""
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise self._error("the link to its result is not one of https")
        try:
            answer = requests.get(url, timeout=_STORAGE_SECONDS)
            answer.raise_for_status()
            return answer.json()
        except (requests.RequestException, ValueError) as error:
            raise UnansweredError(
                f"cannot ask for {self._name}: the storage of its result, {parts.hostname}, does not give it",
                fix="look whether a proxy or a firewall is in between, or ask for fewer days with --days",
            ) from error

    def _checked(self, data: object) -> Data:
        if not isinstance(data, list) or not all(isinstance(row, list) for row in data):
            raise self._error("what the workspace answers is no result")
        return data

    def _error(self, problem: str) -> LakeflowError:
        return LakeflowError(f"cannot ask for {self._name}: {problem}")
