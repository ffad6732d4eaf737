"""What of its compute a run used, and when: what is billed and measured is made of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lakeflow.scenario.model import Compute, ComputeKind, Job, Scenario
from lakeflow.scenario.playback import History
from lakeflow.scenario.runs import Run, Stretch, TaskRun


@dataclass(frozen=True, kw_only=True)
class Use:
    """One compute used by one run: from the first task on it to the end of the last; serverless for each attempt."""

    run: Run
    job: Job
    key: str
    compute: Compute
    cluster_id: str | None
    start: datetime
    end: datetime


def uses(history: History, known: datetime) -> Iterator[Use]:
    """Yield what runs used until an instant."""
    for run in history.runs:
        for stretch in run.stretches:
            yield from uses_of(history.scenario, history.scenario.jobs[run.job], run, stretch, known)


def uses_of(scenario: Scenario, job: Job, run: Run, stretch: Stretch, known: datetime) -> Iterator[Use]:
    """Yield what one attempt at a run, or one repair of it, used until an instant."""
    together: dict[object, list[TaskRun]] = {}
    for task in stretch.tasks:
        if task.compute is not None and task.ran and task.started_at < known:
            compute = scenario.compute_named(job, task.compute)
            alone = compute.kind is ComputeKind.SERVERLESS
            together.setdefault(task.run_id if alone else task.compute, []).append(task)
    for tasks in together.values():
        key = tasks[0].compute or ""
        yield Use(
            run=run,
            job=job,
            key=key,
            compute=scenario.compute_named(job, key),
            cluster_id=tasks[0].cluster_id,
            start=min(task.started_at for task in tasks),
            end=max(min(task.ended_at or known, known) for task in tasks),
        )
