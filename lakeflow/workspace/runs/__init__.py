"""The runs of the Jobs API, played by `lakeflow.simulate`: https://docs.databricks.com/api/workspace/jobs.

What a job names is never executed; how its tasks go, the workspace's scenario says. What starts by itself starts while
time passes, in the order of time, however far it is moved at once.
"""

from lakeflow.workspace.exchange import Json, Routes
from lakeflow.workspace.runs.asking import Asking
from lakeflow.workspace.runs.book import RunEnded
from lakeflow.workspace.runs.changing import Changing
from lakeflow.workspace.runs.clockwork import Clockwork
from lakeflow.workspace.runs.finding import Kept
from lakeflow.workspace.runs.listing import Listing
from lakeflow.workspace.runs.player import Player
from lakeflow.workspace.state import State

__all__ = ["RunEnded", "Runs"]


class Runs:
    """run-now, submit, get, list, cancel, repair, get-output, export, delete, and everything that starts by itself.

    `recorder` is told of every run that has ended.
    """

    def __init__(self, state: State, recorder: RunEnded | None = None) -> None:
        player, self._kept = Player(state, recorder), Kept(state)
        self._clockwork = Clockwork(state, player)
        self._parts = (
            Asking(state, player),
            Changing(state, player, self._kept),
            Listing(state, self._kept),
            self._clockwork,
        )
        self.job_changed = self._clockwork.job_changed

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {route: handler for part in self._parts for route, handler in part.routes().items()}

    def job_deleted(self, row: Json, at: int) -> None:
        """Take note that a job goes: its runs are canceled, and its history is seen no more."""
        self._clockwork.job_deleted(row, at)
        self._kept.drop_of_job(row["job_id"])

    def pass_time(self, at: int) -> None:
        """Let everything happen that happens until an instant, in milliseconds since 1970."""
        self._clockwork.pass_time(at)
        self._kept.forget(at)
