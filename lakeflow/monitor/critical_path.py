"""The chain of tasks that decides how long a job takes.

Every task takes the median of its executions; a task that another one waits for is over when the slowest chain before
it is. https://docs.databricks.com/aws/en/jobs/monitor
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lakeflow.graph.walk import closing
from lakeflow.history.facts import JobFacts
from lakeflow.words import block


@dataclass(frozen=True, kw_only=True)
class CriticalPath:
    """The longest chain of tasks, by the median of their executions."""

    tasks: tuple[str, ...]
    seconds: float
    slack: Mapping[str, float]
    """Per task, how much longer it could take before the run takes longer; 0 on the path."""


def critical_path(job: JobFacts, settings: Mapping[str, Any]) -> CriticalPath | None:
    """Return a job's critical path, by its deployed graph; None where no task's execution is known.

    A task without an execution (new, or on a branch that less than half of the runs take) takes no time and keeps its
    place in the graph; a disabled one, and what its absence disables, has none. Where only the iterations of a loop are
    known, the loop takes as long as one of them, which is the least.
    """
    tasks = _enabled({task["task_key"]: task for task in settings.get("task", ())})
    most = max((stats.outcomes.finished for stats in job.tasks), default=0)
    times = {
        stats.task_key: stats.durations.p50
        for stats in job.tasks
        if stats.durations and 2 * stats.outcomes.finished >= most
    }
    took = {key: times.get(key, times.get(_inner(task), 0.0)) for key, task in tasks.items()}
    if not any(took.values()):
        return None
    order, before = _ordered(tasks)
    start: dict[str, float] = {}
    for key in order:
        start[key] = max((start[each] + took[each] for each in before[key]), default=0.0)
    seconds = max(start[key] + took[key] for key in order)
    latest = dict.fromkeys(order, seconds)
    """When each has to be over for the run not to take longer."""
    for key in reversed(order):
        for each in before[key]:
            latest[each] = min(latest[each], latest[key] - took[key])
    slack = {key: max(0.0, latest[key] - start[key] - took[key]) for key in sorted(order)}
    key = min(order, key=lambda each: (-(start[each] + took[each]), each))
    path = [key]
    while before[key]:
        key = min(before[key], key=lambda each: (-(start[each] + took[each]), each))
        path.append(key)
    return CriticalPath(tasks=tuple(reversed(path)), seconds=seconds, slack=slack)


def _enabled(tasks: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return the tasks that are not disabled, by themselves or by what they wait for.

    https://docs.databricks.com/aws/en/jobs/disabled-tasks
    """
    disabled = {key for key, task in tasks.items() if task.get("disabled")}
    found = -1
    while found != len(disabled):
        found = len(disabled)
        for key, task in tasks.items():
            waits = [edge["task_key"] in disabled for edge in task.get("depends_on", ())]
            run_if = task.get("run_if", "ALL_SUCCESS")
            if run_if != "ALL_DONE" and (
                any(waits) if run_if in {"ALL_SUCCESS", "ALL_FAILED"} else waits and all(waits)
            ):
                disabled.add(key)
    return {key: task for key, task in tasks.items() if key not in disabled}


def _inner(task: Mapping[str, Any]) -> str:
    """Return the key of the task that a loop repeats; nothing for other tasks."""
    return str(block(block(task.get("for_each_task")).get("task")).get("task_key", ""))


def _ordered(tasks: Mapping[str, Mapping[str, Any]]) -> tuple[list[str], dict[str, list[str]]]:
    """Return the tasks so that each comes after what it waits for, and what that is; circles are cut open."""
    keys = sorted(tasks)
    number = {key: position for position, key in enumerate(keys)}
    edges = [
        (number[edge["task_key"]], number[key])
        for key in keys
        for edge in tasks[key].get("depends_on", ())
        if edge.get("task_key") in number
    ]
    cut, _ = closing(len(keys), edges)
    before: dict[str, list[str]] = {key: [] for key in keys}
    for source, target in edges:
        if (source, target) not in cut:
            before[keys[target]].append(keys[source])
    order: list[str] = []
    while len(order) < len(keys):
        done = set(order)
        order += [key for key in keys if key not in done and done.issuperset(before[key])]
    return order, before
