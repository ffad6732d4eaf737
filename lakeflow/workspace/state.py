"""Everything that a workspace keeps: tables of JSON objects by their ids, system tables, and the last number given.

It is plain data, so that it can be written down and read again; ids come from the number, so that the same requests
give the same ids. A row that a handler has asked for by its key may be changed in place; rows that come from `values()`
or `items()` are for reading, and are put back with `table[key] = row` where they change.
"""

import hashlib
from collections.abc import Iterator

from lakeflow.workspace.exchange import Json, missing
from lakeflow.workspace.rows import Rows, SystemRows

TABLES = (
    "alerts",
    "catalogs",
    "cluster_libraries",
    "clusters",
    "credentials",
    "dashboard_schedules",
    "dashboards",
    "dbfs",
    "destinations",
    "directories",
    "files",
    "grants",
    "jobs",
    "legacy_alerts",
    "objects",
    "permissions",
    "pipeline_updates",
    "pipelines",
    "policies",
    "pools",
    "principals",
    "queries",
    "repos",
    "run_inputs",
    "run_jobs",
    "run_notes",
    "run_origins",
    "run_tokens",
    "runs",
    "schemas",
    "scopes",
    "settings",
    "statements",
    "system_schemas",
    "table_updates",
    "volumes",
    "warehouses",
    "workspace_conf",
)
WORKSPACE_ID = "1"
"""The number of a workspace on this machine."""
VOLATILE = frozenset({"statements"})
"""Results of statements live as long as the process, as in Databricks they live for an hour."""


class State:
    """The tables, the system tables and the number."""

    def __init__(self, *, last: int = 500_000_000_000_000) -> None:  # ids of jobs have fifteen digits
        self.tables: dict[str, Rows] = {name: Rows() for name in TABLES}
        self.system = SystemRows()
        self.last = last

    def next_number(self) -> int:
        """Return a number that was not given before."""
        self.last += 1
        return self.last

    def next_hex(self, length: int = 32) -> str:
        """Return hexadecimal digits that were not given before."""
        return hashlib.sha256(str(self.next_number()).encode()).hexdigest()[:length]

    def next_uuid(self) -> str:
        """Return an id in the form of a UUID that was not given before."""
        digits = self.next_hex()
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


class Table:
    """The objects of one kind.

    `noun` is what a refusal calls one of them, `kind` the name under which the permissions API knows them.
    """

    def __init__(self, state: State, name: str, noun: str, *, kind: str | None = None) -> None:
        self._rows = state.tables[name]
        self._permissions = state.tables["permissions"]
        self._noun = noun
        self._kind = kind

    def __getitem__(self, key: str) -> Json:
        if key not in self._rows:
            raise missing(f"{self._noun} {key} does not exist.")
        row: Json = self._rows[key]
        return row

    def __setitem__(self, key: str, row: Json) -> None:
        self._rows[key] = row

    def __delitem__(self, key: str) -> None:
        self[key]
        del self._rows[key]
        self._permissions.pop(f"{self._kind}/{key}", None)

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def taken(self, field: str, value: object, *, but: str | None = None) -> bool:
        """Return whether an object has a value that only one may have, `but` being the one that asks."""
        return any(row[field] == value and key != but for key, row in self._rows.items())

    def rows(self) -> list[Json]:
        """Return all objects, the oldest first, for reading."""
        return list(self._rows.values())
