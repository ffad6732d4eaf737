"""The law of a workspace that is killed: opened again, it answers every later request as the one that went on."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.lakeflow.workspace.runs_support import MINUTE, NOTEBOOK, SECOND, Moved, tasks_of

LOOP = {
    "for_each_task": {"inputs": "[1, 2, 3]", "concurrency": 2, "task": {"task_key": "each", "notebook_task": NOTEBOOK}}
}
FIRST, SECOND_JOB = 0, 1
SCENARIO = {
    "seed": 7,
    "jobs": {
        "inner": {
            "name": "inner",
            "tasks": {"a": {"takes": "40s", "max_retries": 1}, "b": {"takes": "30s", "after": "a"}},
            "spread": 0.5,
            "events": [
                {"when": {"rate": 0.5}, "attempts": {"a": ["RUN_EXECUTION_ERROR", "SUCCESS"]}},
                {"when": {"every": 3}, "attempts": {"b": "RUN_EXECUTION_ERROR"}},
            ],
        },
    },
}
INNER = {"a": {"max_retries": 1, "min_retry_interval_millis": 70_000}, "b": {"after": ["a"]}}
BUSY = {"quartz_cron_expression": "0 0/2 * * * ?", "timezone_id": "UTC"}
Act = tuple[str, int, int]


def deployed() -> tuple[Moved, list[int]]:
    """Return a workspace with a job that another one starts, a loop, and jobs that start by themselves."""
    moved = Moved()
    moved.says(SCENARIO)
    inner = moved.job("inner", INNER, max_concurrent_runs=2)
    outer = moved.job(
        "outer",
        {
            "call": {"run_job_task": {"job_id": inner}},
            "loop": {"after": ["call"], **LOOP},
            "end": {"after": ["loop"], "run_if": "ALL_DONE"},
        },
        parameters=[{"name": "day", "default": "{{job.start_time.iso_date}}"}],
    )
    alone = moved.job("alone", {"x": {}}, continuous={"pause_status": "UNPAUSED"})
    busy = moved.job("busy", {"x": {}, "y": {"after": ["x"]}}, schedule=BUSY, queue={"enabled": False})
    files = moved.job("files", {"x": {}}, trigger={"file_arrival": {"url": "/Volumes/m/s/v/"}})
    tables = moved.job(
        "tables", {"x": {}}, trigger={"table_update": {"table_names": ["m.s.t"], "wait_after_last_change_seconds": 60}}
    )
    return moved, [inner, outer, alone, busy, files, tables]


def _pick(moved: Moved, place: int) -> int:
    """Return one of the runs that are there."""
    found = sorted(int(key) for key in moved.state.tables["runs"])
    return found[place % len(found)] if found else 1


def _task(moved: Moved, place: int) -> int:
    run = moved.state.tables["runs"].get(str(_pick(moved, place)))
    tasks = run["tasks"] if run else []
    return int(tasks[place % len(tasks)]["run_id"]) if tasks else 1


ACTS: dict[str, Callable[[Moved, list[int], int], Any]] = {
    "run": lambda w, jobs, n: w.post("/jobs/run-now", job_id=jobs[n % 2], idempotency_token=f"t{n % 7}"),
    "other": lambda w, jobs, n: w.post("/jobs/run-now", job_id=jobs[1], job_parameters={"day": str(n)}),
    "legacy": lambda w, jobs, n: w.post("/jobs/run-now", job_id=jobs[0], notebook_params={"n": str(n)}, only=["a"]),
    "submit": lambda w, _, n: w.post(
        "/jobs/runs/submit", tasks=tasks_of({"a": {}, "b": {"after": ["a"]}}), run_name=str(n)
    ),
    "cancel": lambda w, _, n: w.post("/jobs/runs/cancel", run_id=_pick(w, n)),
    "cancel_task": lambda w, _, n: w.post("/jobs/runs/cancel", run_id=_task(w, n)),
    "cancel_all": lambda w, jobs, n: w.post("/jobs/runs/cancel-all", job_id=jobs[n % 4]),
    "repair": lambda w, _, n: w.post(
        "/jobs/runs/repair", run_id=_pick(w, n), rerun_all_failed_tasks=True, latest_repair_id=_latest(w, _pick(w, n))
    ),
    "again": lambda w, _, n: w.post(
        "/jobs/runs/repair", run_id=_pick(w, n), rerun_tasks=["a"], rerun_dependent_tasks=True
    ),
    "delete": lambda w, _, n: w.post("/jobs/runs/delete", run_id=_pick(w, n)),
    "change": lambda w, jobs, n: w.post(
        "/jobs/update",
        job_id=jobs[n % 2],
        new_settings={"max_concurrent_runs": 1 + n % 3, "timeout_seconds": 30 * (n % 5)},
    ),
    "pause": lambda w, jobs, n: w.post(
        "/jobs/update",
        job_id=jobs[3],
        new_settings={"schedule": {**BUSY, "pause_status": ["PAUSED", "UNPAUSED"][n % 2]}},
    ),
    "file": lambda w, _, n: w.call("PUT", f"/fs/files/Volumes/m/s/v/{n % 5}", {}, overwrite="true"),
    "table": lambda w, _, n: w.post("/lakeflow/table-updates", table_names=["m.s.t"]),
    "wait": lambda w, _, n: w.pass_by((n % 200) * SECOND),
    "long": lambda w, _, n: w.pass_by((n % 20) * MINUTE),
}


def _latest(moved: Moved, run_id: int) -> Any:
    run = moved.state.tables["runs"].get(str(run_id)) or {}
    return next((item["id"] for item in reversed(run.get("repair_history", [])) if "id" in item), None)


def act(moved: Moved, jobs: list[int], what: str, number: int) -> Any:
    """Do something, and return what was answered."""
    answer = ACTS[what](moved, jobs, number)
    moved.pass_by(0)
    return answer


def seen(moved: Moved) -> str:
    """Return everything that a client can see of runs."""
    tables = moved.state.tables
    return json.dumps([list(tables[name].items()) for name in ("runs", "run_notes")], sort_keys=False)


acts = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 1000)), min_size=2, max_size=25)


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=acts, after=acts)
def test_a_reopened_workspace_answers_as_the_one_that_went_on(before: list[Any], after: list[Any]) -> None:
    one, jobs = deployed()
    for what, number in before:
        act(one, jobs, what, number)
    other = one.reopened()
    for what, number in [*after, ("long", 19), ("long", 19)]:
        assert act(one, jobs, what, number) == act(other, jobs, what, number)
        assert seen(one) == seen(other)
    ids = [run["run_id"] for run in one.state.tables["runs"].values()]
    ids += [task["run_id"] for run in one.state.tables["runs"].values() for task in run["tasks"]]
    assert len(ids) == len(set(ids))
    assert max(ids, default=0) < 2**63
