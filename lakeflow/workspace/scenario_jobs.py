"""A workspace's jobs as jobs of its scenario: how long their tasks take, and what they run on.

A job has the name that the scenario says, also behind one prefix in brackets: `[dev jd] daily-sales`.
"""

import copy
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from lakeflow.scenario.model import Compute, ComputeKind, Job, Scenario
from lakeflow.scenario.settings import with_settings
from lakeflow.workspace.exchange import Json

NOTHING = Scenario(until=datetime(2026, 1, 1, tzinfo=UTC))
"""A scenario that says nothing."""
_PREFIX = re.compile(r"\[[^\[\]]*\] ")
_SERVERLESS = ("notebook_task", "spark_python_task", "python_wheel_task", "dbt_task")
_OF_WAREHOUSES = ("sql_task", "notebook_task", "dbt_task")


def job_named(scenario: Scenario, name: str) -> tuple[str, Job] | None:
    """Return the job of a scenario that a job of a workspace is, and its key; None where it knows none."""
    by_name = {job.name: (key, job) for key, job in scenario.jobs.items()}
    match = _PREFIX.match(name)
    return by_name.get(name) or (by_name.get(name[match.end() :]) if match else None)


def job_of(scenario: Scenario, settings: Json) -> tuple[str, Job]:
    """Return a job of a workspace as the scenario's job of its name, and the key of that; empty where it has none.

    What the scenario says of a task stays, and so does what it says nothing of; what the rest runs on is what the
    settings say.
    """
    name = str(settings.get("name"))
    seen = _READ.get(name)
    if seen is not None and seen[0] is scenario.jobs and seen[1] == settings:
        return seen[2]
    while len(_READ) >= _MOST_READ:
        del _READ[next(iter(_READ))]
    made = _job_of(scenario, settings)
    _READ[name] = scenario.jobs, copy.deepcopy(settings), made
    return made


_READ: dict[str, tuple[Mapping[str, Job], Json, tuple[str, Job]]] = {}
"""What was made of settings last, by the names of jobs: every run of a job asks for it, and settings seldom change."""
_MOST_READ = 1000


def _job_of(scenario: Scenario, settings: Json) -> tuple[str, Job]:
    key, known = job_named(scenario, str(settings.get("name"))) or ("", Job(name=""))
    job = with_settings(known, settings)
    clusters = {each["job_cluster_key"]: each.get("new_cluster") or {} for each in settings.get("job_clusters") or ()}
    tasks, compute = dict(job.tasks), dict(job.compute)
    for entry in settings.get("tasks") or ():
        task_key = entry["task_key"]
        found = None if task_key in known.tasks else _compute(entry, clusters)
        if found:
            name, compute[name] = found
            tasks[task_key] = replace(tasks[task_key], compute=name)
    return key, replace(job, tasks=tasks, compute=compute)


def _compute(entry: Json, clusters: Mapping[str, Json]) -> tuple[str, Compute] | None:
    """Return what a task runs on by its settings, and a key for it; None where it runs on nothing of its own."""
    loop = entry.get("for_each_task")
    entry = (loop.get("task") or {}) if loop else entry
    shared, own, existing = (entry.get(name) for name in ("job_cluster_key", "new_cluster", "existing_cluster_id"))
    if shared:
        return shared, _cluster(clusters.get(shared, {}))
    if own:
        return f"{entry['task_key']} cluster", _cluster(own)
    if existing:
        return existing, Compute(kind=ComputeKind.ALL_PURPOSE, id=existing)
    for name in _OF_WAREHOUSES:
        warehouse = (entry.get(name) or {}).get("warehouse_id")
        if warehouse:
            return warehouse, Compute(kind=ComputeKind.WAREHOUSE, id=warehouse)
    return ("serverless", Compute()) if any(entry.get(name) for name in _SERVERLESS) else None


def _cluster(said: Mapping[str, Any]) -> Compute:
    workers = said.get("num_workers")
    most = (said.get("autoscale") or {}).get("max_workers", 0)
    return Compute(
        kind=ComputeKind.JOB_CLUSTER,
        node_type=said.get("node_type_id") or "",
        workers=most if workers is None else workers,
    )
