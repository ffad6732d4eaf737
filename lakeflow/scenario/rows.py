"""A history as the rows of the system tables: https://docs.databricks.com/aws/en/admin/system-tables/jobs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from lakeflow.history import tables
from lakeflow.history.slicing import NEW_COLUMNS, periods
from lakeflow.history.spelling import table_code, table_state
from lakeflow.history.tables import Row, RunSlice, TaskSlice
from lakeflow.scenario.billing import list_prices, usage
from lakeflow.scenario.catalog import job_cluster, job_versions, lasting_clusters, task_versions
from lakeflow.scenario.cutting import going_on
from lakeflow.scenario.model import ComputeKind, Job, Scenario
from lakeflow.scenario.nodes import node_minutes
from lakeflow.scenario.playback import History
from lakeflow.scenario.runs import NEVER_RAN, Run, Stretch, TaskRun
from lakeflow.scenario.use import uses, uses_of

_PLATFORM = {
    "INTERNAL_ERROR": "INTERNAL_ERROR",
    "CLOUD_FAILURE": "CLOUD_FAILURE",
    "CLUSTER_ERROR": "CLOUD_FAILURE",
    "DRIVER_ERROR": "INTERNAL_ERROR",
}


def termination_type(result: str, code: str) -> str:
    """Return whose fault an end was, as Databricks says it."""
    if result in {"SUCCESS", "SUCCESS_WITH_FAILURES", "EXCLUDED"} or code == "USER_CANCELED":
        return "SUCCESS"
    return _PLATFORM.get(code, "CLIENT_ERROR")


def rows(history: History) -> tuple[Row, ...]:
    """Return the rows that the system tables have at the end of a history, table by table."""
    scenario = history.scenario
    known = scenario.until - scenario.tables_behind
    seen = [_seen(run, known) for run in history.runs if run.started_at < known]
    used = list(uses(history, known))
    return (
        *job_versions(history, known),
        *task_versions(history, known),
        *(row for run in seen for row in _run_slices(scenario, scenario.jobs[run.job], run, known)),
        *(row for run in seen for row in _task_slices(scenario, scenario.jobs[run.job], run, known)),
        *(row for use in used for row in usage(scenario, use)),
        *list_prices(scenario),
        *lasting_clusters(scenario),
        *(row for use in used for row in job_cluster(scenario, use)),
        *(row for use in used for row in node_minutes(scenario, use, known)),
    )


def rows_of_end(scenario: Scenario, job: Job, run: Run) -> tuple[Row, ...]:
    """Return the rows that the last attempt at a run adds, or its last repair, once it has ended."""
    last, known = run.stretches[-1], run.ended_at or run.started_at
    used = list(uses_of(scenario, job, run, last, known))
    return (
        *_run_slices(scenario, job, run, known, since=len(run.stretches) - 1),
        *_task_slices(scenario, job, replace(run, stretches=(last,)), known),
        *(row for use in used for row in usage(scenario, use)),
        *(row for use in used for row in job_cluster(scenario, use)),
        *(row for use in used for row in node_minutes(scenario, use, known)),
    )


def _seen(run: Run, known: datetime) -> Run:
    stretches = tuple(going_on(each, known) for each in run.stretches if each.started_at < known)
    return replace(run, stretches=stretches)


def _run_slices(scenario: Scenario, job: Job, run: Run, known: datetime, *, since: int = 0) -> Iterator[RunSlice]:
    took = 0
    for number, stretch in enumerate(run.stretches):
        if number < since:
            took += round(((stretch.ended_at or known) - stretch.started_at).total_seconds())
            continue
        clusters = tuple(
            sorted({each.cluster_id for each in stretch.tasks if each.cluster_id and _own(scenario, job, each)})
        )
        cut = list(periods(stretch.started_at, stretch.ended_at or known))
        for start, end in cut:
            row = RunSlice(
                account_id=scenario.account_id,
                workspace_id=scenario.workspace_id,
                job_id=str(run.job_id),
                run_id=str(run.run_id),
                period_start_time=start,
                period_end_time=end,
                trigger_type=run.trigger,
                run_type=run.kind,
                run_name=job.name,
                compute_ids=clusters,
            )
            if (start, end) != cut[-1] or stretch.result is None or stretch.code is None:
                yield row
                continue
            took += round((end - stretch.started_at).total_seconds())
            yield _ended(row, run, stretch, took, alone=len(job.tasks) == 1)


def _ended(row: RunSlice, run: Run, stretch: Stretch, took: int, *, alone: bool) -> RunSlice:
    result, code = stretch.result or "", stretch.code or ""
    ended = replace(row, result_state=table_state(result), termination_code=table_code(code))
    if row.period_end_time < NEW_COLUMNS:
        return ended
    single = stretch.tasks[-1] if stretch.tasks and alone else None  # for several tasks they are 0
    return replace(
        ended,
        termination_type=termination_type(result, code),
        run_duration_seconds=took,
        queue_duration_seconds=round(run.queued.total_seconds()),
        setup_duration_seconds=round(single.setup.total_seconds()) if single else 0,
        execution_duration_seconds=round(single.execution.total_seconds()) if single else 0,
        cleanup_duration_seconds=0,
    )


def _own(scenario: Scenario, job: Job, task: TaskRun) -> bool:
    used = scenario.compute_of(job, task.task_key)
    return used is not None and used[1].kind is ComputeKind.JOB_CLUSTER


def _task_slices(scenario: Scenario, job: Job, run: Run, known: datetime) -> Iterator[TaskSlice]:
    for task in run.tasks():
        used = scenario.compute_of(job, task.task_key) if task.compute else None
        cut = list(periods(task.started_at, task.ended_at or known))
        for start, end in cut:
            row = TaskSlice(
                account_id=scenario.account_id,
                workspace_id=scenario.workspace_id,
                job_id=str(run.job_id),
                run_id=str(task.run_id),
                job_run_id=str(run.run_id),
                parent_run_id=str(run.run_id),
                period_start_time=start,
                period_end_time=end,
                task_key=task.task_key,
                compute_ids=(task.cluster_id,) if task.cluster_id else (),
                compute=(_compute(used[1].kind, task.cluster_id),) if used and end >= NEW_COLUMNS else None,
            )
            last = (start, end) == cut[-1] and task.result is not None and task.code is not None
            yield _task_ended(row, task) if last else row


def _task_ended(row: TaskSlice, task: TaskRun) -> TaskSlice:
    result, code = task.result or "", task.code or ""
    ended = replace(row, result_state=table_state(result), termination_code=table_code(code))
    if row.period_end_time < NEW_COLUMNS:
        return ended
    return replace(
        ended,
        termination_type=termination_type(result, code),
        setup_duration_seconds=0 if result in NEVER_RAN else round(task.setup.total_seconds()),
        execution_duration_seconds=0 if result in NEVER_RAN else round(task.execution.total_seconds()),
        cleanup_duration_seconds=0,
    )


_COMPUTE_TYPES = {
    ComputeKind.JOB_CLUSTER: "JOB_COMPUTE",
    ComputeKind.ALL_PURPOSE: "ALL_PURPOSE_COMPUTE",
    ComputeKind.SERVERLESS: "SERVERLESS_JOB",
    ComputeKind.WAREHOUSE: "SQL_WAREHOUSE",
}


def _compute(kind: ComputeKind, compute_id: str | None) -> tables.Compute:
    warehouse = kind is ComputeKind.WAREHOUSE
    return tables.Compute(
        type=_COMPUTE_TYPES[kind],
        cluster_id=None if warehouse else compute_id,
        warehouse_id=compute_id if warehouse else None,
    )
