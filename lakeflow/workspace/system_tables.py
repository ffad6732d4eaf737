"""The catalog `system` of a workspace: rows that it keeps as plain data, and who may read them.

A table that is not there is one whose schema nobody has enabled. `system_schemas` may say of a schema who its `users`
are; otherwise everybody may read it. Errors are worded as Databricks words them:
https://docs.databricks.com/aws/en/error-messages/error-classes
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from constructs_lib.errors import LakeflowError
from lakeflow.workspace.exchange import Json
from lakeflow.workspace.state import State

Columns = Sequence[tuple[str, str]]
"""Names and Databricks types."""


class SystemTables:
    """Answers queries over the rows of a workspace."""

    def __init__(self, state: State) -> None:
        self._rows: Mapping[str, Sequence[Json]] = state.system
        self._schemas = state.tables["system_schemas"]
        self._duck: Any = None  # DuckDB is not imported before the first query
        self._loaded: dict[str, tuple[int, Json | None]] = {}
        """How many rows of each table DuckDB has, and the last of them."""

    def answer(
        self, statement: str, parameters: Sequence[Json], *, caller: str, at: int
    ) -> tuple[Columns, Sequence[Sequence[object]]]:
        """Return the columns and the rows that a query answers.

        Where it cannot be answered, that is a LakeflowError with Databricks' words.
        """
        for schema, table in _named(statement):
            users = self._schemas.get(schema, {}).get("users")
            if users is not None and caller not in users:
                raise LakeflowError(
                    "[INSUFFICIENT_PERMISSIONS] Insufficient privileges:\n"
                    f"User does not have USE SCHEMA on Schema 'system.{schema}'. SQLSTATE: 42501"
                )
            if f"{schema}.{table}" not in self._rows:
                raise LakeflowError(_not_found(schema, table))
        self._load()
        self._duck.now = datetime.fromtimestamp(at / 1000, UTC)
        answer = self._duck.answer(statement, parameters)
        return answer.columns, answer.rows

    def _load(self) -> None:
        """Bring the rows into DuckDB that it does not have yet."""
        from lakeflow.history.duck import Duck

        if self._duck is None:
            self._duck = Duck(datetime.fromtimestamp(0, UTC))
        for name in [name for name in self._loaded if not self._has_all_of(name)]:
            # The table was dropped, or rows were taken back.
            self._duck.clear(name)
            del self._loaded[name]
        for name, rows in self._rows.items():
            count, _ = self._loaded.get(name, (0, None))
            if len(rows) > count:
                self._duck.add_plain(name, rows[count:])
                self._loaded[name] = len(rows), rows[-1]

    def _has_all_of(self, name: str) -> bool:
        """Return whether what DuckDB has of a table is still there."""
        rows, (count, last) = self._rows.get(name, ()), self._loaded[name]
        return len(rows) >= count and rows[count - 1] is last


def _named(statement: str) -> Iterator[tuple[str, str]]:
    """Yield the tables of the catalog `system` that a statement names; none where it cannot be read."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        read = sqlglot.parse(statement, read="databricks")
    except SqlglotError:
        return
    for each in read:
        for table in each.find_all(exp.Table) if each is not None else ():
            if table.catalog == "system":
                yield table.db, table.name


def _not_found(schema: str, table: str) -> str:
    return (
        f"[TABLE_OR_VIEW_NOT_FOUND] The table or view `system`.`{schema}`.`{table}` cannot be found. Verify the "
        "spelling and correctness of the schema and catalog.\nIf you did not qualify the name with a schema, verify "
        "the current_schema() output, or qualify the name with the correct schema and catalog.\nTo tolerate the error "
        "on drop use DROP VIEW IF EXISTS or DROP TABLE IF EXISTS. SQLSTATE: 42P01"
    )
