"""From the rows of the canonical queries to the values of `Facts`, one function for each kind."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from lakeflow.history.facts import (
    AllPurposeCluster,
    Cost,
    Day,
    Deployed,
    Durations,
    Failure,
    FailureKind,
    Outcomes,
    RunStats,
    TaskDay,
    TaskStats,
    Usage,
)
from lakeflow.history.kinds import kind_of

Row = Mapping[str, Any]


def rounded(value: Any) -> float:
    """Return a number without the last digits, which depend on the order in which an engine adds."""
    return round(float(value), 6)


def number(value: Any) -> float | None:
    """Return a number, or None for what is not known."""
    return None if value is None else rounded(value)


def outcomes(row: Row) -> Outcomes:
    """Return how many ended how."""
    names = ("succeeded", "failed", "timed_out", "cancelled", "skipped", "running")
    return Outcomes(**{name: int(row[name]) for name in names})


def durations(row: Row) -> Durations | None:
    """Return how long they took; None where none can be timed."""
    if not row["timed"]:
        return None
    return Durations(
        n=int(row["timed"]),
        p50=rounded(row["p50"]),
        p95=rounded(row["p95"]),
        p99=rounded(row["p99"]),
        max=rounded(row["longest"]),
    )


def run_stats(row: Row | None, since: datetime, until: datetime) -> RunStats:
    """Return the figures of a job's runs; without a row there were none."""
    if row is None:
        return RunStats(since=since, until=until, outcomes=Outcomes())
    return RunStats(
        since=since,
        until=until,
        outcomes=outcomes(row),
        durations=durations(row),
        queue_mean=number(row["queue_mean"]),
        queue_p95=number(row["queue_p95"]),
        setup_share=number(row["setup_share"]),
        repaired=int(row["repaired"]),
        saved_by_repair=int(row["saved_by_repair"]),
    )


def days(ran: Iterable[Row], used: Iterable[Row]) -> Iterator[Day]:
    """Yield the days with runs or costs, the earliest first."""
    runs: dict[date, Row] = {row["part"]: row for row in ran}
    costs: dict[date, Row] = {row["day"]: row for row in used}
    for day in sorted(runs.keys() | costs.keys()):
        run, cost = runs.get(day), costs.get(day)
        yield Day(
            day=day,
            outcomes=outcomes(run) if run else Outcomes(),
            p50=number(run["p50"]) if run else None,
            p95=number(run["p95"]) if run else None,
            dbus=number(cost["dbus"]) if cost else None,
            list_cost=number(cost["list_cost"]) if cost else None,
        )


def failures(rows: Iterable[Row]) -> tuple[Failure, ...]:
    """Return why runs failed, the most frequent first."""
    found = [
        Failure(
            code=row["code"],
            kind=kind_of(row["code"], row["outcome"]),
            runs=int(row["runs"]),
            last_at=row["last_at"],
            last_run_id=row["last_run_id"],
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda each: (-each.runs, each.code, each.kind)))


def task_stats(row: Row, failed: Iterable[Row], by_day: Iterable[Row]) -> TaskStats:
    """Return the figures of a task, with why its attempts failed and with its days."""
    kinds: dict[FailureKind, int] = {}
    for each in failed:
        kind = kind_of(each["code"], each["outcome"])
        kinds[kind] = kinds.get(kind, 0) + int(each["attempts"])
    return TaskStats(
        task_key=row["task_key"],
        outcomes=outcomes(row),
        durations=durations(row),
        attempts=int(row["attempts"]),
        extra_attempts=int(row["extra_attempts"]),
        saved_by_retry=int(row["saved_by_retry"]),
        wasted_retries=int(row["wasted_retries"]),
        transient_failures=kinds.get(FailureKind.TRANSIENT, 0),
        code_failures=kinds.get(FailureKind.CODE, 0),
        timed_out_attempts=int(row["timed_out_attempts"]),
        setup_mean=number(row["setup_mean"]),
        days=tuple(
            TaskDay(day=each["day"], runs=int(each["runs"]), failed=int(each["failed"]), p50=number(each["p50"]))
            for each in sorted(by_day, key=lambda each: each["day"])
        ),
    )


def cost(row: Row | None) -> Cost | None:
    """Return what runs used; None where nothing was billed by job."""
    if row is None:
        return None
    return Cost(
        dbus=rounded(row["dbus"]),
        list_cost=number(row["list_cost"]),
        currency=row["currency"],
        runs=int(row["runs"]),
        per_run_mean=number(row["per_run_mean"]),
        per_run_p90=number(row["per_run_p90"]),
        per_run_max=number(row["per_run_max"]),
        serverless_share=number(row["serverless_share"]),
    )


def usage(row: Row | None) -> Usage | None:
    """Return how busy workers were; None where too little was measured."""
    if row is None or any(value is None for value in row.values()):
        return None
    return Usage(
        runs=int(row["runs"]),
        node_type=row["node_type"],
        most_workers=int(row["most_workers"]),
        cpu_mean=rounded(row["cpu_mean"]),
        cpu_p95=rounded(row["cpu_p95"]),
        io_wait_mean=rounded(row["io_wait_mean"]),
        memory_max=rounded(row["memory_max"]),
        swap_max=rounded(row["swap_max"]),
    )


def all_purpose(rows: Iterable[Row]) -> tuple[AllPurposeCluster, ...]:
    """Return the all-purpose clusters of a job, by id."""
    found = [
        AllPurposeCluster(
            cluster_id=row["cluster_id"], name=row["cluster_name"] or row["cluster_id"], runs=int(row["runs"])
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda each: each.cluster_id))


def deployed(row: Row) -> Deployed:
    """Return a job's settings as the workspace has them."""
    return Deployed(
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        creator=row["creator"],
        run_as=row["run_as"],
        trigger_type=row["trigger_type"],
        paused=row["paused"],
        quartz=row["quartz"],
        timezone=row["timezone"],
        timeout_seconds=None if row["timeout_seconds"] is None else int(row["timeout_seconds"]),
        managed=row["managed"],
    )
