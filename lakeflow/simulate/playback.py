"""Simulating: one run, several runs that share the places of their jobs, and repairs.

Repairs: https://docs.databricks.com/aws/en/jobs/repair-job-failures
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from constructs_lib.errors import LakeflowError
from lakeflow.simulate.job import Job, unknown
from lakeflow.simulate.outcomes import Does, Iterations
from lakeflow.simulate.playing import PlayedRun
from lakeflow.simulate.reading import read_job
from lakeflow.simulate.runs import Run
from lakeflow.simulate.semantics import Semantics
from lakeflow.simulate.starting import Origin, Start
from lakeflow.simulate.states import SUCCESSES
from lakeflow.simulate.world import Rank, Setting, World

_LATEST_NEEDED = "The latest repair ID needs to be provided in order to create a new repair"
_FINE = frozenset({*SUCCESSES, "EXCLUDED", "DISABLED", "SKIPPED"})


def simulate(
    job: Any,
    does: Mapping[str, Does | Iterations] | None = None,
    *,
    jobs: Mapping[str, Any] | None = None,
    setting: Setting | None = None,
    semantics: Semantics | None = None,
    **start: Any,
) -> Run:
    """Return a run of a job: a `JobDefinition`, or attributes of `databricks_job` or of the Jobs API.

    `does` is what tasks do, by their keys; others succeed. `jobs` are those that tasks start, by id or address. The
    rest is what `Start` takes: `parameters=`, `only=`, `facts=`, `cancel_after=`.
    """
    setting = setting or Setting()
    if semantics is not None:
        setting = replace(setting, semantics=semantics)
    return play({"": job, **(jobs or {})}, [Start(does=does or {}, **start)], setting=setting)[0]


def play(jobs: Mapping[str, Any], starts: Sequence[Start], *, setting: Setting | None = None) -> tuple[Run, ...]:
    """Return the runs that are asked for, in the order of `starts`; runs of one job share its places and its queue."""
    setting = setting or Setting()
    known: dict[str, Job] = {}
    for name, attributes in jobs.items():
        job = attributes if isinstance(attributes, Job) else read_job(attributes, name)
        known[name] = job
        known.setdefault(job.name, job)
    world = World(known, setting)
    ended: dict[int, Run] = {}
    for place, start in enumerate(starts):
        name = start.job or next(iter(jobs), "")
        if name not in known:
            raise unknown(f"there is no job {name!r}", name, known)
        start.check(known[name], known)
        origin = Origin(start=start, job=known[name], jobs=known, setting=setting, number=place)
        _plan(world, origin, place, ended)
    world.play()
    _all_ended(len(starts), ended)
    return tuple(ended[place] for place in range(len(starts)))


def _plan(world: World, origin: Origin, place: int, ended: dict[int, Run]) -> None:
    path = (f"{place:09}",)

    def ask() -> None:
        PlayedRun(world, origin, lambda run: ended.__setitem__(place, run), path=path).ask()

    world.later(origin.start.at, Rank.ASK, path, ask)


def _all_ended(count: int, ended: Mapping[int, Run]) -> None:
    if len(ended) < count:
        raise LakeflowError(
            "a run never ends: a task goes on until a timeout, and neither it nor its job has one",
            fix="give one of them timeout_seconds, or let the task fail",
        )


def repair(
    run: Run,
    does: Mapping[str, Does | Iterations] | None = None,
    *,
    rerun_tasks: Sequence[str] = (),
    rerun_all_failed_tasks: bool = False,
    rerun_dependent_tasks: bool = False,
    latest_repair_id: str = "",
    parameters: Mapping[str, str] | None = None,
) -> Run:
    """Return the run after a repair: what did not succeed, or what is named, again; everything else stays as it was.

    `does` is what the tasks that run again do. From the second repair on, the id of the latest one is needed.
    """
    origin: Origin = run.origin
    repairs = [piece.repair_id for piece in run.repairs if piece.repair_id]
    if repairs and latest_repair_id != repairs[-1]:
        raise LakeflowError(_LATEST_NEEDED, fix=f"the latest is {repairs[-1]}")
    if bool(rerun_tasks) == rerun_all_failed_tasks:
        raise LakeflowError("a repair names tasks, or reruns all that failed", fix="give one of the two")
    for key in rerun_tasks:
        _ = run[key]
    again = set(rerun_tasks) or {key for key, task in run.tasks.items() if task.state not in _FINE}
    if rerun_dependent_tasks:
        again |= set(origin.job.selected([f"{key}+" for key in sorted(again)])) if again else set()
    start = replace(origin.start, does=does or {}, cancel_after=None, parameters=parameters or origin.start.parameters)
    start.check(origin.job, origin.jobs)
    world = World(origin.jobs, origin.setting)
    world.now = run.ended
    ended: dict[int, Run] = {}
    played = PlayedRun(
        world,
        replace(origin, start=start),
        lambda after: ended.__setitem__(0, after),
        path=(f"{origin.number:09}",),
        before=run,
        rerun=frozenset(again & set(run.tasks)),
    )
    played.ask()
    world.play()
    _all_ended(1, ended)
    return replace(ended[0], origin=origin)
