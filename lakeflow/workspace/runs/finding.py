"""The runs that are kept, by the ids of runs, of attempts at their tasks and of iterations.

As in the service, a run is forgotten after 60 days: https://docs.databricks.com/api/workspace/jobs/getrunoutput
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lakeflow.workspace.exchange import Json, Request, invalid
from lakeflow.workspace.state import State

DAY = 24 * 3600 * 1000
KEPT = 60 * DAY
"""How long a run is kept, in milliseconds."""
_TABLES = ("runs", "run_notes", "run_origins")


def goes_on(run: Json) -> bool:
    """Return whether a run or an attempt has not ended."""
    return bool(run["status"]["state"] != "TERMINATED")


def is_queued(run: Json) -> bool:
    """Return whether a run waits for a place."""
    return bool(run["status"]["state"] == "QUEUED")


@dataclass(frozen=True)
class Found:
    """A run, and the attempt at one of its tasks where an id was that of an attempt."""

    run: Json
    task: Json | None = None


class Kept:
    """The runs of a workspace."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._runs = state.tables["runs"]
        self._forgotten_at = 0
        self._homes: dict[int, str] = {}
        """The runs in which attempts and iterations were found, so that they are looked for once."""

    def runs(self, at: int) -> Iterator[Json]:
        """Yield the runs that are not forgotten."""
        return (run for run in self._runs.values() if _is_kept(run, at))

    def found(self, request: Request) -> Found:
        """Return what has the id of a request."""
        run_id = request.number("run_id")
        run = self._runs.get(str(run_id)) if str(run_id) in self._runs else None
        if run is not None and _is_kept(run, request.at):
            return Found(run)
        home = self._home(run_id)
        if home is not None and _is_kept(home, request.at):
            for task in _attempts(home):
                if task["run_id"] == run_id:
                    return Found(home, task)
        raise invalid(f"Run {run_id} does not exist.")

    def _home(self, run_id: int) -> Json | None:
        """Return the run that has an attempt or an iteration; None where there is none."""
        run = self._runs.current(self._homes.get(run_id, ""))
        if run is None or not any(task["run_id"] == run_id for task in _attempts(run)):
            self._homes = {task["run_id"]: key for key, run in self._runs.items() for task in _attempts(run)}
            run = self._runs.current(self._homes.get(run_id, ""))
        found: Json | None = run
        return found

    def drop(self, key: str) -> None:
        """Forget a run."""
        for table in _TABLES:
            self._state.tables[table].pop(key, None)

    def drop_of_job(self, job_id: int) -> None:
        """Forget the runs of a job that have ended: with a job goes its history."""
        for key in [key for key, run in self._runs.items() if run["job_id"] == job_id and not goes_on(run)]:
            self.drop(key)

    def forget(self, at: int) -> None:
        """Forget what is too old, once a day."""
        if at < self._forgotten_at + DAY:
            return
        self._forgotten_at = at
        for key in [key for key, run in self._runs.items() if not _is_kept(run, at)]:
            self.drop(key)
        tokens = self._state.tables["run_tokens"]
        for token in [token for token, row in tokens.items() if row["at"] < at - KEPT]:
            del tokens[token]


def _attempts(run: Json) -> Iterator[Json]:
    """Yield the attempts at the tasks of a run, and after a loop's those of its iterations."""
    for task in run["tasks"]:
        yield task
        yield from task.get("iterations", ())


def _is_kept(run: Json, at: int) -> bool:
    return bool(run["start_time"] >= at - KEPT) or goes_on(run)
