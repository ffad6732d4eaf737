"""The values of a statement's result: texts, which the schema of its manifest gives their types.

https://docs.databricks.com/api/workspace/statementexecution/executestatement, format JSON_ARRAY.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from constructs_lib.errors import LakeflowError, shortened
from lakeflow.run.answers import Json, block_of, entries_of, text_of


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


_READ: Mapping[str, Callable[[str], object]] = {
    **dict.fromkeys(("BYTE", "SHORT", "INT", "LONG"), int),
    **dict.fromkeys(("FLOAT", "DOUBLE"), float),
    **dict.fromkeys(("ARRAY", "MAP", "STRUCT"), json.loads),
    "DECIMAL": Decimal,
    "BOOLEAN": lambda text: {"true": True, "false": False}[text.lower()],
    "DATE": date.fromisoformat,
    "TIMESTAMP": _instant,
}
"""How a text is read, by `type_name`; what is not here stays text."""


class Schema:
    """The columns of a result."""

    def __init__(self, manifest: Json) -> None:
        columns = entries_of(block_of(manifest, "schema"), "columns")
        self._columns = [(text_of(each, "name") or "", text_of(each, "type_name") or "STRING") for each in columns]

    def rows(self, data: Iterable[Sequence[str | None]]) -> list[dict[str, object]]:
        """Return the rows of a chunk by column; raise LakeflowError where they are not of this schema."""
        return [self._row(each) for each in data]

    def _row(self, values: Sequence[str | None]) -> dict[str, object]:
        try:
            return {
                name: None if value is None else _READ.get(kind, str)(value)
                for (name, kind), value in zip(self._columns, values, strict=True)
            }
        except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation):
            raise LakeflowError(f"a row of the result is not of its schema: {shortened(values)}") from None
