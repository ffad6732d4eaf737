"""The runs of one job of a scenario: the engine plays them, by what the scenario says of each.

The rules of runs, their places and their repairs are those of `lakeflow.simulate`; here is what starts runs, and who
repairs them.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice

from constructs_lib.errors import LakeflowError
from lakeflow import simulate
from lakeflow.chance import number_of
from lakeflow.scenario.cutting import going_on
from lakeflow.scenario.doing import Deeds, Doing
from lakeflow.scenario.happened import Place, happened
from lakeflow.scenario.ids import id_of
from lakeflow.scenario.model import Repair, Scenario
from lakeflow.scenario.plans import Plan, plan
from lakeflow.scenario.runs import Run
from lakeflow.scenario.settings import settings_of
from lakeflow.scenario.starting import RESTART, Version, starts, trigger_type, versions

MOST_RUNS = 50_000
"""Runs of one job; more is a slip of the pen, and would take minutes."""


@dataclass(kw_only=True)
class _Asked:
    """A run that was asked for."""

    run_id: int
    version: Version
    plan: Plan
    repairs: int = 0
    """How many were made."""
    is_to_be_repaired: bool = False


class Playing:
    """The runs of one job."""

    def __init__(self, scenario: Scenario, key: str) -> None:
        self._scenario, self._key = scenario, key
        self._simulation = simulate.Simulation({}, setting=simulate.Setting(began=scenario.since, seed=scenario.seed))
        self._version: Version | None = None
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        """What starts and repairs runs, and when."""
        self._going_on: dict[int, _Asked] = {}
        """The runs that may still change, by the number that the engine has given them."""
        job = scenario.jobs[key]
        self._compute = {task: used for task in job.tasks if (used := scenario.compute_of(job, task)) is not None}
        self._planned = self._entries = self._asked = 0
        self._runs: list[Run] = []

    def runs(self) -> tuple[Run, ...]:
        """Play everything until the end of the scenario, and return the runs that have begun, or never will."""
        for version in versions(self._scenario, self._scenario.jobs[self._key]):
            if version.job.starts.continuous:
                self._continue(version, max(self._scenario.since, version.since))
            else:
                for at in islice(starts(self._scenario, version), MOST_RUNS + 1):
                    self._start(version, at)
        while self._is_on_its_way():
            self._advance()
        self._simulation.advance(self._scenario.until - self._scenario.since)
        for number in list(self._going_on):
            self._take(number)
        return tuple(self._runs)

    # What happens when

    def _is_on_its_way(self) -> bool:
        """Return whether anything is to happen before the end."""
        of_runs = self._simulation.next
        ends = of_runs is not None and bool(self._going_on) and self._scenario.since + of_runs <= self._scenario.until
        return ends or bool(self._agenda)

    def _advance(self) -> None:
        """Let the next thing happen: what ends at an instant makes place for what begins there."""
        of_runs = self._simulation.next
        if of_runs is not None and not (self._agenda and self._agenda[0][0] < self._scenario.since + of_runs):
            self._simulation.advance(of_runs)
            for number, asked in list(self._going_on.items()):
                if self._simulation.has_ended(number) and not asked.is_to_be_repaired:
                    self._ended(number)
        else:
            at, _, do = heapq.heappop(self._agenda)
            self._simulation.advance(at - self._scenario.since)
            do()

    def _at(self, at: datetime, do: Callable[[], None]) -> None:
        if at < self._scenario.until:
            self._entries += 1
            heapq.heappush(self._agenda, (at, self._entries, do))

    # What starts and repairs runs

    def _start(self, version: Version, at: datetime) -> None:
        self._planned += 1
        if self._planned > MOST_RUNS:
            raise LakeflowError(
                f"it would start more than {MOST_RUNS:,} times",
                place=f"jobs.{self._key}.starts",
                fix="let it start less often, or write fewer days",
            )
        self._at(at, partial(self._ask, version, at))

    def _continue(self, version: Version, at: datetime) -> None:
        """Let a continuous job start again, unless other settings hold by then."""
        said, until = version.job.starts, version.until
        if said.continuous and not (said.paused or said.never or (until is not None and at >= until)):
            self._start(version, at)

    def _ask(self, version: Version, at: datetime) -> None:
        scenario, job = self._scenario, version.job
        if version is not self._version:
            self._version = version
            self._simulation.change(self._key, settings_of(scenario, job))
        made = plan(job, at, self._asked, scenario.seed, self._key)
        self._asked += 1
        run_id = number_of(scenario.seed, scenario.workspace_id, self._key, at.isoformat())
        asked = _Asked(run_id=run_id, version=version, plan=made)
        start = self._doing(asked).start(job=self._key, at=at - scenario.since)
        self._going_on[self._simulation.ask(start)] = asked

    def _doing(self, asked: _Asked) -> Doing:
        stream = (self._scenario.seed, self._key, asked.run_id, asked.repairs)
        return Deeds(self._scenario, asked.version.job, asked.plan, *stream).doing()

    # How runs end

    def _ended(self, number: int) -> None:
        """Let somebody repair a run that has ended, or else let that be the last word."""
        asked, run = self._going_on[number], self._simulation.run(number)
        due = asked.plan.repairs[asked.repairs :]
        if run is None or run.started is None or run.succeeded or not due:
            self._is_over(number)
            return
        at = self._scenario.since + run.ended + due[0].after
        if at < self._scenario.until:
            asked.is_to_be_repaired = True
            self._at(at, partial(self._repair, number, due[0]))
        else:
            self._is_over(number)

    def _repair(self, number: int, repair: Repair) -> None:
        asked, run = self._going_on[number], self._simulation.run(number)
        asked.is_to_be_repaired = False
        asked.repairs += 1
        asked.plan = replace(asked.plan, attempts=repair.attempts)
        doing = self._doing(asked)
        self._simulation.repair(
            number,
            doing.does,
            durations=doing.durations,
            rerun_all_failed_tasks=True,
            latest_repair_id=run.repairs[-1].repair_id if run else "",
        )

    def _is_over(self, number: int) -> None:
        version = self._going_on[number].version
        self._take(number)
        self._simulation.forget(number)
        if self._runs and version.job.starts.continuous:
            ended = self._runs[-1].ended_at
            self._continue(version, RESTART + (self._scenario.until if ended is None else ended))

    def _take(self, number: int) -> None:
        """Take what has become of a run; one that still waits for its place has not begun."""
        asked, run = self._going_on.pop(number), self._simulation.run(number)
        if run is None or (run.started is None and not run.ended_already):
            return
        until, run_id = self._scenario.until, asked.run_id
        made = happened(
            run,
            self._scenario.since,
            Place(
                job=self._key,
                job_id=id_of(self._scenario, self._key),
                run_id=run_id,
                workspace_id=self._scenario.workspace_id,
                trigger=trigger_type(asked.version.job) or "ONETIME",
                compute=self._compute,
                dbus=asked.plan.dbus,
                task_run_id=lambda piece, attempt: number_of(run_id, piece, attempt.task_key, attempt.number),
                repair_id=lambda piece: number_of(run_id, "repair", piece),
            ),
        )
        stretches = tuple(going_on(each, until) for each in made.stretches if each.started_at < until)
        if stretches:
            self._runs.append(replace(made, stretches=stretches))
