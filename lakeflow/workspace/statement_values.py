"""How the statement API writes types and values: https://docs.databricks.com/api/workspace/statementexecution.

Every value of a JSON_ARRAY is a text, or null; lists, maps and structs are texts of JSON.
"""

import json
import re
from datetime import UTC, date, datetime
from typing import Any

from lakeflow.workspace.exchange import Json

_NAMES = {"BIGINT": "LONG", "SMALLINT": "SHORT", "TINYINT": "BYTE", "VOID": "NULL"}
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")


def column_of(name: str, kind: str, position: int) -> Json:
    """Return how a manifest describes a column of a Databricks type."""
    word = re.split(r"[(<]", kind, maxsplit=1)[0]
    column: Json = {"name": name, "position": position, "type_name": _NAMES.get(word, word), "type_text": kind}
    decimal = _DECIMAL.fullmatch(kind)
    if decimal:
        column |= {"type_precision": int(decimal[1]), "type_scale": int(decimal[2])}
    return column


def as_text(value: Any) -> str | None:
    """Return a value as a JSON_ARRAY holds it."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case datetime():
            return _instant(value)
        case list() | dict():
            return json.dumps(value, default=_inside, separators=(",", ":"))
        case _:
            return str(value)


def _inside(value: Any) -> str:
    return _instant(value) if isinstance(value, datetime) else str(value)


def _instant(value: datetime | date) -> str:
    utc = (
        value.astimezone(UTC)
        if isinstance(value, datetime)
        else datetime(value.year, value.month, value.day, tzinfo=UTC)
    )
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03}Z"
