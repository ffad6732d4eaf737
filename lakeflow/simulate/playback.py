"""Simulating: one run, several runs that share the places of their jobs, repairs, and time that goes on in steps.

Repairs: https://docs.databricks.com/aws/en/jobs/repair-job-failures
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from constructs_lib.errors import LakeflowError
from lakeflow.simulate.job import Job, unknown
from lakeflow.simulate.outcomes import Does, Iterations
from lakeflow.simulate.playing import PlayedRun
from lakeflow.simulate.reading import read_job
from lakeflow.simulate.runs import Run
from lakeflow.simulate.semantics import Semantics
from lakeflow.simulate.starting import Origin, Start
from lakeflow.simulate.states import CANCELED, SUCCESSES
from lakeflow.simulate.world import Rank, Setting, Waiting, World

LATEST_NEEDED = "The latest repair ID needs to be provided in order to create a new repair"
_FINE = frozenset({*SUCCESSES, "EXCLUDED", "DISABLED", "SKIPPED"})
Doing = Mapping[str, Does | Iterations]


class Simulation:
    """Jobs and their runs while time goes on in steps, as in a workspace: nothing happens but in `advance`."""

    def __init__(self, jobs: Mapping[str, Any], *, setting: Setting | None = None) -> None:
        self._setting = setting or Setting()
        self._jobs: dict[str, Job] = {}
        self._world = World(self._jobs, self._setting)
        self._playing: dict[int, PlayedRun] = {}
        self._ended: dict[int, Run] = {}
        self._count = 0
        for name, attributes in jobs.items():
            self.change(name, attributes)

    @property
    def now(self) -> timedelta:
        """The time, from the start of everything."""
        return self._world.now

    @property
    def next(self) -> timedelta | None:
        """When something happens next; None where nothing is to come."""
        return self._world.next

    def change(self, name: str, attributes: Any, *, by_name: bool = True) -> None:
        """Put a job's settings in place for the runs that start from now on; `name` is its id or address.

        Others may also speak of it by what its settings call it, unless that is ruled out.
        """
        job = attributes if isinstance(attributes, Job) else read_job(attributes, name)
        self._jobs[name] = job
        if by_name:
            self._jobs.setdefault(job.name, job)

    def remove(self, name: str) -> None:
        """Take a job away: runs of it go on, and no other task starts it."""
        self._jobs.pop(name, None)

    def ask(self, start: Start, *, number: int | None = None, job: Job | None = None) -> int:
        """Ask for a run, not before now, and return the number by which it is known here.

        `number` is one that no other run has ever had; `job` are settings for this run alone.
        """
        if job is None:
            name = start.job or next(iter(self._jobs), "")
            if name not in self._jobs:
                raise unknown(f"there is no job {name!r}", name, self._jobs)
            job = self._jobs[name]
        start.check(job, self._jobs)
        if number is None:
            number = self._count
            self._count += 1
        origin = Origin(start=start, job=job, jobs=self._jobs, setting=self._setting, number=number)
        self._plan(origin, max(self.now, start.at))
        return number

    def cancel(self, number: int, task_key: str = "") -> None:
        """Cancel a run, or one task of it; what has ended stays as it is."""
        _cancel(self._playing.get(number), task_key)

    def cancel_run(self, run_id: str, task_key: str = "") -> None:
        """Cancel a run by its id, also one that a task has started, or one task of it."""
        _cancel(self._world.playing.get(run_id), task_key)

    def number_of(self, run_id: str) -> int | None:
        """Return the number of a run that goes on, or of the one whose task has started it; None where it has ended."""
        playing = self._world.playing.get(run_id)
        return playing.number if playing else None

    def take_ended(self) -> list[Run]:
        """Return the runs that have ended since they were taken last, in the order of their ends, and forget them."""
        ended = list(self._world.ended.values())
        self._world.ended.clear()
        for run in ended:
            if self._ended.get(run.origin.number) is run:
                del self._ended[run.origin.number]
        return ended

    def take_touched(self) -> set[int]:
        """Return the numbers of the runs to which something has happened since they were taken last."""
        touched, self._world.touched = self._world.touched, set()
        return {number for number in self._playing if f"{number:09}" in touched}

    def repair_run(self, run: Run, number: int, does: Doing | None = None, **options: Any) -> None:
        """Repair a run that has ended, here or in another simulation, with the settings that its `origin` has."""
        origin = replace(run.origin, jobs=self._jobs, setting=self._setting, number=number)
        origin, again = to_repair(replace(run, origin=origin), does, **options)
        self._plan(origin, self.now, before=run, rerun=again)

    def repair(self, number: int, does: Doing | None = None, **options: Any) -> None:
        """Repair a run that has ended, with the job's settings as they are now; options are those of `repair`."""
        if number not in self._ended:
            raise LakeflowError(f"run {number} has not ended", fix="cancel it, or wait for its end")
        run = self._ended[number]
        origin, again = to_repair(run, does, **options)
        job = self._jobs.get(origin.start.job or origin.job.job_id, origin.job)
        del self._ended[number]
        self._plan(replace(origin, job=job), self.now, before=run, rerun=again)

    def advance(self, to: timedelta | None = None) -> None:
        """Let time go on to a time, or until nothing is to come."""
        self._world.play(to)

    def run(self, number: int) -> Run | None:
        """Return a run as it is now; None where it was not asked for yet."""
        if number in self._ended:
            return self._ended[number]
        return self._playing[number].as_it_is() if number in self._playing else None

    def has_ended(self, number: int) -> bool:
        """Return whether nothing more will happen to a run, unless it is repaired."""
        return number in self._ended

    def forget(self, number: int) -> None:
        """Keep a run that has ended no longer."""
        run = self._ended.pop(number, None)
        if run:
            self._world.ended.pop(run.run_id, None)

    def _plan(
        self, origin: Origin, at: timedelta, before: Run | None = None, rerun: frozenset[str] = frozenset()
    ) -> None:
        number, path = origin.number, (f"{origin.number:09}",)

        def done(run: Run) -> None:
            self._playing.pop(number, None)
            self._ended[number] = run

        def ask() -> None:
            self._playing[number] = PlayedRun(self._world, origin, done, path=path, before=before, rerun=rerun)
            self._playing[number].ask()

        self._world.later(at, Rank.ASK, path, ask)


def _cancel(playing: Waiting | None, task_key: str) -> None:
    if playing and task_key:
        playing.cancel(task_key)
    elif playing:
        playing.stop(CANCELED, "canceled by a user")


def simulate(
    job: Any,
    does: Doing | None = None,
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
    simulation = Simulation(jobs, setting=setting)
    numbers = [simulation.ask(start) for start in starts]
    simulation.advance()
    return tuple(_whole(simulation.run(number)) for number in numbers)


def repair(run: Run, does: Doing | None = None, **options: Any) -> Run:
    """Return a run after a repair: what is named, or what did not succeed, again; everything else stays as it was.

    `does` is what the tasks that run again do. Options are those of the API: `rerun_tasks`, `rerun_all_failed_tasks`,
    `rerun_dependent_tasks`, `parameters`, and from the second repair on `latest_repair_id`.
    """
    origin, again = to_repair(run, does, **options)
    world = World(origin.jobs, origin.setting)
    world.play(run.ended)
    ended: list[Run] = []
    PlayedRun(world, origin, ended.append, path=(f"{origin.number:09}",), before=run, rerun=again).ask()
    world.play()
    return _whole(ended[0] if ended else None)


def to_repair(
    run: Run,
    does: Doing | None = None,
    *,
    rerun_tasks: Sequence[str] = (),
    rerun_all_failed_tasks: bool = False,
    rerun_dependent_tasks: bool = False,
    latest_repair_id: str = "",
    parameters: Mapping[str, str] | None = None,
    durations: Mapping[str, timedelta] | None = None,
) -> tuple[Origin, frozenset[str]]:
    """Return what a repair is made of, and the tasks that run again."""
    origin: Origin = run.origin
    repairs = [piece.repair_id for piece in run.repairs if piece.repair_id]
    if repairs and latest_repair_id != repairs[-1]:
        raise LakeflowError(LATEST_NEEDED, fix=f"the latest is {repairs[-1]}")
    if bool(rerun_tasks) == rerun_all_failed_tasks:
        raise LakeflowError("a repair names tasks, or reruns all that failed", fix="give one of the two")
    for key in rerun_tasks:
        _ = run[key]
    again = set(rerun_tasks) or {key for key, task in run.tasks.items() if task.state not in _FINE}
    if rerun_dependent_tasks and again:
        again |= set(origin.job.selected([f"{key}+" for key in sorted(again)]))
    given = origin.start.parameters if parameters is None else parameters
    start = replace(
        origin.start,
        does=does or {},
        durations=origin.start.durations if durations is None else durations,
        parameters=given,
        cancel_after=None,
        cancel_after_start=None,
        waits=timedelta(),
        skip="",
    )
    start.check(origin.job, origin.jobs)
    return replace(origin, start=start), frozenset(again & set(run.tasks))


def _whole(run: Run | None) -> Run:
    if run is None or not run.ended_already:
        raise LakeflowError(
            "a run never ends: a task goes on until a timeout, and neither it nor its job has one",
            fix="give one of them timeout_seconds, or let the task fail",
        )
    return run
