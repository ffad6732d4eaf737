"""Runs are started, repaired and canceled here, whoever asks for it, and written down as they go on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from constructs_lib.errors import LakeflowError
from lakeflow.scenario.doing import Doing
from lakeflow.simulate import Run
from lakeflow.simulate.job import Job
from lakeflow.simulate.playback import to_repair
from lakeflow.simulate.starting import names
from lakeflow.workspace.doing import doing
from lakeflow.workspace.exchange import Json
from lakeflow.workspace.kept_scenario import KeptScenario
from lakeflow.workspace.runs.book import Book, RunEnded
from lakeflow.workspace.runs.deployed import Deployed
from lakeflow.workspace.runs.finding import is_queued
from lakeflow.workspace.runs.host import Host
from lakeflow.workspace.runs.moments import instant, milliseconds
from lakeflow.workspace.runs.origins import run_of_origin
from lakeflow.workspace.state import State


class Player:
    """Everything that is done to runs."""

    def __init__(self, state: State, recorder: RunEnded | None = None) -> None:
        self._state = state
        self.deployed = Deployed(state.tables["jobs"])
        self.host = Host(state, self.deployed)
        self._book = Book(state, self.host, recorder)
        self._counts = state.tables["run_jobs"]
        self._scenario = KeptScenario(state)
        self.when_ended: Callable[[Run], None] = lambda _: None
        """Told of each run that has ended, after it was written down."""

    # Time

    def take(self, ended: list[Run]) -> None:
        """Write down what has ended."""
        for run in ended:
            self._book.ended(run)
            self.host.settled(run)
            self.when_ended(run)

    def settle(self) -> None:
        """Let happen what happens at once, and write down what goes on."""
        self.take(self.host.advance(self.host.now))
        for run in self.host.write_down().values():
            self._book.goes_on(run)

    # What is asked for

    def start(self, settings: Json, about: Json, **options: Any) -> int:
        """Ask for a run now and return its id; raise LakeflowError where the settings cannot run.

        `about` is what is kept of it beside what the engine knows; options are those of `Start`.
        """
        job_id = str(about["job_id"])
        jobs = self.host.jobs(job_id, settings)
        start = self._doing(job_id, settings, jobs).start(**options)
        start.check(jobs[job_id], jobs)
        number, run_id = self.host.new_number(job_id)
        self.host.ask(start, number, settings, {**about, "run_id": run_id})
        self._count(job_id, settings)
        return run_id

    def repair(self, origin: Json, settings: Json, about: Json, **options: Any) -> None:
        """Repair a run that has ended; raise LakeflowError where that cannot be. Options are those of the engine."""
        job_id, run_id = str(about["job_id"]), about["run_id"]
        jobs = self.host.jobs(job_id, settings)
        run = run_of_origin(origin, jobs[job_id], {})
        start = self._doing(job_id, settings, jobs, repaired=run).start()
        run = replace(run, origin=replace(run.origin, jobs=jobs))
        _, again = to_repair(run, start.does, durations=start.durations, **options)
        if not again:
            raise LakeflowError(f"Run {run_id} has no task that did not succeed")
        # Of a run that a task has started there is no number of its own.
        self.host.repair(start, run_id, settings, about, origin=origin, **options)

    def cancel(self, run_id: int, task_key: str = "") -> None:
        """Cancel a run or one task of it; what has ended stays as it is."""
        number = self.host.number_of(run_id)
        if number is not None:
            self.host.cancel(number, run_id, task_key)
            self.settle()

    def cancel_all(self, runs: Iterable[Json]) -> None:
        """Cancel runs that go on, by their rows."""
        # Who still waits goes first: otherwise it would start in the place of one that was canceled.
        for run in sorted(runs, key=lambda run: (not is_queued(run), run["start_time"], run["run_id"])):
            self.cancel(run["run_id"])

    # What tasks do

    def _doing(self, job_id: str, settings: Json, jobs: Mapping[str, Job], repaired: Run | None = None) -> Doing:
        """Return what a run does by the scenario, or a repair of one, with what the jobs do that its tasks start."""
        made = self._of_scenario(job_id, settings, repaired, ())
        known = set(names(jobs[job_id], jobs))
        return replace(
            made,
            does={key: does for key, does in made.does.items() if key in known},
            durations={key: takes for key, takes in made.durations.items() if key in known},
            compute={key: each for key, each in made.compute.items() if key in known},
        )

    def _of_scenario(self, job_id: str, settings: Json, repaired: Run | None, above: tuple[str, ...]) -> Doing:
        number = self._counts[job_id].get("count", 0) if job_id in self._counts else 0
        at, repair = self.host.now, 0
        if repaired:
            # What the scenario says of a run, it says of its repairs too.
            at, repair = repaired.asked, len(repaired.repairs)
            number = max(0, number - 1) if above else repaired.origin.start.note.get("number", 0)
        made = doing(self._scenario.now, settings, at=instant(milliseconds(at)), number=number, repair=repair)
        for key, called in self.deployed.calls(settings):
            said = self.deployed.settings(called)
            if said is not None and called not in (*above, job_id):
                made = made.calling(key, self._of_scenario(called, said, repaired, (*above, job_id)))
        return made

    def _count(self, job_id: str, settings: Json) -> None:
        """Count a run of a job, and one of each that it starts."""
        for each in self.deployed.reachable(job_id, settings):
            row = self._counts.setdefault(each, {})
            row["count"] = row.get("count", 0) + 1
