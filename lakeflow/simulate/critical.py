"""The chain of tasks that decided how long a run took.

https://docs.databricks.com/aws/en/jobs/monitor
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from lakeflow.simulate.job import Job
from lakeflow.simulate.runs import Run, TaskRun


def critical_path(run: Run, job: Job) -> tuple[TaskRun, ...]:
    """Return the tasks that each waited for the one before, from the first to the one that ended last."""
    ended = {key: task.ended for key, task in run.tasks.items()}
    parents = {key: [edge.key for edge in job.by_key[key].parents] for key in ended}
    # What never ran is on the way, and takes no time.
    path = chain(ended, parents, [key for key, task in run.tasks.items() if task.ran])
    return tuple(run.tasks[key] for key in path if run.tasks[key].ran)


def chain(ended: Mapping[str, timedelta], parents: Mapping[str, Iterable[str]], last: Iterable[str]) -> tuple[str, ...]:
    """Return the keys that each waited for the one before, up to that of `last` which ended last."""
    path: list[str] = []
    key = _latest(last, ended)
    while key is not None and key not in path:
        path.append(key)
        key = _latest((each for each in parents[key] if each in ended), ended)
    return tuple(reversed(path))


def _latest(keys: Iterable[str], ended: Mapping[str, timedelta]) -> str | None:
    return max(sorted(keys, reverse=True), key=lambda key: ended[key], default=None)
