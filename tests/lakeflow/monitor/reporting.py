"""A report to look at: one job with everything that a report shows, and others beside it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lakeflow.history.facts import (
    Change,
    Cost,
    Day,
    Failure,
    FailureKind,
    JobFacts,
    Outcomes,
    TaskDay,
)
from lakeflow.monitor.advice import Advice, Evidence, Place
from lakeflow.monitor.comparison import Verdict
from lakeflow.monitor.critical_path import CriticalPath
from lakeflow.monitor.inventory import Oddity
from lakeflow.monitor.report import Report
from tests.support import facts

CHANGED = datetime(2026, 11, 10, 9, tzinfo=UTC)
TODAY = facts.NOW.date()


def day(ago: int, *, p50: float | None = 1200, p95: float | None = None, **outcomes: int) -> Day:
    """Return a day of runs, so many days ago."""
    counted = Outcomes(**outcomes or {"succeeded": 1})
    return Day(day=TODAY - timedelta(days=ago), outcomes=counted, p50=p50, p95=p95 or p50, dbus=3.0, list_cost=0.9)


SALES = facts.job(
    "sales",
    facts.stats(failed=1, timed_out=1, queue_mean=4.0, queue_p95=61.0, setup_share=0.31, repaired=2, saved_by_repair=1),
    previous=facts.stats(facts.durations(30, p50=15, p95=18, longest=19)),
    last_outcome="succeeded",
    days=(*(day(ago) for ago in range(40, 2, -1)), day(2, p50=None, failed=1), day(1, p50=None, timed_out=1), day(0)),
    failures=(
        Failure(
            code="RUN_EXECUTION_ERROR",
            kind=FailureKind.CODE,
            runs=1,
            last_at=datetime(2026, 11, 20, 5, 42, tzinfo=UTC),
            last_run_id="9001",
        ),
    ),
    tasks=(
        facts.task(
            "load",
            failed=2,
            attempts=37,
            extra_attempts=7,
            saved_by_retry=4,
            wasted_retries=3,
            days=(
                TaskDay(day=TODAY - timedelta(days=1), runs=1, failed=1),
                TaskDay(day=TODAY, runs=1, failed=0, p50=900.0),
            ),
        ),
    ),
    cost=Cost(dbus=112.0, list_cost=33.6, runs=30, per_run_mean=3.73, per_run_p90=4.0, per_run_max=5.1),
    previous_cost=Cost(dbus=60.0, list_cost=18.0, runs=30, per_run_mean=2.0),
    change=Change(changed_at=CHANGED, before=facts.stats(), after=facts.stats()),
)
WELL = facts.job("intake", last_outcome="succeeded")
IDLE = facts.job(None, facts.NONE, job_id="120044", name="Customer export (do not use)", last_run_at=None)
ADVICE = Advice(
    rule="T2",
    job="sales",
    address="databricks_job.sales",
    task=None,
    title="the timeout of 45m is tight",
    evidence=Evidence(n=28, days=30, percentile="p95", text="p95 24m over 28 runs in 30 days", confidence="high"),
    change="Raise the timeout to 1h.",
    setting="timeout_seconds",
    before=2700,
    after=3600,
    place=Place(file="environments/prod.yaml", line=41, what="products.sales.timeout_minutes"),
    edit=None,
)
ODD = Oddity(
    kind="unowned",
    job_id="120044",
    name="Customer export (do not use)",
    text="no code owns it",
    hint="adopt it, or delete it",
)


def report(*jobs: JobFacts, **said: Any) -> Report:
    """Return the report of jobs, `sales` and two others unless said otherwise."""
    known = facts.facts(*jobs or (WELL, SALES, IDLE), not_known=("Notifications of the jobs.",))
    return Report.of(
        replace(known, **said),
        facts.stack({"sales": facts.settings(), "intake": facts.settings()}),
        advice=(ADVICE,),
        oddities=(ODD,),
        paths={"sales": CriticalPath(tasks=("load",), seconds=900.0, slack={"load": 0.0})},
        verdicts={SALES.job_id: Verdict(word="worse", text="p95 18m → 24m over 12 runs")},
    )


def named(name: str) -> Report:
    """Return the report of a job that no code owns and somebody has given a name."""
    return report(replace(SALES, key=None, address=None, name=name))


FIRST = date(2026, 9, 23)
"""The first day of the period before, of two of thirty days."""
