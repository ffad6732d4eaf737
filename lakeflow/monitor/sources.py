"""Where the facts come from: system tables, the Jobs API, or a file; what was not said is found out, and told."""

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from constructs_lib.errors import LakeflowError, nearest
from lakeflow.history.engines import Progress
from lakeflow.history.facts import Facts
from lakeflow.stack_map import StackMap

if TYPE_CHECKING:
    from lakeflow.run.connection import Connection

SYSTEM_TABLES, API = "system-tables", "api"
_BEGAN_BEFORE = timedelta(days=2)
"""A run that ended within the periods may have begun before them."""
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
        asking = _Asking(stack, arguments.days, now, told)
        if warehouse:
            return _from_tables(connection, warehouse, asking)
        return _from_api(connection, asking)


@dataclass(frozen=True)
class _Asking:
    """What is asked, and who is told how far it is."""

    stack: StackMap
    days: int
    now: datetime
    told: Progress


def _from_tables(connection: "Connection", warehouse: str, asking: _Asking) -> Facts:
    from lakeflow.history.collecting import collect
    from lakeflow.history.warehouse import NOT_KNOWN, Warehouse
    from lakeflow.run.running import SystemClock

    # The bar counts queries; what becomes of one is said beside it.
    engine = Warehouse(connection, warehouse, clock=SystemClock(), progress=lambda _, __, what: asking.told(0, 0, what))
    return collect(
        engine,
        stack=asking.stack,
        host=asking.stack.host,
        workspace_id=connection.workspace_id(),
        source=SYSTEM_TABLES,
        days=asking.days,
        now=asking.now,
        not_known=NOT_KNOWN,
        progress=asking.told,
    )


def _from_api(connection: "Connection", asking: _Asking) -> Facts:
    from lakeflow.history.api import KEPT, history
    from lakeflow.history.collecting import collect

    try:
        from lakeflow.history.duck import Duck, DuckEngine
    except ModuleNotFoundError as error:
        raise LakeflowError(
            f"{error.name} is not installed, and the run history of the Jobs API is asked with it",
            fix="pip install 'lakeflow-jobs[monitor]'",
        ) from None
    workspace_id = connection.workspace_id()
    since = asking.now - timedelta(days=2 * asking.days) - _BEGAN_BEFORE
    found = history(connection, workspace_id=workspace_id, since=since, now=asking.now, progress=asking.told)
    facts = collect(
        DuckEngine(Duck(asking.now, *found.rows)),
        stack=asking.stack,
        host=asking.stack.host,
        workspace_id=workspace_id,
        source=API,
        days=asking.days,
        now=asking.now,
        not_known=found.not_known,
        known_since=asking.now - KEPT,
    )
    return found.completed(facts)


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
