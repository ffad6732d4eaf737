"""The chain of tasks that decided how long a run took.

https://docs.databricks.com/aws/en/jobs/monitor
"""

from collections.abc import Iterable

from lakeflow.simulate.job import Job
from lakeflow.simulate.runs import Run, TaskRun


def critical_path(run: Run, job: Job) -> tuple[TaskRun, ...]:
    """Return the tasks that each waited for the one before, from the first to the one that ended last."""
    path: list[TaskRun] = []
    task = _last(each for each in run.tasks.values() if each.ran)
    while task is not None:
        path.append(task)
        edges = job.by_key[task.key].parents
        task = _last(run.tasks[edge.key] for edge in edges if edge.key in run.tasks)
    # What never ran is on the way, and takes no time.
    return tuple(each for each in reversed(path) if each.ran)


def _last(tasks: Iterable[TaskRun]) -> TaskRun | None:
    return max(sorted(tasks, key=lambda task: task.key, reverse=True), key=lambda task: task.ended, default=None)
