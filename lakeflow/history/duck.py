"""System tables in DuckDB: holds their rows and answers Databricks SQL over them, at one fixed instant."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb

from constructs_lib import sql
from constructs_lib.errors import LakeflowError
from lakeflow.history.dialect import Parameter, in_duckdb, type_in_databricks, type_in_duckdb
from lakeflow.history.plain import plain
from lakeflow.history.tables import TABLES, Row, columns_of

_NAMES = tuple(row.TABLE for row in TABLES)


@dataclass(frozen=True)
class Answer:
    """What a query answers; instants are UTC."""

    columns: tuple[tuple[str, str], ...]
    """The name and the Databricks type of each."""
    rows: tuple[tuple[object, ...], ...]


class Duck:
    """The system tables as they are at `now`, in memory or over a connection that may hold some already."""

    def __init__(self, now: datetime, *rows: Row, connection: "duckdb.DuckDBPyConnection | None" = None) -> None:
        self.now = now if now.tzinfo else now.replace(tzinfo=UTC)
        self._connection = connection or duckdb.connect(config={"enable_external_access": "false", "threads": 1})
        for row in TABLES:
            self._connection.execute(f"CREATE SCHEMA IF NOT EXISTS {row.TABLE.partition('.')[0]}")
            self._connection.execute(_made(row))
        self.add(rows)

    def add(self, rows: Iterable[Row]) -> None:
        """Add rows to their tables."""
        by_table: dict[str, list[Row]] = {}
        for row in rows:
            by_table.setdefault(row.TABLE, []).append(row)
        for added in by_table.values():
            self._insert(type(added[0]), json.dumps(added, default=plain))

    def add_plain(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Add rows that are plain data already to a table such as `lakeflow.jobs`."""
        [row] = [each for each in TABLES if table == each.TABLE]
        self._insert(row, json.dumps(rows))

    def clear(self, table: str) -> None:
        """Take all rows of a table away."""
        self._connection.execute(f"DELETE FROM {table}")  # noqa: S608  # a name of a table, and no input

    def _insert(self, row: type[Row], rows: str) -> None:
        self._connection.execute(
            f"INSERT INTO {row.TABLE} SELECT r.* FROM (SELECT unnest(CAST(?::JSON AS {_kind(row)}[])) AS r)",  # noqa: S608
            [rows],
        )

    def ask(self, statement: str, parameters: Sequence[Parameter] = ()) -> list[dict[str, object]]:
        """Return the rows that a query answers, by column; see `answer`."""
        answered = self.answer(statement, parameters)
        names = [name for name, _ in answered.columns]
        return [dict(zip(names, row, strict=True)) for row in answered.rows]

    def answer(self, statement: str, parameters: Sequence[Parameter] = ()) -> Answer:
        """Return what a query answers.

        `parameters` are as `constructs_lib.sql.parameters` gives them. What is wrong with the query is a LakeflowError
        that begins with the name that Databricks has for it.
        """
        query, values = in_duckdb(statement, parameters, self.now, _NAMES)
        try:
            cursor = self._connection.execute(query, values)
            rows = cursor.fetchall()
        except duckdb.Error as error:
            raise LakeflowError(f"[{_class_of(error)}] {_first_line(error)}") from error
        columns = tuple((name, type_in_databricks(str(kind))) for name, kind, *_ in cursor.description or ())
        return Answer(columns, tuple(tuple(_utc(value) for value in row) for row in rows))


def _made(row: type[Row]) -> str:
    """Return the statement that makes a table, unless it is there."""
    columns = ", ".join(f'"{name}" {type_in_duckdb(kind)}' for name, kind in columns_of(row).items())
    return f"CREATE TABLE IF NOT EXISTS {row.TABLE} ({columns})"


def _kind(row: type[Row]) -> str:
    """Return the type of a whole row."""
    inner = ", ".join(f"{name}: {kind}" for name, kind in columns_of(row).items())
    return type_in_duckdb(f"STRUCT<{inner}>")


class DuckEngine:
    """The canonical queries over tables in DuckDB: an Engine."""

    def __init__(self, duck: Duck) -> None:
        self._duck = duck

    def ask(self, name: str, values: Mapping[str, object]) -> list[dict[str, object]]:
        """Return the rows that a query answers."""
        return self._duck.ask(sql.query(name), sql.parameters(name, values))


def _utc(value: Any) -> Any:
    match value:
        case datetime():
            return value.replace(tzinfo=UTC)
        case list():
            return [_utc(each) for each in value]
        case dict():
            return {key: _utc(each) for key, each in value.items()}
        case _:
            return value


def _class_of(error: Exception) -> str:
    """Return Databricks' name for an error of DuckDB, where there is one."""
    told = str(error)
    if isinstance(error, duckdb.CatalogException):
        return "UNRESOLVED_ROUTINE" if "Function" in told else "TABLE_OR_VIEW_NOT_FOUND"
    if isinstance(error, duckdb.BinderException) and "column" in told:
        return "UNRESOLVED_COLUMN"
    return "CAST_INVALID_INPUT" if isinstance(error, duckdb.ConversionException) else "INVALID_STATEMENT"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].partition("Error: ")[2].rstrip(".! ") or "the query cannot be answered"
