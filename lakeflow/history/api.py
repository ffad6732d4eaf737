"""The history of a workspace's jobs by the Jobs API, for those who may not read the system tables.

https://docs.databricks.com/api/workspace/jobs/listruns. It becomes rows of the same tables, so that the same queries
answer; what the API cannot tell is said in sentences. Runs are kept for 60 days there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from constructs_lib.errors import LakeflowError
from lakeflow.history.api_rows import Seen, is_scheduled, job_version, moment, run_slices, task_slices, task_versions
from lakeflow.history.engines import Progress, quiet
from lakeflow.history.facts import Facts
from lakeflow.history.pages import Pages
from lakeflow.history.tables import ClusterVersion, Row
from lakeflow.run.answers import Json, block_of, entries_of, number_of, text_of
from lakeflow.run.connection import Connection, DeniedError, UnansweredError

KEPT = timedelta(days=60)
_DAY = timedelta(days=1)
_RUNS_A_PAGE = 24  # "greater than 0 and less than 25"
_JOBS_A_PAGE = 100
_BETWEEN = timedelta(minutes=1)
"""A run that is over so much later than its attempts took has been repaired in between."""
_ALWAYS = (
    "What the jobs cost, and how busy their workers were: the Jobs API does not tell it.",
    "Jobs that you may not view: the Jobs API leaves them out.",
    "When and how jobs were changed: the Jobs API has their present settings only.",
)


@dataclass(frozen=True)
class ApiHistory:
    """What the Jobs API tells, and what it does not."""

    rows: tuple[Row, ...]
    not_known: tuple[str, ...]
    most_runs: Mapping[str, int]
    """`max_concurrent_runs` by the id of the job: the API tells it, and no table has a column for it."""

    def completed(self, facts: Facts) -> Facts:
        """Return the facts that were made of the rows, with what only the API tells."""
        jobs = (
            replace(job, deployed=replace(job.deployed, max_concurrent_runs=self.most_runs.get(job.job_id)))
            for job in facts.jobs
        )
        return replace(facts, jobs=tuple(jobs))


def history(
    connection: Connection, *, workspace_id: str, since: datetime, now: datetime, progress: Progress = quiet
) -> ApiHistory:
    """Return the jobs of a workspace and their runs that started after an instant, as rows of the system tables.

    Raises LakeflowError where the workspace refuses, and UnansweredError where it stops answering.
    """
    try:
        return _Reading(connection, workspace_id, since, now, progress).history()
    except DeniedError as error:
        raise DeniedError(error.problem, fix="ask the owners of the jobs for the permission CAN_VIEW") from error


class _Reading:
    def __init__(
        self, connection: Connection, workspace_id: str, since: datetime, now: datetime, progress: Progress
    ) -> None:
        self._connection = connection
        self._now = now
        self._asked = since
        self._since = max(since, now - KEPT)
        self._progress = progress
        self._seen = Seen(workspace_id=workspace_id, now=now)
        self._said: list[str] = []
        self._without_more = 0

    def history(self) -> ApiHistory:
        jobs = list(self._jobs())
        scheduled = frozenset(number_of(job, "job_id") for job in jobs if is_scheduled(job))
        self._seen = Seen(workspace_id=self._seen.workspace_id, now=self._now, scheduled=scheduled)
        runs = list(self._runs())
        rows: list[Row] = []
        for job in jobs:
            rows += [job_version(job, self._seen), *task_versions(job, self._seen)]
        for run in runs:
            rows += [*run_slices(run, self._seen), *task_slices(run, self._seen)]
        rows += self._all_purpose(jobs)
        return ApiHistory(tuple(rows), tuple(self._sentences()), dict(map(_most_runs, jobs)))

    def _sentences(self) -> Iterator[str]:
        yield from _ALWAYS
        if self._asked < self._since:
            yield f"Runs that started before {self._since:%d %B %Y}: the Jobs API keeps them for {KEPT.days} days."
        if self._without_more:
            yield (
                f"All tasks of {self._without_more} jobs or runs with more than 100 of them, or repairs: the workspace "
                "no longer shows them."
            )
        yield from self._said

    def _jobs(self) -> Iterator[Json]:
        self._progress(0, self._days(self._since), "jobs")
        pages = Pages(
            self._connection,
            "/api/2.2/jobs/list",
            {"limit": _JOBS_A_PAGE, "expand_tasks": "true"},
            key="jobs",
            number="job_id",
            doing="list the jobs",
        )
        for job in pages.entries():
            yield self._more_of(job, "/api/2.2/jobs/get", "job_id") if job.get("has_more") else job
        if pages.endless:
            self._said.append("All jobs: the workspace's list of them does not end.")

    def _runs(self) -> Iterator[Json]:
        oldest = self._now

        def told(page: list[Json]) -> None:
            nonlocal oldest
            starts = [start for run in page if (start := moment(number_of(run, "start_time"))) is not None]
            oldest = min([oldest, *starts])
            self._progress(self._days(oldest), self._days(self._since), "runs")

        runs: dict[int, Json] = {}
        recent = self._list_of_runs({"start_time_from": int(self._since.timestamp() * 1000)})
        for run in recent.entries(told):
            runs[number_of(run, "run_id")] = run
        if recent.endless:
            self._said.append(f"Runs that started before {oldest:%d %B %Y}: the workspace's list of them does not end.")
        going_on = self._list_of_runs({"active_only": "true"})  # however long ago they started
        for run in going_on.entries():
            runs.setdefault(number_of(run, "run_id"), run)
        if going_on.endless:
            self._said.append("Runs that go on for long: the workspace's list of them does not end.")
        for run in runs.values():
            yield self._complete(run)

    def _list_of_runs(self, which: Json) -> Pages:
        return Pages(
            self._connection,
            "/api/2.2/jobs/runs/list",
            {"limit": _RUNS_A_PAGE, "expand_tasks": "true", "run_type": "JOB_RUN", **which},
            key="runs",
            number="run_id",
            doing="list the runs",
        )

    def _days(self, since: datetime) -> int:
        return (self._now - since) // _DAY

    def _complete(self, run: Json) -> Json:
        """Return a run with all its attempts: a list shows at most 100 tasks, and no repair."""
        if not (run.get("has_more") or _may_be_repaired(run)):
            return run
        return self._more_of(run, "/api/2.2/jobs/runs/get", "run_id", include_history="true")

    def _more_of(self, entry: Json, path: str, number: str, **query: str) -> Json:
        """Return an entry of a list with everything; as it is where the workspace no longer shows it."""
        try:
            return self._with_more(entry, path, number, **query)
        except UnansweredError:
            raise
        except LakeflowError:  # it was deleted in the meantime, or is nobody's business any more
            self._without_more += 1
            return entry

    def _with_more(self, entry: Json, path: str, number: str, **query: str) -> Json:
        """Return all pages of one answer as one."""
        key = number_of(entry, number)
        found: Json = {}
        token: str | None = None
        tokens: set[str] = set()
        while token not in tokens:
            tokens |= {token} if token else set()
            asked = {number: key, **query, **({"page_token": token} if token else {})}
            page = self._connection.call("GET", path, doing=f"read {number.removesuffix('_id')} {key}", query=asked)
            found = _joined(found, page)
            token = text_of(page, "next_page_token")
            if token is None:
                break
        return found

    def _all_purpose(self, jobs: list[Json]) -> Iterator[Row]:
        """Yield the clusters that tasks name: these are there for all purposes."""
        named = {
            cluster_id
            for job in jobs
            for task in entries_of(block_of(job, "settings"), "tasks")
            if (cluster_id := text_of(task, "existing_cluster_id"))
        }
        for cluster_id in sorted(named):
            yield ClusterVersion(
                workspace_id=self._seen.workspace_id,
                cluster_id=cluster_id,
                cluster_name=self._name_of(cluster_id),
                cluster_source="UI",
                change_time=self._since,
            )

    def _name_of(self, cluster_id: str) -> str | None:
        try:
            answer = self._connection.call(
                "GET", "/api/2.1/clusters/get", doing=f"read cluster {cluster_id}", query={"cluster_id": cluster_id}
            )
        except UnansweredError:
            raise
        except LakeflowError:  # its name is a comfort only
            return None
        return text_of(answer, "cluster_name")


def _most_runs(job: Json) -> tuple[str, int]:
    return str(number_of(job, "job_id")), number_of(block_of(job, "settings"), "max_concurrent_runs") or 1


def _may_be_repaired(run: Json) -> bool:
    """Return whether a run of a list may have been repaired, which the list itself does not say."""
    keys = [text_of(task, "task_key") for task in entries_of(run, "tasks")]
    start, end = moment(number_of(run, "start_time")), moment(number_of(run, "end_time"))
    if len(set(keys)) < len(keys):
        return True
    if start is None or end is None:
        return False
    took = timedelta(milliseconds=number_of(run, "run_duration") + number_of(run, "queue_duration"))
    return number_of(run, "run_duration") > 0 and end - start > took + _BETWEEN


def _joined(found: Mapping[str, object], page: Json) -> Json:
    """Return two pages of an answer as one: lists go on, everything else is as the first page has it."""
    joined: dict[str, object] = {**page, **found}
    for name, value in page.items():
        before = found.get(name)
        if isinstance(value, list) and isinstance(before, list):
            joined[name] = [*before, *value]
        elif isinstance(value, Mapping) and isinstance(before, Mapping):
            joined[name] = _joined(before, value)
    return joined
