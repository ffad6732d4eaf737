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
        self._loaded: dict[str, int] = {}

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
        """Bring the rows into DuckDB, at the first query and after others were added."""
        from lakeflow.history.duck import Duck

        sizes = {name: len(rows) for name, rows in self._rows.items()}
        if self._duck is None or sizes != self._loaded:
            self._duck, self._loaded = Duck(datetime.fromtimestamp(0, UTC)), sizes
            for name, rows in self._rows.items():
                self._duck.add_plain(name, rows)


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
