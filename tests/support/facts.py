"""Facts about jobs, and the stack that they belong to: ordinary unless a test says otherwise.

A job `sales` of one task `load`, started every morning at 05:30, queued, with a timeout and a warning that suit its
runs: 28 of them in 30 days, of 20 to 25 minutes. Nothing is to be said about it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from lakeflow.history.facts import Deployed, Durations, Facts, JobFacts, Outcomes, RunStats, TaskStats
from lakeflow.monitor.advice import Advice
from lakeflow.stack_map import JobEntry, StackMap

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
"""A Sunday."""
DAYS = 30
SINCE = NOW - timedelta(days=DAYS)

Settings = dict[str, Any]


def minutes(count: float) -> float:
    """Return minutes in seconds."""
    return 60 * count


def durations(
    n: int = 28, p50: float = 20, p95: float = 24, longest: float = 25, p99: float | None = None
) -> Durations:
    """Return how long runs took, from minutes."""
    return Durations(
        n=n, p50=minutes(p50), p95=minutes(p95), p99=minutes(longest if p99 is None else p99), max=minutes(longest)
    )


def stats(took: Durations | None = None, *, succeeded: int | None = None, **said: Any) -> RunStats:
    """Return a period's runs: as many successful ones as there are durations, and `failed=`, `timed_out=` … others."""
    took = durations() if took is None else took
    names = ("failed", "timed_out", "cancelled", "skipped", "running")
    counts = {name: said.pop(name) for name in names if name in said}
    outcomes = Outcomes(succeeded=took.n if succeeded is None else succeeded, **counts)
    return RunStats(since=SINCE, until=NOW, outcomes=outcomes, durations=took if took.n else None, **said)


NONE = stats(durations(n=0), succeeded=0)
"""A period without runs."""


def task(
    key: str = "load", n: int = 28, *, p50: float = 15, p95: float = 18, failed: int = 0, **said: Any
) -> TaskStats:
    """Return a task's executions: `n` successful ones, from minutes, and `failed` others."""
    took = durations(n, p50, p95, p95 + 1)
    return TaskStats(
        task_key=key,
        outcomes=Outcomes(succeeded=n, failed=failed),
        durations=took,
        **{"attempts": n + failed, **said},
    )


def job(key: str | None = "sales", current: RunStats | None = None, **said: Any) -> JobFacts:
    """Return a job's history."""
    return JobFacts(
        **{
            "job_id": {"sales": "101"}.get(key or "", "102"),
            "name": key or "somebody's job",
            "key": key,
            "address": f"databricks_job.{key}" if key else None,
            "current": current or stats(),
            "last_run_at": NOW - timedelta(days=1),
            "deployed": Deployed(created_at=NOW - timedelta(days=400), changed_at=NOW - timedelta(days=90)),
            **said,
        }
    )


def facts(*jobs: JobFacts, **said: Any) -> Facts:
    """Return what is known of a workspace with these jobs."""
    return replace(
        Facts(
            source="system-tables",
            environment="prod",
            host="https://adb-3333333333333333.3.azuredatabricks.net",
            asked_at=NOW,
            known_until=NOW,
            days=DAYS,
            jobs=jobs or (job(),),
        ),
        **said,
    )


def on_cluster(key: str = "load", **said: Any) -> Settings:
    """Return the settings of a task on the shared cluster, never retried."""
    return {
        "task_key": key,
        "job_cluster_key": "etl",
        "notebook_task": {"notebook_path": f"assets/{key}"},
        "max_retries": 0,
        **said,
    }


def settings(*tasks: Settings, without: tuple[str, ...] = (), **said: Any) -> Settings:
    """Return a job's settings, with some attributes replaced and some left out."""
    whole = {
        "name": "sales",
        "max_concurrent_runs": 1,
        "queue": {"enabled": True},
        "timeout_seconds": 2700,
        "health": {"rules": [{"metric": "RUN_DURATION_SECONDS", "op": "GREATER_THAN", "value": 1920}]},
        "schedule": schedule("0 30 5 * * ?"),
        "job_cluster": [
            {"job_cluster_key": "etl", "new_cluster": {"node_type_id": "Standard_D8ds_v5", "num_workers": 4}}
        ],
        "task": list(tasks) or [on_cluster()],
        **said,
    }
    return {name: value for name, value in whole.items() if name not in without}


def schedule(expression: str, status: str = "UNPAUSED", zone: str = "Europe/Berlin") -> Settings:
    """Return the settings of a schedule."""
    return {"quartz_cron_expression": expression, "timezone_id": zone, "pause_status": status}


def entry(body: Settings | None = None, key: str = "sales", source: str | None = None) -> JobEntry:
    """Return a job of the code."""
    return JobEntry(
        key=key,
        address=f"databricks_job.{key}",
        path=f"prod/{key}/job",
        name=key,
        goal="Sales are known in the morning.",
        owner="data-engineering",
        source=source,
        settings=settings() if body is None else body,
        known={},
        accepted={},
        findings=(),
    )


def stack(jobs: Mapping[str, Settings] | None = None) -> StackMap:
    """Return a stack of these jobs, `sales` unless said otherwise."""
    found = {"sales": settings()} if jobs is None else jobs
    return StackMap(
        stack="prod",
        order=2,
        environment="prod",
        host="https://adb-3333333333333333.3.azuredatabricks.net",
        sources="sha256:0",
        variables=(),
        jobs={key: entry(body, key) for key, body in found.items()},
    )


def applied(body: Settings, advice: Advice) -> Settings:
    """Return a job's settings with an advice's value in the place of the one before."""
    changed: Settings = _copy(body)
    where: Any = changed
    if advice.task is not None:
        where = _named(changed["task"], "task_key", advice.task)
    *path, last = advice.setting.split(".")
    if advice.setting == "health.rules":
        where["health"] = {"rules": [{"metric": "RUN_DURATION_SECONDS", "op": "GREATER_THAN", "value": advice.after}]}
        return changed
    for step in path:
        below = where if isinstance(where, list) else None
        where = _named(below, "job_cluster_key", step) if below is not None else where.setdefault(step, {})
    where[last] = advice.after
    return changed


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(entry) for key, entry in value.items()}
    return [_copy(entry) for entry in value] if isinstance(value, list) else value


def _named(items: list[Settings], by: str, name: str) -> Settings:
    return next(each for each in items if each[by] == name)
