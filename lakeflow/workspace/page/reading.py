"""What the pages read of a workspace: jobs, runs, notes and other things, as they are kept.

Nothing is changed here, and no row is asked for by its key, which is how the store knows what may have changed. Rows
are what clients and the engine wrote: what is missing or is not what it should be is read as absent.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from lakeflow.run.answers import block_of, entries_of, number_of, text_of
from lakeflow.workspace.page.runs import RunFacts
from lakeflow.workspace.state import State

Json = Mapping[str, Any]


class Job:
    """A job as it is kept."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row = row
        self.settings = dict(block_of(row, "settings"))
        self.job_id = number_of(row, "job_id")

    @property
    def name(self) -> str:
        """Its name, or nothing."""
        return text_of(self.settings, "name") or ""

    @property
    def tasks(self) -> list[dict[str, Any]]:
        """Its tasks."""
        return [dict(task) for task in entries_of(self.settings, "tasks")]


class Workspace:
    """A state, for reading, at one instant."""

    def __init__(self, state: State, now: int) -> None:
        self.now = now
        self._tables = state.tables

    def table(self, name: str) -> dict[str, Any]:
        """Return the rows of a table by their keys; empty where there is no such table."""
        return dict(self._tables[name].items()) if name in self._tables else {}

    @cached_property
    def jobs(self) -> dict[int, Job]:
        """All jobs."""
        found = (Job(row) for row in self.table("jobs").values() if isinstance(row, Mapping))
        return {job.job_id: job for job in found}

    @cached_property
    def _documents(self) -> dict[str, Json]:
        return {key: row for key, row in self.table("runs").items() if isinstance(row, Mapping)}

    @cached_property
    def _notes(self) -> dict[str, Json]:
        return {key: row for key, row in self.table("run_notes").items() if isinstance(row, Mapping)}

    @cached_property
    def _of_jobs(self) -> list[Json]:
        # The run of a task, or of an iteration, is no run of its job.
        rows = self._documents.values()
        return [row for row in rows if number_of(row, "job_run_id") in {0, number_of(row, "run_id")}]

    @cached_property
    def _by_job(self) -> dict[int, list[Json]]:
        grouped: dict[int, list[Json]] = {}
        for row in self._of_jobs:
            grouped.setdefault(number_of(row, "job_id"), []).append(row)
        return grouped

    def runs_of(self, job_id: int) -> list[RunFacts]:
        """Return the runs of a job, the newest first."""
        return self._facts(self._by_job.get(job_id, ()))

    @cached_property
    def every_run(self) -> list[RunFacts]:
        """The runs of all jobs, the newest first."""
        return self._facts(self._of_jobs)

    @cached_property
    def active(self) -> list[RunFacts]:
        """The runs that go on, the newest first."""
        rows = [row for row in self._of_jobs if not number_of(row, "end_time")]
        return [run for run in self._facts(rows) if not run.state.ended]

    def results_since(self, at: int) -> Counter[str | None]:
        """Count by results the runs that started after an instant; None is that there is none yet."""
        # Of a day there may be very many: their state is not read as a whole.
        rows = (row for row in self._of_jobs if at <= number_of(row, "start_time") <= self.now)
        return Counter(text_of(block_of(row, "state"), "result_state") for row in rows)

    @property
    def count(self) -> int:
        """How many runs are kept."""
        return len(self._of_jobs)

    def _facts(self, rows: Iterable[Json]) -> list[RunFacts]:
        newest = sorted(rows, key=lambda row: (number_of(row, "start_time"), number_of(row, "run_id")), reverse=True)
        return [self._fact(row) for row in newest]

    def _fact(self, row: Json) -> RunFacts:
        return RunFacts(row, self._notes.get(str(number_of(row, "run_id")), {}))

    def run(self, job_id: int, run_id: int) -> RunFacts | None:
        """Return a run of a job."""
        row = self._documents.get(str(run_id))
        return self._fact(row) if row is not None and number_of(row, "job_id") == job_id else None

    def any_run(self, run_id: int) -> RunFacts | None:
        """Return a run by its id."""
        row = self._documents.get(str(run_id))
        return self._fact(row) if row is not None else None

    @cached_property
    def started_by(self) -> dict[int, RunFacts]:
        """The runs that were started by a task, by the id of the task's run."""
        found = {}
        for row in self._documents.values():
            by = number_of(block_of(row, "trigger_info"), "run_id")
            if by:
                found[by] = self._fact(row)
        return found

    def run_of_task(self, task_run_id: int) -> RunFacts | None:
        """Return the run that a task's run is part of."""
        if not task_run_id:
            return None
        for row in self._documents.values():
            if any(number_of(task, "run_id") == task_run_id for task in entries_of(row, "tasks")):
                return self._fact(row)
        return None

    def iterations(self, entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return the iterations of a for-each task's run, wherever they are kept."""
        own = entries_of(entry, "iterations")
        kept = self._documents.get(str(number_of(entry, "run_id")), {})
        return own or entries_of(kept, "iterations")
