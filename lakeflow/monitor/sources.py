"""Where the facts come from: system tables, the Jobs API, or a file; what was not said is found out, and told."""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from constructs_lib.errors import LakeflowError, nearest
from lakeflow.history.facts import Facts
from lakeflow.stack_map import StackMap

if TYPE_CHECKING:
    from lakeflow.run.connection import Connection

SYSTEM_TABLES, API = "system-tables", "api"
_WAREHOUSES = "/api/2.0/sql/warehouses"


def facts_of(arguments: argparse.Namespace, stack: StackMap, now: datetime) -> Facts:
    """Return the facts; raise LakeflowError where they cannot be read, or are of another stack."""
    source: str | None = arguments.source
    if arguments.warehouse and source not in {None, SYSTEM_TABLES}:
        raise LakeflowError("--warehouse is for system tables", fix=f"leave it out, or write --source {SYSTEM_TABLES}")
    if source not in {None, SYSTEM_TABLES, API}:
        return _recorded(str(source), stack)
    return _asked(source, arguments, stack, now)


def _recorded(source: str, stack: StackMap) -> Facts:
    from lakeflow.history.recorded import read

    path = Path(source)
    if not path.exists() and path.suffix != ".json":
        hint = nearest(source, (SYSTEM_TABLES, API))
        raise LakeflowError(
            f"--source: there is no {source!r}",
            fix=f"did you mean {hint!r}?" if hint else f"write {SYSTEM_TABLES}, {API} or a file that record wrote",
        )
    facts = read(path)
    if facts.environment != stack.stack:
        raise LakeflowError(
            f"holds facts of {facts.environment}, not of {stack.stack}",
            place=source,
            fix=f"write --env {facts.environment}, or record those of {stack.stack}",
        )
    return facts


def _asked(source: str | None, arguments: argparse.Namespace, stack: StackMap, now: datetime) -> Facts:
    from lakeflow.monitor.progress import progress
    from lakeflow.run.connection import connect

    connection = connect(stack.host, stack.stack)
    warehouse = arguments.warehouse
    if warehouse is None and source != API:
        name = warehouse_name(arguments.folder / "stacks" / stack.stack)
        warehouse = _warehouse_id(connection, name) if name else None
        if warehouse is None and source == SYSTEM_TABLES:
            raise LakeflowError(
                f"{stack.stack} has no SQL warehouse that is deployed", fix="say which with --warehouse ID"
            )
    asked = f"system tables, on the SQL warehouse {warehouse}" if warehouse else "the Jobs API"
    if source is None:
        sys.stderr.write(f"note: asking {asked}\n")
    with progress(SYSTEM_TABLES if warehouse else API) as told:
        if warehouse:
            from lakeflow.history.warehouse import collect as from_tables

            return from_tables(connection, warehouse, stack=stack, days=arguments.days, now=now, progress=told)
        from lakeflow.history.api import collect as from_api

        return from_api(connection, stack=stack, days=arguments.days, now=now, progress=told)


def warehouse_name(folder: Path) -> str | None:
    """Return the name of a stack's only SQL warehouse; None where it has none, several, or its name is not known."""
    try:
        document = json.loads((folder / "cdk.tf.json").read_text(encoding="utf-8"))
        found = document.get("resource", {}).get("databricks_sql_endpoint", {})
        names = [each["name"] for each in found.values()]
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None
    return names[0] if len(names) == 1 and isinstance(names[0], str) and "${" not in names[0] else None


def _warehouse_id(connection: "Connection", name: str) -> str | None:
    """Return the id of the warehouse with a name, as the workspace has it."""
    answer = connection.call("GET", _WAREHOUSES, doing=f"find the SQL warehouse {name!r}")
    found = answer.get("warehouses")
    rows = found if isinstance(found, list) else []
    ids = [each.get("id") for each in rows if isinstance(each, dict) and each.get("name") == name]
    return str(ids[0]) if len(ids) == 1 and ids[0] else None
