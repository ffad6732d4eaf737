"""A workspace with everything that its pages show: a past of ninety days, and runs of every kind written by hand."""

import json
from datetime import UTC, datetime
from typing import Any

from lakeflow.workspace.past import give_past
from lakeflow.workspace.state import State
from tests.support.scenarios import ninety_days

Json = dict[str, Any]

NOW = round(datetime(2026, 11, 22, 6, 20, tzinfo=UTC).timestamp() * 1000)
"""The present of the scenario, and a little later."""
MINUTE = 60_000
JOB, CHILD, STRANGE, NAMELESS = 7001, 7002, 7003, 7004
FAILED, REPAIRED, GOES_ON, QUEUED, DROPPED, CANCELED, NESTED, SUBMITTED = range(9001, 9009)
REGIONS = ["emea", "amer", "apac", "anz"]
EVIL = "<script>alert('job')</script>"

_ENDS = {
    "SUCCESS": ("TERMINATED", "SUCCESS", "SUCCESS"),
    "SUCCESS_WITH_FAILURES": ("TERMINATED", "SUCCESS_WITH_FAILURES", "SUCCESS"),
    "FAILED": ("TERMINATED", "RUN_EXECUTION_ERROR", "CLIENT_ERROR"),
    "TIMEDOUT": ("TERMINATED", "CANCELED", "CLIENT_ERROR"),
    "CANCELED": ("TERMINATED", "USER_CANCELED", "SUCCESS"),
    "UPSTREAM_FAILED": ("SKIPPED", "SKIPPED", "CLIENT_ERROR"),
    "UPSTREAM_CANCELED": ("SKIPPED", "SKIPPED", "CLIENT_ERROR"),
    "EXCLUDED": ("SKIPPED", "SKIPPED", "SUCCESS"),
    "DISABLED": ("SKIPPED", "DISABLED", "SUCCESS"),
    "MAXIMUM_CONCURRENT_RUNS_REACHED": ("SKIPPED", "MAX_CONCURRENT_RUNS_EXCEEDED", "CLIENT_ERROR"),
}


def ended(state: str, message: str = "") -> Json:
    """Return how the Jobs API says that a run is in a state."""
    if state not in _ENDS:
        return {
            "state": {"life_cycle_state": state, "state_message": "", "queue_reason": message},
            "status": {"state": state, **({"queue_details": {"message": message}} if message else {})},
        }
    cycle, code, kind = _ENDS[state]
    return {
        "state": {"life_cycle_state": cycle, "result_state": state, "state_message": message},
        "status": {"state": "TERMINATED", "termination_details": {"code": code, "type": kind, "message": message}},
    }


def task(key: str, run_id: int, state: str, start: float = 0, end: float = 0, **more: Any) -> Json:
    """Return one attempt; it starts and ends so many minutes before the present."""
    began, over = (NOW - round(each * MINUTE) if each else 0 for each in (start, end))
    setup = more.pop("setup", 0)
    after = more.pop("after", "")
    if after:
        parents = (each.partition("=") for each in after.split())
        more["depends_on"] = [
            {"task_key": key, **({"outcome": outcome} if outcome else {})} for key, _, outcome in parents
        ]
    return {
        "task_key": key,
        "run_id": run_id,
        "attempt_number": 0,
        "start_time": began,
        "end_time": over,
        "setup_duration": setup * MINUTE,
        "execution_duration": max(over - began - setup * MINUTE, 0),
        **ended(state, more.pop("message", "")),
        **more,
    }


def run(run_id: int, state: str, start: float, end: float = 0, *, job_id: int = JOB, **more: Any) -> Json:
    """Return a run; it starts and ends so many minutes before the present."""
    began, over = NOW - round(start * MINUTE), NOW - round(end * MINUTE) if end else 0
    return {
        "job_id": job_id,
        "run_id": run_id,
        "job_run_id": run_id,
        "run_name": "orders",
        "run_type": "JOB_RUN",
        "trigger": "ONE_TIME",
        "start_time": began,
        "end_time": over,
        "run_duration": over - began if over else 0,
        "queue_duration": 0,
        **ended(state, more.pop("message", "")),
        "tasks": [],
        **more,
    }


def _tasks() -> list[Json]:
    return [
        {"task_key": "ingest", "notebook_task": {"notebook_path": "/Shared/orders/ingest"}, "job_cluster_key": "etl"},
        {
            "task_key": "enough",
            "condition_task": {"op": "GREATER_THAN", "left": "{{tasks.ingest.values.rows}}", "right": "1000"},
            "depends_on": [{"task_key": "ingest"}],
        },
        {
            "task_key": "explain",
            "notebook_task": {"notebook_path": "/Shared/orders/explain"},
            "depends_on": [{"task_key": "enough", "outcome": "false"}],
        },
        {
            "task_key": "regions",
            "for_each_task": {
                "inputs": json.dumps(REGIONS),
                "concurrency": 2,
                "task": {"task_key": "region", "notebook_task": {"notebook_path": "/Shared/orders/region"}},
            },
            "depends_on": [{"task_key": "enough", "outcome": "true"}],
        },
        {
            "task_key": "refresh",
            "run_job_task": {"job_id": CHILD},
            "depends_on": [{"task_key": "regions"}],
        },
        {
            "task_key": "legacy",
            "sql_task": {"file": {"path": "/Shared/orders/legacy.sql"}, "warehouse_id": "abc"},
            "depends_on": [{"task_key": "ingest"}],
            "disabled": True,
        },
        {
            "task_key": "announce",
            "python_wheel_task": {"package_name": "orders", "entry_point": "announce"},
            "depends_on": [{"task_key": "refresh"}],
        },
        {
            "task_key": "clean-up",
            "notebook_task": {"notebook_path": "/Shared/orders/clean_up"},
            "depends_on": [{"task_key": "announce"}],
            "run_if": "ALL_DONE",
        },
    ]


def _job(job_id: int, name: str | None, tasks: list[Json] | None = None, **more: Any) -> Json:
    named = {"name": name} if name is not None else {}
    return {
        "job_id": job_id,
        "creator_user_name": "jd@example.com",
        "created_time": NOW - 9000 * MINUTE,
        "run_as": {"service_principal_name": "5a0c6d1e-3f27-4b8a-9c54-70e2d18b6f31"},
        "settings": {**named, "max_concurrent_runs": 1, "queue": {"enabled": True}, "tasks": tasks or [], **more},
    }


def _loop(failed: int) -> Json:
    counts = {"total_iterations": 4, "completed_iterations": 4, "failed_iterations": failed}
    messages = [{"count": failed, "error_message": "the API of apac answers 503"}] if failed else []
    return {
        "for_each_task": {
            "inputs": json.dumps(REGIONS),
            "stats": {"task_run_stats": counts, "error_message_stats": messages},
        }
    }


def _iterations(first: int, start: float, failed: int) -> list[Json]:
    return [
        task(
            "region",
            first + place,
            "FAILED" if place == failed else "SUCCESS",
            start - place // 2 * 4,
            start - place // 2 * 4 - 3.5,
            message="the API of apac answers 503" if place == failed else "",
        )
        for place, _ in enumerate(REGIONS)
    ]


def _failed() -> Json:
    return run(
        FAILED,
        "FAILED",
        190,
        151,
        message="",
        queue_duration=2 * MINUTE,
        job_parameters=[
            {"name": "catalog", "default": "sales_dev", "value": "sales_dev"},
            {"name": "day", "default": "{{job.start_time.iso_date}}", "value": "2026-11-21"},
        ],
        tasks=[
            task(
                "ingest", 1, "FAILED", 190, 183, setup=4, message="Cluster was terminated. Reason: SPOT_INSTANCE_LOSS"
            ),
            task("ingest", 2, "SUCCESS", 178, 170, attempt_number=1, setup=1),
            task("enough", 3, "SUCCESS", 170, 169.9, after="ingest", condition_task={"outcome": "true"}),
            task("explain", 4, "EXCLUDED", after="enough=false"),
            task(
                "regions", 5, "FAILED", 169.9, 151, after="enough=true", iterations=_iterations(50, 169, 2), **_loop(1)
            ),
            task("refresh", 6, "UPSTREAM_FAILED", after="regions", message="An upstream task failed."),
            task("legacy", 7, "DISABLED", after="ingest"),
            task("announce", 8, "UPSTREAM_FAILED", after="refresh", message="An upstream task failed."),
            task("clean-up", 9, "SUCCESS", 151, 151 - 0.9, after="announce", run_if="ALL_DONE"),
        ],
    )


def _repaired() -> Json:
    return run(
        REPAIRED,
        "SUCCESS",
        130,
        60,
        tasks=[
            task("ingest", 11, "SUCCESS", 130, 121, setup=3),
            task("enough", 12, "SUCCESS", 121, 120.9, after="ingest", condition_task={"outcome": "true"}),
            task("explain", 13, "EXCLUDED", after="enough=false"),
            task("regions", 14, "SUCCESS", 120.9, 113, after="enough=true", **_loop(0)),
            task("refresh", 15, "FAILED", 113, 105, after="regions", message="run 9007 of sales marts failed"),
            task("announce", 16, "UPSTREAM_FAILED", after="refresh"),
            task("refresh", 17, "SUCCESS", 72, 62, after="regions", run_job_output={"run_id": NESTED}),
            task("announce", 18, "SUCCESS", 62, 60, after="refresh"),
        ],
        repair_history=[
            {
                "type": "ORIGINAL",
                "start_time": NOW - 130 * MINUTE,
                "end_time": NOW - 105 * MINUTE,
                "task_run_ids": [11, 12, 13, 14, 15, 16],
                **ended("FAILED"),
            },
            {
                "type": "REPAIR",
                "id": 77,
                "start_time": NOW - 72 * MINUTE,
                "end_time": NOW - 60 * MINUTE,
                "task_run_ids": [11, 12, 13, 14, 17, 18],
                **ended("SUCCESS"),
            },
        ],
    )


def _goes_on() -> Json:
    return run(
        GOES_ON,
        "RUNNING",
        14,
        trigger="PERIODIC",
        tasks=[
            task("ingest", 21, "SUCCESS", 14, 5, setup=3),
            task("enough", 22, "SUCCESS", 5, 4.9, after="ingest", condition_task={"outcome": "true"}),
            task("explain", 23, "EXCLUDED", after="enough=false"),
            task("regions", 24, "RUNNING", 4.9, after="enough=true"),
            task("refresh", 25, "BLOCKED", after="regions"),
            task("announce", 26, "BLOCKED", after="refresh"),
        ],
    )


def _notes() -> dict[str, Json]:
    return {
        str(FAILED): {
            "reason": "regions failed; announce could not run: last tasks decide",
            "reasons": {
                "4": "excluded: `explain` needs `enough` to come out false, and it came out true",
                "5": "1 of 4 iterations failed",
                "6": "skipped: `refresh` needs all of regions, which failed",
                "7": "disabled: in the job's own settings",
                "8": "skipped: `announce` needs all of refresh, which could not run",
            },
            "notices": [
                {"at": NOW - 190 * MINUTE, "event": "on_start", "to": "orders@example.com", "task_key": None},
                {"at": NOW - 183 * MINUTE, "event": "on_failure", "to": "oncall-webhook", "task_key": "ingest"},
                {"at": NOW - 151 * MINUTE, "event": "on_failure", "to": "orders@example.com", "task_key": None},
            ],
        }
    }


def furnished() -> State:
    """Return the workspace."""
    state = State()
    give_past(state, ninety_days())
    _furnish(state)
    return state


def furnished_by_hand() -> State:
    """Return the workspace without its past, which takes a moment to make."""
    state = State()
    _furnish(state)
    return state


def _furnish(state: State) -> None:
    jobs, runs = state.tables["jobs"], state.tables["runs"]
    jobs[str(JOB)] = _job(
        JOB,
        "orders",
        _tasks(),
        description="Orders of the day by region, checked, and the marts behind the sales board.",
        parameters=[
            {"name": "catalog", "default": "sales_dev"},
            {"name": "day", "default": "{{job.start_time.iso_date}}"},
        ],
        tags={"team": "commerce", "cost-centre": "4711"},
        trigger={"periodic": {"interval": 4, "unit": "HOURS"}, "pause_status": "UNPAUSED"},
        email_notifications={"on_failure": ["orders@example.com"]},
        job_clusters=[
            {"job_cluster_key": "etl", "new_cluster": {"node_type_id": "Standard_D4ds_v5", "num_workers": 2}}
        ],
        timeout_seconds=7200,
    )
    jobs[str(CHILD)] = _job(CHILD, "sales marts", [{"task_key": "marts", "pipeline_task": {"pipeline_id": "p-1"}}])
    jobs[str(STRANGE)] = _job(
        STRANGE,
        f"{EVIL} \u202e مبيعات 🧮 {'ж' * 4096}",
        [{"task_key": EVIL, "notebook_task": {"notebook_path": EVIL}}],
        description=EVIL,
        tags={EVIL: EVIL},
        schedule={"quartz_cron_expression": EVIL, "timezone_id": EVIL},
    )
    jobs[str(NAMELESS)] = {"job_id": NAMELESS}
    state.tables["permissions"][f"jobs/{JOB}"] = [
        {"user_name": "jd@example.com", "permission_level": "IS_OWNER"},
        {"group_name": "data-engineering", "permission_level": "CAN_MANAGE_RUN"},
    ]
    for each in (
        _failed(),
        _repaired(),
        run(
            NESTED,
            "SUCCESS",
            71,
            63,
            job_id=CHILD,
            trigger="RUN_JOB_TASK",
            trigger_info={"run_id": 17},
            run_name="sales marts",
        ),
        run(
            CANCELED,
            "CANCELED",
            52,
            50,
            tasks=[task("ingest", 31, "CANCELED", 52, 50)],
            message="Run cancelled by user",
        ),
        _goes_on(),
        run(QUEUED, "QUEUED", 3, message="Queued due to reaching maximum concurrent runs of 1."),
        run(DROPPED, "MAXIMUM_CONCURRENT_RUNS_REACHED", 2, 2, job_id=STRANGE, run_name=EVIL, message=EVIL),
        run(SUBMITTED, "SUCCESS", 40, 38, job_id=5, run_type="SUBMIT_RUN", run_name="one time"),
        {"run_id": 9999, "job_id": NAMELESS},
    ):
        runs[str(each["run_id"])] = each
    for key, note in _notes().items():
        state.tables["run_notes"][key] = note
    state.tables["pipelines"]["p-1"] = {
        "pipeline_id": "p-1",
        "name": "sales marts",
        "state": "IDLE",
        "creator_user_name": "jd@example.com",
        "last_modified": NOW - 700 * MINUTE,
    }
    state.tables["alerts"]["a-1"] = {"id": "a-1", "display_name": EVIL, "update_time": "2026-11-20T10:00:00Z"}
    state.tables["scopes"]["orders"] = {"name": "orders", "backend_type": "DATABRICKS", "secrets": {"k": 1}}
