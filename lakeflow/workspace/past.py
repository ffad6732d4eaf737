"""A past for a workspace: the jobs, runs and system tables of a scenario's history, as plain data in its state."""

import json

from lakeflow.history.plain import plain
from lakeflow.history.tables import TABLES, Row
from lakeflow.scenario.answers import job_answers, run_answers
from lakeflow.scenario.catalog import SOMEBODY, every_compute
from lakeflow.scenario.ids import fixed_id
from lakeflow.scenario.model import ComputeKind, Scenario
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
    _give_compute(state, history.scenario)
    for name, added in _tables(history).items():
        if name in state.system:
            state.system.drop(name)
        state.system.add(name, added)


def _give_compute(state: State, scenario: Scenario) -> None:
    """Let there be the warehouses and the all-purpose clusters that jobs ran on."""
    for name, compute in every_compute(scenario).items():
        key = fixed_id(scenario.workspace_id, name, compute) or name
        if compute.kind is ComputeKind.WAREHOUSE:
            state.tables["warehouses"].setdefault(key, warehouse(key, {"name": name}, caller=SOMEBODY))
        elif compute.kind is ComputeKind.ALL_PURPOSE:
            state.tables["clusters"][key] = {
                "cluster_id": key,
                "cluster_name": compute.name or name,
                "creator_user_name": SOMEBODY,
                "cluster_source": "UI",
                "node_type_id": compute.node_type,
                "num_workers": compute.workers,
                "state": "TERMINATED",
            }


def _tables(history: History) -> dict[str, list[Json]]:
    tables: dict[str, list[Row]] = {row.TABLE: [] for row in TABLES}
    for row in rows(history):
        tables[row.TABLE].append(row)
    plainly: dict[str, list[Json]] = json.loads(json.dumps(tables, default=plain))
    return plainly
