"""A stack of two jobs and its history, for tests of what is found out about them: rows that are made one line each."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from lakeflow.history.duck import Duck, DuckEngine
from lakeflow.history.tables import ClusterVersion, JobVersion, NodeMinute, Row, RunSlice, TaskSlice
from lakeflow.stack_map import JobEntry, StackMap

WORKSPACE = "1001"
HOST = "https://adb-1001.1.azuredatabricks.net"
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def stack(**names: str) -> StackMap:
    """Return a stack whose jobs have these names by key, `_` for `-`; daily-sales and nightly where none are given."""
    named = names or {"daily_sales": "daily-sales", "nightly": "nightly"}
    keys = {key.replace("_", "-"): name for key, name in named.items()}
    return StackMap(
        stack="prod",
        order=2,
        environment="prod",
        host=HOST,
        sources="",
        variables=(),
        jobs={key: _entry(key, name) for key, name in keys.items()},
    )


def _entry(key: str, name: str) -> JobEntry:
    return JobEntry(
        key=key,
        address=f"databricks_job.{key.replace('-', '_')}",
        path=key,
        name=name,
        goal="",
        owner=None,
        source=f"stacks/{key}.py:1",
        settings={"name": name},
        known={},
        accepted={},
        findings=(),
    )


def job(job_id: str, name: str, *, changed: datetime = NOW - 200 * DAY, deleted: datetime | None = None) -> JobVersion:
    """Return a version of a job."""
    return JobVersion(workspace_id=WORKSPACE, job_id=job_id, name=name, change_time=changed, delete_time=deleted)


def runs(
    job_id: str,
    run_id: str,
    *ends: tuple[str | None, str | None],
    ended: datetime,
    took: timedelta = 10 * MINUTE,
    queue: int | None = None,
    setup: int | None = None,
    whole: bool = False,
) -> Iterator[RunSlice]:
    """Yield a run's rows: a slice for each hour, and an end with state and code for each attempt, a minute apart.

    The durations stand in them where `whole`, as since December 2025.
    """
    started = ended - took
    attempts = len(ends)
    for number, (state, code) in enumerate(ends):
        end = ended - (attempts - 1 - number) * (took / attempts + MINUTE)
        start = started - (attempts - 1 - number) * MINUTE + number * took / attempts
        cut = start
        while cut + HOUR < end:
            yield _slice(job_id, run_id, cut, cut + HOUR)
            cut += HOUR
        yield RunSlice(
            workspace_id=WORKSPACE,
            job_id=job_id,
            run_id=run_id,
            period_start_time=cut,
            period_end_time=end,
            result_state=state,
            termination_code=code,
            run_duration_seconds=round(took.total_seconds()) if whole else None,
            queue_duration_seconds=queue,
            setup_duration_seconds=setup,
        )


def _slice(job_id: str, run_id: str, start: datetime, end: datetime) -> RunSlice:
    return RunSlice(workspace_id=WORKSPACE, job_id=job_id, run_id=run_id, period_start_time=start, period_end_time=end)


def attempt(
    job_id: str,
    run_id: str,
    task_key: str,
    number: int = 0,
    *,
    ended: datetime,
    took: timedelta = 5 * MINUTE,
    state: str | None = "SUCCEEDED",
    code: str | None = "SUCCESS",
    setup: int | None = None,
    computes: tuple[str, ...] = (),
) -> TaskSlice:
    """Return the row of an attempt at a task; its execution is what is left of its time after setup."""
    return TaskSlice(
        workspace_id=WORKSPACE,
        job_id=job_id,
        run_id=f"{run_id}-{task_key}-{number}",
        job_run_id=run_id,
        task_key=task_key,
        period_start_time=ended - took,
        period_end_time=ended,
        result_state=state,
        termination_code=code,
        compute_ids=computes,
        setup_duration_seconds=setup,
        execution_duration_seconds=None if setup is None else round(took.total_seconds()) - setup,
    )


def cluster(
    cluster_id: str, *, source: str, name: str = "shared", changed: datetime = NOW - 90 * DAY
) -> ClusterVersion:
    """Return a version of a cluster."""
    return ClusterVersion(
        workspace_id=WORKSPACE, cluster_id=cluster_id, cluster_name=name, cluster_source=source, change_time=changed
    )


def minutes(
    cluster_id: str, instance: str, *percents: float, since: datetime, driver: bool = False, memory: float = 40
) -> Iterator[NodeMinute]:
    """Yield a node's samples, one for each per cent of its processors."""
    for number, percent in enumerate(percents):
        yield NodeMinute(
            workspace_id=WORKSPACE,
            cluster_id=cluster_id,
            instance_id=instance,
            start_time=since + number * MINUTE,
            end_time=since + (number + 1) * MINUTE,
            driver=driver,
            cpu_user_percent=percent - 1,
            cpu_system_percent=1,
            cpu_wait_percent=2,
            mem_used_percent=memory,
            mem_swap_percent=0,
            node_type="Standard_D4ds_v5",
        )


class Asked:
    """An engine over rows that remembers what it was asked, and refuses what it is told to."""

    def __init__(self, *rows: Row, refused: Mapping[str, Exception] | None = None, now: datetime = NOW) -> None:
        self._engine = DuckEngine(Duck(now, *rows))
        self._refused = refused or {}
        self.names: list[str] = []

    def ask(self, name: str, values: Mapping[str, object]) -> list[dict[str, object]]:
        """Answer a query, or refuse it."""
        self.names.append(name)
        if name in self._refused:
            raise self._refused[name]
        return self._engine.ask(name, values)
