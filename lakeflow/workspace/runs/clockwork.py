"""Time in a workspace: events of runs and what starts by itself, in the order of time, however far it goes at once.

Databricks tells of files and tables by itself; here `POST /api/2.0/lakeflow/table-updates` says that tables changed.
"""

import heapq
import logging
from typing import Any

from constructs_lib.errors import LakeflowError
from lakeflow.simulate import Run
from lakeflow.workspace.exchange import Json, Request, Route, Routes, invalid
from lakeflow.workspace.fields import Fields, texts
from lakeflow.workspace.runs.finding import goes_on
from lakeflow.workspace.runs.moments import instant, since_epoch
from lakeflow.workspace.runs.player import Player
from lakeflow.workspace.runs.triggers import STARTERS, trigger_of
from lakeflow.workspace.state import State

_TABLES = Fields({"table_names": texts})


class Clockwork:
    """Lets time pass."""

    def __init__(self, state: State, player: Player) -> None:
        self._state, self._player = state, player
        self._jobs, self._rows = state.tables["jobs"], state.tables["run_jobs"]
        self._seen: dict[str, Json] = {}
        """The settings of each job as they were looked at last, to know them again."""
        self._due: dict[str, int] = {}
        self._queue: list[tuple[int, str]] = []
        self._at: int | None = None
        self._known_jobs = -1
        """How often jobs had changed when all of them were known last; below 0 before the first look."""
        self._known_news: object = None
        """The same of what triggers look at."""
        self._watching: set[str] = set()
        """The jobs whose triggers look at files or tables."""
        player.when_ended = self._ended

    def routes(self) -> Routes:
        """Return what answers which path."""
        does = "say that tables have changed, for triggers that wait for it"
        return {"POST /lakeflow/table-updates": Route(does, self._tables_changed, _TABLES)}

    def pass_time(self, at: int) -> None:
        """Let everything happen that happens until an instant, in milliseconds since 1970."""
        host = self._player.host
        until = max(since_epoch(at), host.now)
        self._look(self._at if self._at is not None else at)
        while True:
            due, step = self._first(), host.next
            fires = since_epoch(due[0]) if due else None
            if step is not None and step <= until and (fires is None or step <= fires):
                self._player.take(host.advance(step))
            elif due is not None and fires is not None and fires <= until:
                self._player.take(host.advance(max(fires, host.now)))
                self._fire(*due)
            else:
                break
        self._player.take(host.advance(until))
        self._player.settle()
        self._at = at

    # Jobs and what they wait for

    def job_changed(self, row: Json, at: int) -> None:
        """Take note of a job that was created or changed at an instant."""
        job_id, settings = str(row["job_id"]), row["settings"]
        self._seen[job_id] = settings
        if self._known_jobs >= 0:
            self._known_jobs = self._jobs.changes  # whoever has changed a job since the last look tells of it here
        self._player.host.changed(job_id, settings)
        said = {name: settings[name] for name in STARTERS if settings.get(name)}
        kept = self._rows.get(job_id, {})
        if said != kept.get("of", {}):
            kept = {name: kept[name] for name in ("count",) if name in kept}
            if said:
                kept |= {"of": said, "since": at}
                found = trigger_of(settings)
                if found:
                    found[0].begin(self._state, found[1], kept)
            self._rows[job_id] = kept
        self._plan(job_id)

    def job_deleted(self, row: Json, at: int) -> None:  # whoever tells of jobs tells when
        """Take note that a job goes: its runs are canceled."""
        job_id = str(row["job_id"])
        runs = self._state.tables["runs"].values()
        self._player.cancel_all(run for run in runs if str(run["job_id"]) == job_id and goes_on(run))
        self._seen.pop(job_id, None)
        self._rows.pop(job_id, None)
        self._due.pop(job_id, None)
        self._watching.discard(job_id)
        self._player.host.changed(job_id, None)

    def _look(self, at: int) -> None:
        """Look for jobs that changed without a word, and for new files and tables."""
        if self._known_jobs != self._jobs.changes:
            for job_id, row in list(self._jobs.items()):
                if self._seen.get(job_id) is not row["settings"]:
                    self.job_changed(row, at)
            for job_id in [job_id for job_id in self._seen if job_id not in self._jobs]:
                self.job_deleted({"job_id": job_id}, at)
            self._known_jobs = self._jobs.changes
        news = [self._state.tables[name].changes for name in ("files", "table_updates")]
        if news == self._known_news:
            return
        self._known_news = news
        for job_id in sorted(self._watching):
            found, row = trigger_of(self._seen[job_id]), self._rows.current(job_id)
            if found and found[0].look(self._state, found[1], row):
                self._rows[job_id] = row
                self._plan(job_id)

    def _plan(self, job_id: str) -> None:
        """Put down when a job starts next."""
        self._due.pop(job_id, None)
        row = self._rows.get(job_id, {})
        if "seen" in row or "versions" in row:
            self._watching.add(job_id)
        else:
            self._watching.discard(job_id)
        found = trigger_of(self._seen[job_id]) if row.get("of") else None
        at = found[0].next(found[1], row) if found else None
        if at is not None:
            self._due[job_id] = at
            heapq.heappush(self._queue, (at, job_id))

    def _first(self) -> tuple[int, str] | None:
        """Return the job that starts first, and when."""
        while self._queue and self._due.get(self._queue[0][1]) != self._queue[0][0]:
            heapq.heappop(self._queue)
        return self._queue[0] if self._queue else None

    def _fire(self, at: int, job_id: str) -> None:
        settings, row = self._seen[job_id], self._rows[job_id]
        found = trigger_of(settings)
        if found is None:
            return
        # A run that somebody has asked for is before that of a continuous job.
        waits = "next" in row and self._player.host.going_on(job_id)
        fired = found[0].fire(found[1], row, at)
        self._rows[job_id] = row
        self._plan(job_id)
        if waits:
            return
        options: dict[str, Any] = {"trigger": fired.trigger, "facts": fired.facts, "time": instant(at)}
        about = {
            "job_id": int(job_id),
            "run_type": "JOB_RUN",
            "creator": self._jobs[job_id].get("creator_user_name", ""),
            "own": False,
            "parameters": {},
        }
        try:
            self._player.start(settings, about, **options)
        except LakeflowError as error:
            logging.getLogger(__name__).warning("job %s is not started: %s", job_id, error)

    def _ended(self, run: Run) -> None:
        job_id = run.origin.job.job_id
        row = self._rows.get(job_id, {})
        found = trigger_of(self._seen[job_id]) if row.get("of") and job_id in self._seen else None
        if found and not self._player.host.going_on(job_id):
            found[0].ended(row, run)
            self._plan(job_id)

    # Tables

    def _tables_changed(self, request: Request) -> Json:
        """Say that tables have changed: each has another version from now on."""
        names = [name for name in request.body.get("table_names", []) if name]
        if not names:
            raise invalid("Missing required field: table_names, a list of names such as main.sales.orders")
        rows = self._state.tables["table_updates"]
        for name in dict.fromkeys(names):
            version = rows[name]["version"] + 1 if name in rows else 1
            rows[name] = {"at": request.at, "version": version}
        return {}
