"""A job's settings as the Jobs API has them, from what a scenario says, and the other way round.

https://docs.databricks.com/api/workspace/jobs/get
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from lakeflow.scenario.ids import fixed_id
from lakeflow.scenario.model import Comparison, ComputeKind, Event, Job, Scenario, Starts, Task

Json = dict[str, Any]
_UNITS = (("WEEKS", timedelta(weeks=1)), ("DAYS", timedelta(days=1)), ("HOURS", timedelta(hours=1)))


def interval(period: timedelta) -> tuple[int, str]:
    """Return a period as the Jobs API says it; it knows no less than an hour."""
    for unit, size in _UNITS:
        if not period % size:
            return period // size, unit
    return max(1, round(period / timedelta(hours=1))), "HOURS"


def settings_of(scenario: Scenario, job: Job) -> Json:
    """Return a job's settings."""
    made: Json = {
        "name": job.name,
        "max_concurrent_runs": job.max_concurrent_runs,
        "timeout_seconds": _seconds(job.timeout),
        "queue": {"enabled": job.queue_enabled},
        "tags": dict(job.tags),
        "tasks": [_task(scenario, job, key) for key in sorted(job.tasks)],
        **_starter(job.starts),
    }
    clusters = sorted(key for key, each in _computes(scenario, job).items() if each.kind is ComputeKind.JOB_CLUSTER)
    if clusters:
        made["job_clusters"] = [
            {"job_cluster_key": key, "new_cluster": _cluster(scenario, job, key)} for key in clusters
        ]
    return made if job.tags else {key: value for key, value in made.items() if key != "tags"}


def _computes(scenario: Scenario, job: Job) -> Mapping[str, Any]:
    used = (scenario.compute_of(job, key) for key in job.tasks)
    return dict(each for each in used if each is not None)


def _cluster(scenario: Scenario, job: Job, key: str) -> Json:
    compute = _computes(scenario, job)[key]
    return {
        "spark_version": "16.4.x-scala2.12",
        "node_type_id": compute.node_type or "Standard_D4ds_v5",
        "num_workers": compute.workers,
    }


def _task(scenario: Scenario, job: Job, key: str) -> Json:
    task = job.tasks[key]
    made: Json = {"task_key": key, "run_if": task.run_if}
    if task.after:
        made["depends_on"] = [
            {"task_key": parent, **({"outcome": outcome} if outcome else {})}
            for parent, _, outcome in (each.partition("=") for each in sorted(task.after))
        ]
    if task.max_retries:
        made["max_retries"] = task.max_retries
        made["min_retry_interval_millis"] = _seconds(task.min_retry_interval) * 1000
    if task.timeout:
        made["timeout_seconds"] = _seconds(task.timeout)
    if task.retry_on_timeout:
        made["retry_on_timeout"] = True
    if task.condition:
        compares = task.compares or Comparison(op="EQUAL_TO", left="1", right="1")
        return {**made, "condition_task": {"op": compares.op, "left": compares.left, "right": compares.right}}
    made["notebook_task"] = {"notebook_path": f"/Shared/{key}"}
    used = scenario.compute_of(job, key)
    if used is None or used[1].kind is ComputeKind.SERVERLESS:
        return made
    name, compute = used
    if compute.kind is ComputeKind.JOB_CLUSTER:
        return {**made, "job_cluster_key": name}
    if compute.kind is ComputeKind.ALL_PURPOSE:
        return {**made, "existing_cluster_id": fixed_id(scenario.workspace_id, name, compute)}
    made["notebook_task"]["warehouse_id"] = fixed_id(scenario.workspace_id, name, compute)
    return made


def _starter(starts: Starts) -> Json:
    status = {"pause_status": "PAUSED" if starts.paused else "UNPAUSED"}
    if starts.schedule is not None:
        return {
            "schedule": {"quartz_cron_expression": starts.schedule, "timezone_id": starts.timezone, **status},
        }
    if starts.continuous:
        return {"continuous": status}
    if starts.file_arrival is not None:
        return {"trigger": {"file_arrival": {"url": starts.file_arrival}, **status}}
    if starts.every is not None:
        count, unit = interval(starts.every)
        return {"trigger": {"periodic": {"interval": count, "unit": unit}, **status}}
    return {}


def _seconds(duration: timedelta | None) -> int:
    return round(duration.total_seconds()) if duration else 0


def with_settings(job: Job, settings: Mapping[str, Any]) -> Job:
    """Return a job with the tasks' dependencies, retries and timeouts, trigger and limits that its settings say.

    `settings` are Terraform's or the API's. What a scenario says of a task that the settings have too stays: how long
    it takes, and on what it runs; a task that only the settings have takes a minute on nothing, a condition no time.
    """
    tasks: dict[str, Task] = {}
    for entry in settings.get("task") or settings.get("tasks") or ():
        key = entry["task_key"]
        known = job.tasks.get(key, Task(takes=timedelta(minutes=0 if "condition_task" in entry else 1)))
        tasks[key] = replace(
            known,
            after=tuple(_edge(parent) for parent in entry.get("depends_on") or ()),
            run_if=entry.get("run_if") or "ALL_SUCCESS",
            condition="condition_task" in entry,
            compares=_compares(entry),
            max_retries=max(0, entry.get("max_retries") or 0),
            min_retry_interval=timedelta(milliseconds=entry.get("min_retry_interval_millis") or 0),
            timeout=timedelta(seconds=entry["timeout_seconds"]) if entry.get("timeout_seconds") else None,
            retry_on_timeout=entry.get("retry_on_timeout") is True,
        )
    seconds, queue = settings.get("timeout_seconds"), _block(settings.get("queue"))
    return replace(
        job,
        name=settings.get("name", job.name),
        tasks=tasks,
        starts=_starts(job.starts, settings),
        timeout=timedelta(seconds=seconds) if seconds else None,
        max_concurrent_runs=settings.get("max_concurrent_runs") or 1,
        queue_enabled=bool(queue.get("enabled", True)),
        tags=settings.get("tags") or {},
        events=tuple(_of_tasks(event, tasks) for event in job.events),
    )


def _compares(entry: Mapping[str, Any]) -> Comparison | None:
    said = _block(entry.get("condition_task"))
    return Comparison(op=said["op"], left=str(said["left"]), right=str(said["right"])) if said else None


def _of_tasks(event: Event, tasks: Mapping[str, Task]) -> Event:
    """Return an event without tasks that these settings do not have.

    One that was about such tasks only says nothing, and keeps its place: chance goes by that.
    """
    slowed = tuple(key for key in event.tasks if key in tasks)
    if event.tasks and not slowed:
        event = replace(event, slow=None)
    made = replace(
        event,
        tasks=slowed,
        attempts={key: codes for key, codes in event.attempts.items() if key in tasks},
        outcomes={key: outcome for key, outcome in event.outcomes.items() if key in tasks},
        values={key: values for key, values in event.values.items() if key in tasks},
        output={key: output for key, output in event.output.items() if key in tasks},
    )
    nothing = Event(when=event.when)
    empty = replace(nothing, fails_at=event.fails_at, repairs=event.repairs)
    return nothing if made != event and made == empty else made


def _edge(parent: Mapping[str, Any]) -> str:
    return f"{parent['task_key']}={parent['outcome']}" if parent.get("outcome") else str(parent["task_key"])


def _starts(starts: Starts, settings: Mapping[str, Any]) -> Starts:
    schedule, trigger = _block(settings.get("schedule")), _block(settings.get("trigger"))
    arrival, continuous = _block(trigger.get("file_arrival")), _block(settings.get("continuous"))
    paused = any(each.get("pause_status") == "PAUSED" for each in (schedule, trigger, continuous))
    if schedule:
        return Starts(
            schedule=schedule["quartz_cron_expression"], timezone=schedule.get("timezone_id", "UTC"), paused=paused
        )
    if continuous:
        return Starts(continuous=True, paused=paused)
    return replace(starts, file_arrival=arrival.get("url"), paused=paused)


def _block(value: Any) -> Mapping[str, Any]:
    if isinstance(value, list):
        value = value[0] if value else {}
    return value if isinstance(value, Mapping) else {}
