"""What is known of the earlier runs of the jobs of a plan, and what it says of what changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from constructs_lib.errors import LakeflowError
from lakeflow.history.facts import Durations, Facts, JobFacts, TaskStats
from lakeflow.history.wording import amount, duration, money, percent
from lakeflow.review.jobs import JobChange
from lakeflow.review.phrases import Phrase, joined, one_line, say, strong
from lakeflow.words import counted

Json = Mapping[str, Any]

FEWEST_RUNS = 10
"""Fewer runs say nothing."""


@dataclass(frozen=True)
class History:
    """The jobs with a history, by their address and by their id."""

    jobs: Mapping[str, JobFacts] = field(default_factory=dict)
    days: int = 0
    """Length of the period that it is of."""
    until: datetime | None = None
    """When the period ends."""

    @classmethod
    def of(cls, facts: Facts) -> "History":
        """Return the history that facts tell."""
        named = {job.job_id: job for job in facts.jobs} | {job.address: job for job in facts.jobs if job.address}
        return cls(named, facts.days, facts.known_until)

    @classmethod
    def read(cls, path: Path, environment: str | None = None) -> "History":
        """Return the history that a file of `lakeflow monitor record` tells; raise LakeflowError else.

        Jobs have the same addresses in every environment: facts of another than the plan's are refused.
        """
        from lakeflow.history.recorded import read

        facts = read(path)
        if environment and facts.environment != environment:
            raise LakeflowError(
                f"holds facts of {one_line(facts.environment)}, and the plan is of {environment}",
                place=str(path),
                fix=f"record those of {environment}, or leave out --facts",
            )
        return cls.of(facts)

    def job(self, job: JobChange) -> JobFacts | None:
        """Return what is known of a job; None where it is new, or nothing is."""
        if job.is_new:
            return None
        return self.jobs.get(job.address) or self.jobs.get(str(job.before.get("id")))


@dataclass(frozen=True)
class TooShort:
    """A timeout that earlier runs would not have met."""

    task: str | None
    """The task's key; None where it is the job's."""
    timeout: int
    durations: Durations


def too_short(job: JobChange, known: JobFacts) -> Iterator[TooShort]:
    """Yield the timeouts that a plan sets below the 95th percentile of at least ten runs."""
    yield from _below(None, job.before, job.after, known.current.durations)
    took = {task.task_key: task.durations for task in known.tasks}
    before = job.tasks(job.before)
    for key, task in job.tasks(job.after).items():
        yield from _below(key, before.get(key, {}), task, took.get(key))


def _below(task: str | None, before: Json, after: Json, found: Durations | None) -> Iterator[TooShort]:
    timeout = after.get("timeout_seconds")
    if found is None or found.n < FEWEST_RUNS or not isinstance(timeout, int):
        return
    if 0 < timeout < found.p95 and timeout != before.get("timeout_seconds"):
        yield TooShort(task, timeout, found)


def told(job: JobChange, known: JobFacts, history: History) -> Phrase:
    """Return the history of a job: `28 runs in 28 days until 22 Nov 2026, 93% succeeded; p50 35m, p95 41m; …`."""
    now = known.current
    period = counted(history.days, "day") + (f" until {history.until:%d %b %Y}" if history.until else "")
    if not now.outcomes.total:
        return (f"no run in {period}",)
    runs = f"{counted(now.outcomes.total, 'run')} in {period}"
    if now.outcomes.success_rate is not None:
        runs += f", {percent(now.outcomes.success_rate)} succeeded"
    parts: list[Phrase] = [(runs,)]
    if found := now.durations:
        parts.append((f"p50 {duration(found.p50)}, p95 {duration(found.p95)}",))
        parts += _timeout(job.before, job.after, found)
    if cost := _cost(known):
        parts.append((cost,))
    return joined(parts, "; ")


def _cost(known: JobFacts) -> str:
    cost = known.cost
    if cost is None or not cost.runs or cost.per_run_mean is None:
        return ""
    price = f" ({money(cost.list_cost / cost.runs, cost.currency)} list price)" if cost.list_cost is not None else ""
    return f"{amount(cost.per_run_mean)} DBU{price} a run"


def _timeout(before: Json, after: Json, found: Durations) -> Iterator[Phrase]:
    """Yield how a new timeout compares with how long runs took."""
    timeout = after.get("timeout_seconds")
    if not isinstance(timeout, int) or timeout <= 0 or timeout == before.get("timeout_seconds"):
        return
    where = "below p95" if timeout < found.p95 else "below the longest run" if timeout < found.max else "above them all"
    yield say(f"the new timeout of {{}} is {where}", strong(duration(timeout)))


def told_of_task(key: str, job: JobChange, known: JobFacts) -> Phrase:
    """Return the history of a task whose timeout or retries change; nothing where neither does, or none is known."""
    stats = next((task for task in known.tasks if task.task_key == key), None)
    before, after = job.tasks(job.before).get(key), job.tasks(job.after).get(key)
    if stats is None or before is None or after is None:
        return ()
    parts: list[Phrase] = []
    if before.get("timeout_seconds") != after.get("timeout_seconds") and stats.durations:
        parts.append((f"p95 {duration(stats.durations.p95)} over {counted(stats.durations.n, 'run')}",))
        parts += _timeout(before, after, stats.durations)
    if any(before.get(name) != after.get(name) for name in _AGAIN):
        parts.append((_again(stats),))
    return joined(parts, "; ")


_AGAIN = ("max_retries", "retry_on_timeout", "min_retry_interval_millis")


def _again(stats: TaskStats) -> str:
    if not stats.extra_attempts:
        return f"no retry in {counted(stats.attempts, 'run')}"
    return f"retries helped {counted(stats.saved_by_retry, 'run')}, {stats.wasted_retries:,} attempts did not help"


def document(known: JobFacts, days: int, said: str) -> dict[str, Any]:
    """Return a job's history as JSON takes it."""
    now, cost = known.current, known.cost
    return {
        "days": days,
        "runs": now.outcomes.total,
        "success_rate": now.outcomes.success_rate,
        "p50": now.durations.p50 if now.durations else None,
        "p95": now.durations.p95 if now.durations else None,
        "dbus_per_run": cost.per_run_mean if cost else None,
        "said": said,
    }
