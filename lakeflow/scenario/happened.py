"""A run that the engine has played, as what happened: instants, pieces, and what its tasks ran on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lakeflow import simulate
from lakeflow.chance import hex_of
from lakeflow.scenario.ids import fixed_id
from lakeflow.scenario.model import Compute, ComputeKind
from lakeflow.scenario.runs import Run, Stretch, TaskRun
from lakeflow.simulate.runs import Repair
from lakeflow.simulate.states import ACTIVE, AT_THE_LIMIT, SKIPPED


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a run belongs, and what only the workspace knows of it."""

    job: str
    """The job's key in the scenario."""
    job_id: int
    run_id: int
    workspace_id: str
    trigger: str
    """As the system tables say it."""
    compute: Mapping[str, tuple[str, Compute]]
    """What tasks run on, by task: its key and what it is."""
    kind: str = "JOB_RUN"
    dbus: float = 1.0
    task_run_id: Callable[[int, simulate.Attempt], int] | None = None
    """How attempts are numbered, by their piece (0 is the first one); None is as the engine does it."""
    repair_id: Callable[[int], int] | None = None
    """How repairs are numbered, from 1; None is as the engine does it."""


def happened(run: simulate.Run, began: datetime, place: Place) -> Run:
    """Return what has happened of a run; `began` is the instant that its times count from."""
    return Run(
        job=place.job,
        job_id=place.job_id,
        run_id=place.run_id,
        trigger=place.trigger,
        scheduled_at=_at(began, run.asked),
        queued=run.queued,
        stretches=tuple(_stretch(run, number, began, place) for number in range(len(run.repairs))),
        kind=place.kind,
        dbus=place.dbus,
    )


def _stretch(run: simulate.Run, number: int, began: datetime, place: Place) -> Stretch:
    piece, going_on = run.repairs[number], run.repairs[number].state in ACTIVE
    attempts = [
        attempt
        for task in run.tasks.values()
        for attempt in task.attempts
        # What waits for its parents, or to be tried again, has not happened yet.
        if attempt.repair == number and not (attempt.state in ACTIVE and attempt.started is None)
    ]
    attempts.sort(key=_begin)
    clusters = _clusters(number, attempts, began, place)
    return Stretch(
        started_at=_at(began, piece.started),
        ended_at=None if going_on else _at(began, piece.ended),
        result=None if going_on else SKIPPED if piece.state == AT_THE_LIMIT else piece.state,
        code=None if going_on else piece.code,
        message=piece.message,
        tasks=tuple(_task_run(attempt, number, began, place, clusters) for attempt in attempts),
        repair_id=_repair_id(number, piece, place),
    )


def _repair_id(number: int, piece: Repair, place: Place) -> int | None:
    if not number:
        return None
    return place.repair_id(number) if place.repair_id else int(piece.repair_id)


def _at(began: datetime, elapsed: timedelta) -> datetime:
    """Return an instant as the tables have it: whole seconds."""
    return (began + elapsed).replace(microsecond=0)


def _begin(attempt: simulate.Attempt) -> timedelta:
    return attempt.ended if attempt.started is None else attempt.started


def _clusters(number: int, attempts: list[simulate.Attempt], began: datetime, place: Place) -> Mapping[str, str]:
    """Return the ids of job clusters, each of them made when the first task needs it; a repair has its own."""
    made: dict[str, str] = {}
    for attempt in attempts:
        key, compute = place.compute.get(attempt.task_key, ("", None))
        if attempt.started is not None and compute and compute.kind is ComputeKind.JOB_CLUSTER and key not in made:
            made[key] = f"{began + attempt.started:%m%d-%H%M%S}-{hex_of(place.run_id, number, key)}"
    return made


def _task_run(
    attempt: simulate.Attempt, number: int, began: datetime, place: Place, clusters: Mapping[str, str]
) -> TaskRun:
    going_on = attempt.state in ACTIVE
    key, compute = place.compute.get(attempt.task_key, (None, None))
    if attempt.started is None:
        key = compute = None
    return TaskRun(
        task_key=attempt.task_key,
        run_id=place.task_run_id(number, attempt) if place.task_run_id else int(attempt.run_id),
        attempt=attempt.number,
        started_at=_at(began, _begin(attempt)),
        ended_at=None if going_on else _at(began, attempt.ended),
        setup=attempt.setup,
        result=None if going_on else attempt.state,
        code=None if going_on else attempt.code,
        compute=key,
        cluster_id=clusters.get(key or "") or (fixed_id(place.workspace_id, key or "", compute) if compute else None),
        outcome=attempt.outcome,
    )
