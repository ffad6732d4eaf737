"""A query with its values in it, for what takes no bound parameters: the datasets of a dashboard.

https://docs.databricks.com/aws/en/sql/language-manual/data-types/string-type
"""

import re
from collections.abc import Mapping

from constructs_lib import sql
from constructs_lib.references import Reference, Text, concat

_MARKER = re.compile(r":([a-z_]+)")
_DESCRIPTION = re.compile(r"(--\n)?-- Parameters\n(--.*\n)*")


def lines(name: str, values: Mapping[str, object]) -> tuple[Text, ...]:
    """Return the lines of a query, without their ends, with a literal for each of its parameters.

    A line with the id of something that is not deployed yet is a reference. Of the comment above the query what tells
    of parameters and columns is left out, since nothing in it is a parameter. What `sql.parameters` refuses, this does.
    """
    bound = {str(item["name"]): _literal(item) for item in sql.parameters(name, values)}
    return tuple(_filled(line, bound) for line in _DESCRIPTION.sub("", sql.query(name)).splitlines())


def _filled(line: str, bound: Mapping[str, Text]) -> Text:
    code, dashes, comment = line.partition("--")
    parts: list[Text] = []
    for index, part in enumerate(_MARKER.split(code)):
        parts.append(bound[part] if index % 2 else part)
    parts += [dashes, comment]
    texts = [part for part in parts if isinstance(part, str)]
    return "".join(texts) if len(texts) == len(parts) else concat(*parts)


def _literal(item: Mapping[str, object]) -> Text:
    value = item.get("value")
    if value is None:
        return f"CAST(NULL AS {item['type']})"
    if isinstance(value, Reference):
        return concat("'", value, "'")
    text = str(value)
    return text if item["type"] == "INT" else "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
