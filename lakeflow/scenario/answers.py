"""A history as the Jobs API tells it: https://docs.databricks.com/api/workspace/jobs/getrun.

Both forms of a state are there, `status` and the older `state`; times are milliseconds since 1970, 0 where there is
none; of a job with several tasks setup and execution are 0, as the API says.
"""

from datetime import datetime, timedelta
from typing import Any

from lakeflow.scenario.model import ComputeKind, Job, Scenario
from lakeflow.scenario.playback import History
from lakeflow.scenario.rows import termination_type
from lakeflow.scenario.runs import NEVER_RAN, Run, Stretch, TaskRun
from lakeflow.scenario.settings import settings_of
from lakeflow.scenario.starting import created_at, versions

Json = dict[str, Any]

_TRIGGERS = {"CRON": "PERIODIC", "ONETIME": "ONE_TIME"}
_NO_PLACE = "MAX_CONCURRENT_RUNS_EXCEEDED"


def job_answers(history: History) -> tuple[Json, ...]:
    """Return what `jobs/get` answers for each job that is there at the end of a history."""
    scenario = history.scenario
    return tuple(
        {
            "job_id": history.job_id(key),
            "creator_user_name": job.creator,
            "run_as_user_name": job.run_as or job.creator,
            "created_time": _milliseconds(created_at(scenario, job)),
            "settings": settings_of(scenario, versions(scenario, job)[-1].job),
        }
        for key, job in scenario.jobs.items()
        if (job.deleted_at is None or job.deleted_at > scenario.until) and created_at(scenario, job) <= scenario.until
    )


def run_answers(history: History) -> tuple[Json, ...]:
    """Return what `jobs/runs/get` answers for each run, with its repair history, the earliest first."""
    return tuple(_run(history.scenario, run) for run in history.runs)


def _run(scenario: Scenario, run: Run) -> Json:
    job = scenario.jobs[run.job]
    last = run.stretches[-1]
    answer: Json = {
        "job_id": run.job_id,
        "run_id": run.run_id,
        "number_in_job": run.run_id,
        "original_attempt_run_id": run.run_id,
        "job_run_id": run.run_id,
        "run_name": job.name,
        "run_type": "JOB_RUN",
        "trigger": _TRIGGERS.get(run.trigger, run.trigger),
        "creator_user_name": job.creator,
        "run_page_url": f"https://localhost/?o={scenario.workspace_id}#job/{run.job_id}/run/{run.run_id}",
        "format": "MULTI_TASK",
        "start_time": _milliseconds(run.started_at),
        "end_time": _milliseconds(run.ended_at),
        "run_duration": _length(run.duration),
        "queue_duration": _length(run.queued),
        **_single(job, run),
        **_state(last.result, last.code, last.message, of_job=True),
        "tasks": [_task(scenario, job, task) for task in run.tasks()],
    }
    if len(run.stretches) > 1:
        answer["repair_history"] = [_repair(stretch) for stretch in run.stretches]
    return answer


def _single(job: Job, run: Run) -> Json:
    tasks = run.stretches[-1].tasks
    alone = tasks[-1] if tasks and len(job.tasks) == 1 else None
    return {
        "setup_duration": _length(alone.setup) if alone else 0,
        "execution_duration": _length(alone.execution) if alone else 0,
        "cleanup_duration": 0,
    }


def _repair(stretch: Stretch) -> Json:
    item: Json = {
        "type": "ORIGINAL" if stretch.repair_id is None else "REPAIR",
        "start_time": _milliseconds(stretch.started_at),
        "end_time": _milliseconds(stretch.ended_at),
        "task_run_ids": [task.run_id for task in stretch.tasks],
        **_state(stretch.result, stretch.code, stretch.message, of_job=True),
    }
    return item if stretch.repair_id is None else {**item, "id": stretch.repair_id}


def _task(scenario: Scenario, job: Job, task: TaskRun) -> Json:
    said = job.tasks[task.task_key]
    answer: Json = {
        "task_key": task.task_key,
        "run_id": task.run_id,
        "attempt_number": task.attempt,
        "run_if": said.run_if,
        # What never ran has no times at all.
        "start_time": _milliseconds(task.started_at) if task.ran else 0,
        "end_time": _milliseconds(task.ended_at),
        "setup_duration": _length(task.setup) if task.ran else 0,
        "execution_duration": _length(task.execution) if task.ran else 0,
        "cleanup_duration": 0,
        **_state(task.result, task.code, "", of_job=False),
    }
    if said.after:
        answer["depends_on"] = [
            {"task_key": parent, **({"outcome": outcome} if outcome else {})}
            for parent, _, outcome in (each.partition("=") for each in sorted(said.after))
        ]
    used = scenario.compute_of(job, task.task_key)
    if task.cluster_id and used is not None and used[1].kind is not ComputeKind.WAREHOUSE:
        answer["cluster_instance"] = {"cluster_id": task.cluster_id, "spark_context_id": str(task.run_id)}
        if used[1].kind is ComputeKind.ALL_PURPOSE:
            answer["existing_cluster_id"] = task.cluster_id
    if said.condition:
        answer["condition_task"] = {"op": "EQUAL_TO", "left": "1", "right": "1"}
        if task.outcome:
            answer["condition_task"]["outcome"] = task.outcome
    return answer


def _state(result: str | None, code: str | None, message: str, *, of_job: bool) -> Json:
    if result is None or code is None:
        return {"state": {"life_cycle_state": "RUNNING", "state_message": ""}, "status": {"state": "RUNNING"}}
    never = result == "SKIPPED" or result in NEVER_RAN
    broken = of_job and result == "FAILED"
    state: Json = {
        "life_cycle_state": "SKIPPED" if never else "INTERNAL_ERROR" if broken else "TERMINATED",
        "result_state": "MAXIMUM_CONCURRENT_RUNS_REACHED" if code == _NO_PLACE else result,
        "state_message": message,
        "user_cancelled_or_timedout": result in {"CANCELED", "TIMEDOUT"},
    }
    if result == "SKIPPED" and code != _NO_PLACE:
        del state["result_state"]
    details = {"code": code, "type": termination_type(result, code), "message": message}
    return {"state": state, "status": {"state": "TERMINATED", "termination_details": details}}


def _milliseconds(moment: datetime | None) -> int:
    return round(moment.timestamp()) * 1000 if moment else 0


def _length(duration: timedelta) -> int:
    return round(duration.total_seconds()) * 1000
