"""From a scenario to everything that happened in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from constructs_lib.errors import LakeflowError
from lakeflow.chance import number_of
from lakeflow.scenario.cutting import going_on, stopped
from lakeflow.scenario.ids import id_of
from lakeflow.scenario.model import Job, Scenario
from lakeflow.scenario.plans import Plan, plan
from lakeflow.scenario.playing import Attempt, Player, play, to_repair
from lakeflow.scenario.runs import SUCCESSES, Run, Stretch
from lakeflow.scenario.starting import RESTART, Version, starts, trigger_type, versions

MOST_RUNS = 50_000
"""Runs of one job; more is a slip of the pen, and would take minutes."""


@dataclass(frozen=True)
class History:
    """All runs of a scenario, by their start."""

    scenario: Scenario
    runs: tuple[Run, ...]

    def of(self, job_key: str) -> tuple[Run, ...]:
        """Return the runs of one job."""
        return tuple(run for run in self.runs if run.job == job_key)

    def job_id(self, job_key: str) -> int:
        """Return the id of a job."""
        return id_of(self.scenario, job_key)

    def job_ids(self) -> Mapping[str, int]:
        """Return the ids of all jobs by their keys."""
        return {key: self.job_id(key) for key in self.scenario.jobs}


def history(scenario: Scenario, player: Player = play) -> History:
    """Play a scenario; the player decides what the attempts come to."""
    runs = [run for key in scenario.jobs for run in _Playback(scenario, key, player).runs()]
    return History(scenario, tuple(sorted(runs, key=lambda run: (run.started_at, run.run_id))))


class _Playback:
    """The runs of one job."""

    def __init__(self, scenario: Scenario, key: str, player: Player) -> None:
        self._scenario = scenario
        self._key = key
        self._player = player
        self._stretches: list[tuple[datetime, datetime]] = []
        """When attempts began and ended, those that may still go on when another run is to start."""
        self._count = 0

    def runs(self) -> Iterator[Run]:
        for version in versions(self._scenario, self._scenario.jobs[self._key]):
            if version.job.starts.continuous:
                yield from self._continuous(version)
            else:
                for at in starts(self._scenario, version):
                    run = self._run(version.job, at)
                    if run is not None:
                        yield run

    def _continuous(self, version: Version) -> Iterator[Run]:
        at = max(self._scenario.since, version.since)
        end = min(self._scenario.until, version.until or self._scenario.until)
        while at < end and not (version.job.starts.paused or version.job.starts.never):
            run = self._run(version.job, at)
            if run is None:
                return
            yield run
            at = end if run.ended_at is None else run.ended_at + RESTART

    def _run(self, job: Job, at: datetime) -> Run | None:
        """Return the run that is to start at an instant; None where it still waits for its place at the end."""
        self._stretches = [(began, ended) for began, ended in self._stretches if ended > at]
        made = plan(job, at, self._count, self._scenario.seed, self._key)
        self._count += 1
        if self._count > MOST_RUNS:
            raise LakeflowError(
                f"it would start more than {MOST_RUNS:,} times",
                place=f"jobs.{self._key}.starts",
                fix="let it start less often, or write fewer days",
            )
        run = Run(
            job=self._key,
            job_id=id_of(self._scenario, self._key),
            run_id=number_of(self._scenario.seed, self._scenario.workspace_id, self._key, at.isoformat()),
            trigger=trigger_type(job) or "ONETIME",
            scheduled_at=at,
            stretches=(),
            dbus=made.dbus,
        )
        if made.skip or (not job.queue_enabled and self._active(at) >= job.max_concurrent_runs):
            return replace(run, stretches=(_never(at, made.skip or "MAX_CONCURRENT_RUNS_EXCEEDED"),))
        started = self._place(at + made.queue, job.max_concurrent_runs)
        if started >= self._scenario.until:
            return None
        stretches = tuple(self._attempts(job, made, run.run_id, started))
        self._stretches += [(each.started_at, each.ended_at or self._scenario.until) for each in stretches]
        return replace(run, queued=started - at, stretches=stretches)

    def _active(self, at: datetime) -> int:
        return sum(began <= at < ended for began, ended in self._stretches)

    def _place(self, at: datetime, most: int) -> datetime:
        """Return when there is a place for a run that waits for one from an instant on."""
        frees = sorted({at, *(ended for _, ended in self._stretches)})
        return next(moment for moment in frees if self._active(moment) < most)

    def _attempts(self, job: Job, made: Plan, run_id: int, at: datetime) -> Iterator[Stretch]:
        until = self._scenario.until
        attempt = Attempt(
            scenario=self._scenario, job_key=self._key, job=job, plan=made, run_id=run_id, number=0, at=at
        )
        stretch = self._limited(self._player(attempt), made.cancel_after, job.timeout)
        stretches = [stretch]
        yield going_on(stretch, until)
        for number, repair in enumerate(made.repairs, start=1):
            if stretch.ended_at is None or stretch.ended_at + repair.after >= until or stretch.result in SUCCESSES:
                return
            kept = to_repair(tuple(stretches))
            if kept is None:
                return
            again = replace(
                attempt,
                number=number,
                at=stretch.ended_at + repair.after,
                kept=kept,
                plan=replace(made, attempts=repair.attempts),
            )
            stretch = self._limited(self._player(again), None, job.timeout)
            stretch = replace(stretch, repair_id=number_of(run_id, "repair", number))
            stretches.append(stretch)
            yield going_on(stretch, until)

    @staticmethod
    def _limited(stretch: Stretch, cancel_after: timedelta | None, timeout: timedelta | None) -> Stretch:
        if cancel_after is not None and (timeout is None or cancel_after < timeout):
            at = stretch.started_at + cancel_after
            stretch = stopped(stretch, at, "CANCELED", "USER_CANCELED", "Run cancelled by user")
        if timeout is not None:
            at = stretch.started_at + timeout
            stretch = stopped(stretch, at, "TIMEDOUT", "CANCELED", "The run exceeded its timeout.")
        return stretch


def _never(at: datetime, code: str) -> Stretch:
    return Stretch(started_at=at, ended_at=at, result="SKIPPED", code=code)
