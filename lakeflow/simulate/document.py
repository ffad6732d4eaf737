"""A run as JSON, for programs: the shape stays, and grows only by new fields.

Times are seconds from the start of everything; what never began has `started` null.
"""

from typing import Any

from lakeflow.simulate.critical import critical_path
from lakeflow.simulate.job import Job
from lakeflow.simulate.runs import Attempt, Run, TaskRun
from lakeflow.simulate.semantics import Semantics, switches


def document(run: Run, job: Job, key: str, environment: str, semantics: Semantics) -> dict[str, Any]:
    """Return a run as plain data."""
    return {
        "format": 1,
        "job": key,
        "environment": environment,
        **_run(run),
        "critical_path": [task.key for task in critical_path(run, job)],
        "notices": [
            {
                "at": each.at.total_seconds(),
                "event": each.event,
                "task_key": each.task_key,
                "iteration": each.iteration,
                "by": each.by,
                "to": each.to,
                "about": each.about,
            }
            for each in run.notices
        ],
        "switches": {each.name: getattr(semantics, each.name) for each in switches()},
    }


def _run(run: Run) -> dict[str, Any]:
    return {
        "name": run.job,
        "state": run.state,
        "succeeded": run.succeeded,
        "reason": run.reason,
        "message": run.message,
        "started": None if run.started is None else run.started.total_seconds(),
        "duration": run.duration.total_seconds(),
        "parameters": dict(run.parameters),
        "tasks": [_task(task) for task in run],
    }


def _task(task: TaskRun) -> dict[str, Any]:
    found: dict[str, Any] = {
        "task_key": task.key,
        "state": task.state,
        "reason": task.reason,
        "outcome": task.outcome,
        "started": None if task.started is None else task.started.total_seconds(),
        "ended": task.ended.total_seconds(),
        "duration": task.duration.total_seconds(),
        "attempts": [_attempt(attempt) for attempt in task.attempts if attempt.ran],
    }
    if task.iteration is not None:
        found |= {"iteration": task.iteration, "input": task.input}
    if task.iterations:
        found["iterations"] = [_task(each) for each in task.iterations]
    if task.run:
        found["run"] = _run(task.run)
    return found


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "attempt": attempt.number,
        "state": attempt.state,
        "code": attempt.code,
        "reason": attempt.reason,
        "started": None if attempt.started is None else attempt.started.total_seconds(),
        "duration": attempt.duration.total_seconds(),
        "values": dict(attempt.values),
        "resolved": dict(attempt.resolved),
        "parameters": dict(attempt.parameters),
    }
