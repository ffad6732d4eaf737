"""What a run that has ended was made of, kept for a repair: https://docs.databricks.com/api/workspace/jobs/repairrun."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from lakeflow.simulate import Attempt, Run, Setting, TaskRun
from lakeflow.simulate.compute import Compute
from lakeflow.simulate.job import Job
from lakeflow.simulate.starting import Origin
from lakeflow.workspace.exchange import Json
from lakeflow.workspace.runs.plain import plain, read


def origin_of(run: Run, about: Json) -> Json:
    """Return what is kept of a run: a job's settings only where no other run has them."""
    tasks = {key: _slim(task) for key, task in run.tasks.items()}
    kept = {"run": plain(replace(run, tasks=tasks)), "start": plain(run.origin.start), "about": about}
    return {**kept, "settings": run.origin.job.source} if about["own"] else kept


def run_of_origin(origin: Json, job: Job, compute: Mapping[str, Compute]) -> Run:
    """Return a run as it has ended, with a job's settings as they are now."""
    run: Run = read(origin["run"])
    start = replace(read(origin["start"]), compute=compute)
    return replace(run, origin=Origin(start=start, job=job, jobs={}, setting=Setting(), number=0))


def _slim(task: TaskRun) -> TaskRun:
    """Return a task with no more of the runs that it started than their ids and ends."""
    return replace(
        task,
        attempts=tuple(
            replace(
                attempt,
                run=replace(attempt.run, tasks={}, notices=()) if attempt.run else None,
                iterations=tuple(_slim(each) for each in attempt.iterations),
            )
            for attempt in task.attempts
        ),
    )


def started_by(run: Run) -> Iterator[Run]:
    """Yield the runs that the tasks of a run have started, directly or not."""
    for attempt in _attempts(run.tasks.values()):
        if attempt.run:
            yield attempt.run
            yield from started_by(attempt.run)


def _attempts(tasks: Iterable[TaskRun]) -> Iterator[Attempt]:
    for task in tasks:
        for attempt in task.attempts:
            yield attempt
            yield from _attempts(attempt.iterations)
