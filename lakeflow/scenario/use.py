"""What of its compute a run used, and when: what is billed and measured is made of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lakeflow.scenario.model import Compute, ComputeKind
from lakeflow.scenario.playback import History
from lakeflow.scenario.runs import Run, TaskRun


@dataclass(frozen=True, kw_only=True)
class Use:
    """One compute used by one run: from the first task on it to the end of the last, or attempt by attempt."""

    run: Run
    key: str
    compute: Compute
    cluster_id: str | None
    start: datetime
    end: datetime


def uses(history: History, known: datetime) -> Iterator[Use]:
    """Yield what runs used until an instant."""
    for run in history.runs:
        for stretch in run.stretches:
            shared: dict[tuple[str, str | None], list[tuple[datetime, datetime]]] = {}
            for task in stretch.tasks:
                if task.compute is None or not task.ran or task.started_at >= known:
                    continue
                shared.setdefault(_place(history, run, task), []).append(
                    (task.started_at, min(task.ended_at or known, known))
                )
            for (key, cluster_id), times in shared.items():
                yield Use(
                    run=run,
                    key=key.partition(" ")[0],
                    compute=_compute(history, run, key.partition(" ")[0]),
                    cluster_id=cluster_id,
                    start=min(start for start, _ in times),
                    end=max(end for _, end in times),
                )


def _place(history: History, run: Run, task: TaskRun) -> tuple[str, str | None]:
    """Return what is one use: a cluster for all its tasks of a stretch, serverless compute for each attempt."""
    key = task.compute or ""
    own = _compute(history, run, key).kind is ComputeKind.SERVERLESS
    return (f"{key} {task.run_id}" if own else key, task.cluster_id)


def _compute(history: History, run: Run, key: str) -> Compute:
    job = history.scenario.jobs[run.job]
    return job.compute[key] if key in job.compute else history.scenario.compute[key]
