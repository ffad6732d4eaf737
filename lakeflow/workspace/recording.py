"""The system tables of a workspace: rows for its jobs, and for each run once it has ended.

They are those that a history has (`lakeflow.scenario.rows`). A schema that somebody has disabled gets none.
https://docs.databricks.com/aws/en/admin/system-tables/jobs
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lakeflow import simulate
from lakeflow.chance import number_of
from lakeflow.history.api_rows import Seen, job_version, task_versions
from lakeflow.history.plain import plain
from lakeflow.history.spelling import table_trigger
from lakeflow.history.tables import TABLES, Row, TaskVersion
from lakeflow.scenario.billing import list_prices
from lakeflow.scenario.happened import Place, happened
from lakeflow.scenario.model import Scenario
from lakeflow.scenario.rows import rows_of_end
from lakeflow.workspace.exchange import Json
from lakeflow.workspace.scenario_jobs import NOTHING, job_of
from lakeflow.workspace.state import State

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TASKS = TaskVersion.TABLE
_Plain = tuple[str, Json]
"""A row as plain data, behind the name of its table."""


class Recorder:
    """Adds rows to the system tables as things happen.

    `scenario` returns the scenario as it is now. `workspace_id` is what stands in the rows: that of the scenario unless
    it is said.
    """

    def __init__(
        self, state: State, scenario: Callable[[], Scenario | None], *, workspace_id: str | None = None
    ) -> None:
        self._state, self._now, self._workspace_id = state, scenario, workspace_id
        self._tasks: dict[str, dict[str, Json]] = {}
        """The last row of each task, by job."""
        self._read = 0
        self._last: Json | None = None

    def job_changed(self, job_row: Json, at: int) -> None:
        """Take note that a job was created, or that its settings are others now."""
        self._add_job(job_row, _moment(at))

    def job_deleted(self, job_row: Json, at: int) -> None:
        """Take note that a job is gone."""
        self._add_job(job_row, _moment(at), deleted=True)

    def run_ended(self, job_row: Json, run: simulate.Run, began: datetime) -> None:
        """Take note that a run has ended, or a repair of it; `began` is the instant that its times count from."""
        settings, scenario = job_row["settings"], self._scenario()
        key, job = job_of(scenario, settings)
        run_as = job_row["run_as"].get("user_name") or job_row["run_as"].get("service_principal_name")
        job = replace(job, creator=job_row["creator_user_name"], run_as=run_as)
        kept = self._state.tables["runs"].get(run.run_id) or {}
        compute = {task: used for task in job.tasks if (used := scenario.compute_of(job, task)) is not None}
        place = Place(
            job=key,
            job_id=job_row["job_id"],
            run_id=int(run.run_id),
            workspace_id=scenario.workspace_id,
            trigger=table_trigger(run.trigger, scheduled=bool(settings.get("schedule"))),
            compute=compute,
            kind=kept.get("run_type", "JOB_RUN"),
            dbus=run.origin.start.note.get("dbus", 1.0) if run.origin else 1.0,
        )
        self._add(map(_plainly, rows_of_end(scenario, job, happened(run, began, place))))

    def _scenario(self) -> Scenario:
        said = self._now() or replace(NOTHING, workspace_id="1")
        return said if self._workspace_id is None else replace(said, workspace_id=self._workspace_id)

    def _add_job(self, job_row: Json, at: datetime, *, deleted: bool = False) -> None:
        run_as = job_row["run_as"].get("user_name") or job_row["run_as"].get("service_principal_name")
        answer = {**job_row, "run_as_user_name": run_as}
        scenario = self._scenario()
        seen = Seen(workspace_id=scenario.workspace_id, now=at)
        account_id, gone = scenario.account_id, at if deleted else None
        job = replace(
            job_version(answer, seen),
            account_id=account_id,
            creator_id=str(number_of(job_row["creator_user_name"])),
            run_as=str(number_of(run_as)),
            change_time=at,
            delete_time=gone,
        )
        tasks = {
            task.task_key: replace(task, account_id=account_id, change_time=at, delete_time=gone)
            for task in task_versions(answer, seen)
        }
        self._add([_plainly(job), *self._changed(str(job_row["job_id"]), tasks, at)])

    def _changed(self, job_id: str, tasks: Mapping[str, TaskVersion], at: datetime) -> Iterable[_Plain]:
        """Yield the rows of the tasks that are not what they were, and of those that are gone."""
        known = self._known_tasks().get(job_id, {})
        for key, task in tasks.items():
            made = _plainly(task)
            if _unlike(known.get(key), made[1]):
                yield made
        for key, row in known.items():
            if key not in tasks and row["delete_time"] is None:
                parents = tuple(row["depends_on_keys"])
                gone = TaskVersion(
                    account_id=row["account_id"],
                    workspace_id=row["workspace_id"],
                    job_id=job_id,
                    task_key=key,
                    depends_on_keys=parents,
                    change_time=at,
                    delete_time=at,
                    timeout_seconds=row["timeout_seconds"],
                )
                yield _plainly(gone)

    def _known_tasks(self) -> Mapping[str, Mapping[str, Json]]:
        """Return the last row of each task, by job, of those that the table has."""
        rows = self._state.system.get(_TASKS, [])
        if self._read > len(rows) or (self._read and rows[self._read - 1] is not self._last):
            self._tasks, self._read = {}, 0  # rows were taken back
        for row in rows[self._read :]:
            self._tasks.setdefault(row["job_id"], {})[row["task_key"]] = row
        self._read = len(rows)
        self._last = rows[-1] if rows else None
        return self._tasks

    def _add(self, rows: Iterable[_Plain]) -> None:
        system = self._state.system
        made: dict[str, list[Json]] = {}
        for name, row in rows:
            made.setdefault(name, []).append(row)
        if not system:
            system.enable(*(table.TABLE for table in TABLES))
            for name, row in map(_plainly, list_prices(self._scenario())):
                made.setdefault(name, []).append(row)
        for name, added in made.items():
            if name in system:
                system.add(name, added)


def _plainly(row: Row) -> _Plain:
    return row.TABLE, json.loads(json.dumps(row, default=plain))


def _unlike(old: Json | None, new: Json) -> bool:
    """Return whether a task is not what it was, whenever that was."""
    if old is None:
        return True
    return any(old[name] != new[name] for name in old if name != "change_time")


def _moment(at: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=at)
