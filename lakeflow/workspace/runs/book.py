"""The rows of runs: written whenever something happens to a run, and once more when it has ended."""

from collections.abc import Callable
from datetime import datetime

from lakeflow.simulate import Run
from lakeflow.workspace.exchange import Json
from lakeflow.workspace.runs.host import Host
from lakeflow.workspace.runs.moments import EPOCH
from lakeflow.workspace.runs.origins import origin_of, started_by
from lakeflow.workspace.runs.shape import notes, shaped
from lakeflow.workspace.state import State

RunEnded = Callable[[Json, Run, datetime], None]
"""Who is told of every run that has ended, with the job's row and the instant that the run's times count from."""


class Book:
    """Writes runs down."""

    def __init__(self, state: State, host: Host, recorder: RunEnded | None = None) -> None:
        self._state, self._host, self._recorder = state, host, recorder

    def ended(self, run: Run) -> Json:
        """Write down a run that has ended, and return its row."""
        about = self._about(run)
        row = self._write(run, about)
        self._state.tables["run_origins"][run.run_id] = origin_of(run, about)
        if self._recorder:
            self._recorder(self._job_row(run, about), run, EPOCH)
        return row

    def goes_on(self, run: Run) -> None:
        """Write down how far a run is, and those that its tasks have started."""
        self._write(run, self._about(run))
        for child in started_by(run):
            if not child.ended_already:
                self._write(child, self._about(child))

    def _write(self, run: Run, about: Json) -> Json:
        row = shaped(run, about)
        self._state.tables["runs"][run.run_id] = row
        self._state.tables["run_notes"][run.run_id] = notes(run)
        return row

    def _about(self, run: Run) -> Json:
        """Return what the engine does not know of a run: of one that a task has started, what its root has."""
        about = self._host.about(run.origin.number)
        if str(about["run_id"]) == run.run_id:
            return about
        return {
            "job_id": int(run.origin.job.job_id),
            "run_id": int(run.run_id),
            "run_type": "JOB_RUN",
            "creator": about["creator"],
            "own": False,
            "parameters": dict(run.origin.start.parameters),
        }

    def _job_row(self, run: Run, about: Json) -> Json:
        """Return the row of a run's job as it was for the run; the job may be another by now, or gone."""
        kept = self._state.tables["jobs"].get(str(about["job_id"])) or {
            "job_id": about["job_id"],
            "creator_user_name": about["creator"],
            "created_time": 0,
            "run_as": {"user_name": about["creator"]},
        }
        return {**kept, "settings": run.origin.job.source}
