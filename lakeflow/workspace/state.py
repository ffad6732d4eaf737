"""Everything that a workspace keeps: tables of JSON objects by their ids, and the last number given.

It is plain data, so that it can be written down and read again; ids come from the number, so that the same requests
give the same ids.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lakeflow.workspace.exchange import Json, missing

TABLES = (
    "alerts",
    "cluster_libraries",
    "clusters",
    "dashboards",
    "destinations",
    "files",
    "grants",
    "jobs",
    "objects",
    "permissions",
    "pipelines",
    "policies",
    "pools",
    "queries",
    "runs",
    "schemas",
    "scopes",
    "statements",
    "system_schemas",
    "system_tables",
    "volumes",
    "warehouses",
)


@dataclass
class State:
    """The tables and the number."""

    tables: dict[str, dict[str, Any]] = field(default_factory=lambda: {name: {} for name in TABLES})
    last: int = 500_000_000_000_000  # ids of jobs have fifteen digits

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
        self._rows: dict[str, Json] = state.tables[name]
        self._permissions = state.tables["permissions"]
        self._noun = noun
        self._kind = kind

    def __getitem__(self, key: str) -> Json:
        if key not in self._rows:
            raise missing(f"{self._noun} {key} does not exist.")
        return self._rows[key]

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

    def rows(self) -> list[Json]:
        """Return all objects, the oldest first."""
        return list(self._rows.values())
