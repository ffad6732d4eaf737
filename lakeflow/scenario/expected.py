"""The numbers of a history, counted from its runs: what whoever reads its tables or its answers has to find.

No row and no query is looked at, so that a report can be held against it. The values are those of `lakeflow.history`;
what they say of a run (a repaired one counts once, by its last state; only first attempts are timed) holds here too.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from decimal import Decimal

from lakeflow.history.facts import Durations, Outcomes
from lakeflow.history.spelling import table_code
from lakeflow.scenario.model import ComputeKind, Job, Scenario
from lakeflow.scenario.playback import History
from lakeflow.scenario.runs import NEVER_RAN, SUCCESSES, Run, TaskRun
from lakeflow.scenario.use import Use, uses

_WORDS: Mapping[str | None, str] = {
    "SUCCESS": "succeeded",
    "SUCCESS_WITH_FAILURES": "succeeded",
    "FAILED": "failed",
    "TIMEDOUT": "timed_out",
    "CANCELED": "cancelled",
    "SKIPPED": "skipped",
    None: "running",
    **dict.fromkeys(NEVER_RAN, "skipped"),
}


def ended(history: History, job_key: str, since: datetime, until: datetime) -> tuple[Run, ...]:
    """Return the runs of a job that ended after one instant and not after another, and those that go on at the end."""
    return tuple(
        run
        for run in history.of(job_key)
        if run.started_at <= until and (run.ended_at is None or since < run.ended_at <= until)
    )


def outcomes(runs: Iterable[Run | TaskRun]) -> Outcomes:
    """Return how many ended how."""
    return Outcomes(**Counter(_WORDS[run.result] for run in runs))


def durations(runs: Iterable[Run]) -> Durations | None:
    """Return how long runs took that succeeded at the first attempt; None where there are none."""
    return of_seconds(
        run.duration.total_seconds() for run in runs if run.result in SUCCESSES and len(run.stretches) == 1
    )


def of_seconds(seconds: Iterable[float]) -> Durations | None:
    """Return percentiles, which interpolate."""
    took = sorted(seconds)
    if not took:
        return None
    p50, p95, p99 = (percentile(took, share) for share in (0.5, 0.95, 0.99))
    return Durations(n=len(took), p50=p50, p95=p95, p99=p99, max=took[-1])


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return a percentile of ordered numbers, between two of them in proportion."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def failures(runs: Iterable[Run]) -> dict[str, int]:
    """Return the runs that failed, timed out or were skipped, by termination code, as the tables spell it."""
    wrong = (run for run in runs if _WORDS[run.result] in {"failed", "timed_out", "skipped"})
    return dict(Counter(table_code(run.code or "UNKNOWN") for run in wrong))


def executions(runs: Iterable[Run], task_key: str) -> Iterator[tuple[TaskRun, ...]]:
    """Yield the attempts at a task in each run that has any, those of repairs too."""
    for run in runs:
        attempts = tuple(task for task in run.tasks() if task.task_key == task_key)
        if attempts:
            yield attempts


def dbus(history: History, job_key: str, since: datetime, until: datetime) -> Decimal:
    """Return the DBUs that are billed to a job for what it used between two instants, corrections netted."""
    return sum((_dbus(history.scenario, use) for use in _billed(history, job_key, since, until)), Decimal(0))


def list_cost(history: History, job_key: str, since: datetime, until: datetime) -> Decimal:
    """Return what these DBUs cost by list price; a use that spans a change of prices is not counted well."""
    scenario = history.scenario
    return sum(
        (_dbus(scenario, use) * _price(scenario, use) for use in _billed(history, job_key, since, until)), Decimal(0)
    )


def _billed(history: History, job_key: str, since: datetime, until: datetime) -> Iterator[Use]:
    known = history.scenario.until - history.scenario.tables_behind
    for use in uses(history, known):
        to_job = use.compute.kind in {ComputeKind.JOB_CLUSTER, ComputeKind.SERVERLESS}
        if use.run.job == job_key and to_job and since <= use.start < until:
            yield use


def _dbus(scenario: Scenario, use: Use) -> Decimal:
    hours = Decimal(round((use.end - use.start).total_seconds())) / 3600
    used = Decimal(str(use.compute.dbus_per_hour)) * Decimal(str(use.run.dbus)) * hours
    return used * _factor(scenario.jobs[use.run.job], use.start)


def _factor(job: Job, at: datetime) -> Decimal:
    factors = [correction.factor for correction in job.corrections if correction.on == at.date()]
    return Decimal(str(factors[-1])) if factors else Decimal(1)


def _price(scenario: Scenario, use: Use) -> Decimal:
    prices = [
        (datetime.combine(price.since, time(), UTC) if price.since else datetime.min.replace(tzinfo=UTC), price.price)
        for price in scenario.prices
        if price.sku == use.compute.sku
    ]
    in_force = [price for since, price in sorted(prices) if since <= use.start]
    return Decimal(str(in_force[-1])) if in_force else Decimal(0)
