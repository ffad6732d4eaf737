"""The engine of a workspace. Everything that it is told is written down first, so that it can be told again.

What is kept are inputs and never what comes of them: a new engine that is given the same inputs at the same times is
the same engine. Jobs that start each other belong together; once no run of such a group goes on, its inputs are
dropped, for nothing that is still to come depends on them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from lakeflow.chance import number_of
from lakeflow.simulate import Run, Setting, Simulation, Start
from lakeflow.simulate.job import Job
from lakeflow.simulate.working import MOST_ATTEMPTS
from lakeflow.workspace.exchange import Json
from lakeflow.workspace.runs.deployed import Deployed
from lakeflow.workspace.runs.moments import EPOCH
from lakeflow.workspace.runs.origins import run_of_origin
from lakeflow.workspace.runs.plain import plain, read
from lakeflow.workspace.state import State

WORKSPACE = {"id": "1", "url": "http://localhost"}
"""What `{{workspace.…}}` says."""
_SETTING = Setting(began=EPOCH, workspace=WORKSPACE, known_jobs_only=True, most_attempts=MOST_ATTEMPTS)
_CLOCK = "runs"
_MICROSECOND = timedelta(microseconds=1)


@dataclass
class Group:
    """Jobs that start each other, as far as runs that go on know, and the inputs that speak of them."""

    jobs: set[str] = field(default_factory=set)
    inputs: list[str] = field(default_factory=list)
    active: int = 0


class Host:
    """The engine, and the inputs that it was given."""

    def __init__(self, state: State, deployed: Deployed) -> None:
        self._state, self._deployed = state, deployed
        self._rows = state.tables["run_inputs"]
        self._simulation = Simulation({}, setting=_SETTING)
        self._groups: dict[str, Group] = {}
        self._known: dict[str, Json] = {}
        """The settings that the engine has been told, by job."""
        self._about: dict[int, Json] = {}
        """What is kept of each run that goes on, beside what the engine knows."""
        self._moved = False
        self._replay()

    # Time

    @property
    def now(self) -> timedelta:
        """The time until which everything has happened."""
        return self._simulation.now

    @property
    def next(self) -> timedelta | None:
        """When something happens next."""
        return self._simulation.next

    def advance(self, to: timedelta) -> list[Run]:
        """Let time go on, and return the runs that have ended by then, those that tasks have started among them."""
        if self._simulation.next is not None and self._simulation.next <= to:
            self._moved = True
        self._simulation.advance(to)
        return self._simulation.take_ended()

    def settled(self, ended: Run) -> None:
        """Take note that all there is to know of a run that has ended is written down."""
        group = self._leave(ended)
        if group and not group.active:
            for key in group.inputs:
                del self._rows[key]
            for job_id in group.jobs:
                del self._groups[job_id]
                self._known.pop(job_id, None)

    def write_down(self) -> dict[int, Run]:
        """Write down how far time has gone on, and return the runs that go on and to which something has happened."""
        touched = self._simulation.take_touched()
        if self._moved:
            self._state.tables["settings"][_CLOCK] = {"at": self.now // _MICROSECOND}
            self._moved = False
        found = {number: self._simulation.run(number) for number in sorted(touched)}
        return {number: run for number, run in found.items() if run is not None}

    # What goes on

    def about(self, number: int) -> Json:
        """Return what was kept of a run that goes on, or of the one whose task started it."""
        return self._about[number]

    def number_of(self, run_id: int) -> int | None:
        """Return the number of a run that goes on, or of the one whose task has started it; None where it has ended."""
        return self._simulation.number_of(str(run_id))

    def going_on(self, job_id: str | None = None) -> list[tuple[int, Json]]:
        """Return the runs that go on, of one job or of all, by their numbers."""
        return [(number, about) for number, about in self._about.items() if job_id in {None, str(about["job_id"])}]

    def new_number(self, job_id: str) -> tuple[int, int]:
        """Return a number for a run that none had before, and the id that the run will have."""
        while True:
            number = self._state.next_number()
            run_id = number_of(_SETTING.seed, "", f"{number:09}", job_id)
            if str(run_id) not in self._state.tables["runs"]:
                return number, run_id

    # Inputs

    def jobs(self, job_id: str, settings: Json) -> dict[str, Job]:
        """Return a job and those that it starts as the engine reads them; raise LakeflowError where one cannot run."""
        return {key: self._deployed.job(key, said) for key, said in self._deployed.reachable(job_id, settings).items()}

    def ask(self, start: Start, number: int, settings: Json, about: Json) -> None:
        """Ask for a run of a job; `about["own"]` says that the settings are this run's alone."""
        jobs = self._tell(str(about["job_id"]), settings, own=about["own"])
        said = {"settings": settings} if about["own"] else {}
        self._put(jobs, {"do": "ask", "number": number, "start": plain(start), "about": about, **said})

    def repair(self, start: Start, number: int, settings: Json, about: Json, *, origin: Json, **options: Any) -> None:
        """Repair a run that has ended, with the settings as they are now; `start` says what its tasks do this time."""
        jobs = self._tell(str(about["job_id"]), settings, own=about["own"])
        kept = {"start": plain(start), "about": about, "origin": origin, "options": options, "settings": settings}
        self._put(jobs, {"do": "repair", "number": number, **kept})

    def cancel(self, number: int, run_id: int, task_key: str = "") -> None:
        """Cancel a run or one task of it; `number` is that of the run that goes on, which may have started it."""
        job_id = str(self._about[number]["job_id"])
        self._put([job_id], {"do": "cancel", "run_id": str(run_id), "task_key": task_key})

    def changed(self, job_id: str, settings: Json | None) -> None:
        """Take note that the settings of a job are others, or that there is none any longer."""
        known = self._known.get(job_id)
        if known is None or known == settings:
            return
        if settings is None:
            self._put([job_id], {"do": "remove", "job_id": job_id})
        else:
            self._tell(job_id, settings, own=False)

    def _tell(self, job_id: str, settings: Json, *, own: bool) -> list[str]:
        """Tell the engine of a job and those that it starts where it knows otherwise, and return their ids."""
        reachable = self._deployed.reachable(job_id, settings)
        for key, said in reachable.items():
            if not (own and key == job_id) and self._known.get(key) != said:
                self._put([*reachable], {"do": "change", "job_id": key, "settings": said})
        return list(reachable)

    def _put(self, jobs: list[str], said: Json) -> None:
        """Write an input down, and let the engine have it."""
        key = str(self._state.next_number())
        row = {**said, "jobs": jobs, "at": self.now // _MICROSECOND}
        self._rows[key] = row
        self._apply(key, row)
        self._moved = True

    def _apply(self, key: str, row: Json) -> None:
        self._join(row["jobs"]).inputs.append(key)
        getattr(self, f"_do_{row['do']}")(row)

    def _do_change(self, row: Json) -> None:
        job_id, settings = row["job_id"], row["settings"]
        self._known[job_id] = settings
        self._simulation.change(job_id, self._deployed.job(job_id, settings), by_name=False)

    def _do_remove(self, row: Json) -> None:
        self._known.pop(row["job_id"], None)
        self._simulation.remove(row["job_id"])

    def _do_ask(self, row: Json) -> None:
        job_id, number = str(row["about"]["job_id"]), row["number"]
        settings = row.get("settings") or self._known[job_id]
        self._simulation.ask(read(row["start"]), number=number, job=self._deployed.job(job_id, settings))
        self._begin(number, job_id, row["about"])

    def _do_repair(self, row: Json) -> None:
        job_id, number = str(row["about"]["job_id"]), row["number"]
        job, start = self._deployed.job(job_id, row["settings"]), read(row["start"])
        run = run_of_origin(row["origin"], job, start.compute)
        self._simulation.repair_run(run, number, start.does, durations=start.durations, **row["options"])
        self._begin(number, job_id, row["about"])

    def _do_cancel(self, row: Json) -> None:
        self._simulation.cancel_run(row["run_id"], row["task_key"])

    # Groups

    def _begin(self, number: int, job_id: str, about: Json) -> None:
        self._about[number] = about
        self._groups[job_id].active += 1

    def _leave(self, ended: Run) -> Group | None:
        """Count a run no longer, and return its group; None where a task has started it."""
        about = self._about.get(ended.origin.number)
        if about is None or str(about["run_id"]) != ended.run_id:
            return None
        del self._about[ended.origin.number]
        group = self._groups[ended.origin.job.job_id]
        group.active -= 1
        return group

    def _join(self, jobs: Iterable[str]) -> Group:
        """Return the group that has all these jobs."""
        groups = {id(group): group for group in map(self._groups.get, jobs) if group}
        largest = max(groups.values(), key=lambda group: len(group.inputs), default=Group())
        for group in groups.values():
            if group is not largest:
                largest.jobs |= group.jobs
                largest.inputs += group.inputs
                largest.active += group.active
        largest.jobs.update(jobs)
        for job_id in largest.jobs:
            self._groups[job_id] = largest
        return largest

    def _replay(self) -> None:
        """Give a new engine everything that the one before was given, at the same times."""
        for key, row in sorted(self._rows.items(), key=lambda pair: int(pair[0])):
            self._catch_up(row["at"])
            self._apply(key, row)
            self._catch_up(row["at"])
        kept = self._state.tables["settings"].get(_CLOCK)
        if kept:
            self._catch_up(kept["at"])
        self._simulation.take_touched()
        self._moved = False

    def _catch_up(self, at: int) -> None:
        self._simulation.advance(at * _MICROSECOND)
        for run in self._simulation.take_ended():
            self._leave(run)
