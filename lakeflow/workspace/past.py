"""A past for a workspace: the jobs, runs and system tables of a scenario's history, as plain data in its state."""

import json
from typing import Any

from lakeflow.history.plain import plain
from lakeflow.history.tables import TABLES
from lakeflow.scenario.answers import job_answers, run_answers
from lakeflow.scenario.ids import fixed_id
from lakeflow.scenario.model import ComputeKind
from lakeflow.scenario.playback import History
from lakeflow.scenario.rows import rows
from lakeflow.workspace.exchange import Json
from lakeflow.workspace.job_settings import as_kept
from lakeflow.workspace.state import State
from lakeflow.workspace.warehouses import warehouse


def give_past(state: State, history: History) -> None:
    """Let a workspace have had a history: what there is of the same ids is replaced."""
    for job in job_answers(history):
        run_as = {"user_name": job.pop("run_as_user_name")}
        state.tables["jobs"][str(job["job_id"])] = {**job, "run_as": run_as, "settings": as_kept(job["settings"])}
    for run in run_answers(history):
        state.tables["runs"][str(run["run_id"])] = run
    for name, compute in history.scenario.compute.items():
        if compute.kind is ComputeKind.WAREHOUSE:
            key = fixed_id(history.scenario, name, compute) or name
            state.tables["warehouses"].setdefault(key, warehouse(key, {"name": name}, caller="somebody@example.com"))
    state.tables["system_tables"].update(_tables(history))


def _tables(history: History) -> dict[str, list[Json]]:
    tables: dict[str, list[Json]] = {row.TABLE: [] for row in TABLES}
    for row in rows(history):
        plainly: Any = json.loads(json.dumps(row, default=plain))
        tables[row.TABLE].append(plainly)
    return tables
