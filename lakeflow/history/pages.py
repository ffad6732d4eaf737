"""Lists of the Jobs API, page after page: https://docs.databricks.com/api/workspace/jobs/listruns.

A workspace goes on while its list is read: what moves to the next page in between comes twice and counts once, and a
token that never ends does not keep the reader for ever.
"""

from collections.abc import Callable, Iterator

from lakeflow.run.answers import Json, entries_of, number_of, text_of
from lakeflow.run.connection import Connection

MOST_PAGES = 20_000
MOST_EMPTY = 10
"""Pages without anything on them, one after the other, before the list counts as endless."""


class Pages:
    """The entries of a list, each once by its id; `endless` says afterwards that the list did not end by itself."""

    def __init__(self, connection: Connection, path: str, query: Json, *, key: str, number: str, doing: str) -> None:
        self._connection = connection
        self._path = path
        self._query = query
        self._key = key
        self._number = number
        self._doing = doing
        self.endless = False

    def entries(self, seen_page: Callable[[list[Json]], None] = lambda _: None) -> Iterator[Json]:
        """Yield what the list holds; `seen_page` is told each page."""
        token: str | None = None
        tokens: set[str] = set()
        ids: set[int] = set()
        empty = 0
        while True:
            query = {**self._query, **({"page_token": token} if token else {})}
            answer = self._connection.call("GET", self._path, doing=self._doing, query=query)
            page = entries_of(answer, self._key)
            for entry in page:
                number = number_of(entry, self._number)
                if number and number not in ids:
                    ids.add(number)
                    yield entry
            seen_page(page)
            token = text_of(answer, "next_page_token")
            empty = 0 if page else empty + 1
            if token is None:
                return
            if token in tokens or empty == MOST_EMPTY or len(tokens) == MOST_PAGES:
                self.endless = True
                return
            tokens.add(token)
