"""What a report makes of facts: how jobs do, what changed, and what comes first."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from lakeflow.history.facts import Cost, JobFacts
from lakeflow.history.wording import Trend, amount, duration, money, percent
from lakeflow.monitor.report import Report, Standing
from tests.lakeflow.monitor.reporting import FIRST, IDLE, SALES, TODAY, WELL, report
from tests.support import facts


def standing(job: JobFacts) -> Standing:
    [found] = Report.of(facts.facts(job)).jobs
    return found.standing


def ran(succeeded: int, failed: int, **said: Any) -> JobFacts:
    return facts.job("sales", facts.stats(facts.durations(succeeded), failed=failed), **said)


@pytest.mark.parametrize(
    ("job", "how"),
    [
        (ran(28, 0), Standing.WELL),
        (ran(99, 1), Standing.WELL),
        (ran(97, 3), Standing.WATCH),
        (ran(89, 11), Standing.FAILING),
        (ran(100, 0, last_outcome="failed"), Standing.FAILING),
        (ran(100, 0, last_outcome="timed_out"), Standing.FAILING),
        (IDLE, Standing.QUIET),
    ],
)
def test_how_a_job_does(job: JobFacts, how: Standing) -> None:
    assert standing(job) is how


def test_a_job_that_became_slower_or_dearer_is_watched() -> None:
    slower = replace(WELL, previous=facts.stats(facts.durations(28, p50=15, p95=18)))
    dearer = replace(
        WELL,
        cost=Cost(dbus=100, runs=28, per_run_mean=3.6),
        previous_cost=Cost(dbus=50, runs=28, per_run_mean=1.8),
    )
    quicker = replace(WELL, previous=facts.stats(facts.durations(28, p50=40, p95=50)))
    assert [standing(job) for job in (slower, dearer, quicker)] == [Standing.WATCH, Standing.WATCH, Standing.WELL]


def test_a_few_runs_are_no_trend() -> None:
    few = replace(WELL, previous=facts.stats(facts.durations(9, p50=5, p95=6)))
    assert standing(few) is Standing.WELL


def test_the_worst_comes_first() -> None:
    failing = ran(1, 9)
    found = report(WELL, IDLE, SALES, replace(failing, key="failing", name="failing", job_id="7")).jobs
    assert [(job.name, job.standing.value) for job in found] == [
        ("failing", "failing"),
        ("sales", "watch"),
        ("Customer export (do not use)", "no runs"),
        ("intake", "well"),
    ]


def test_all_jobs_together() -> None:
    found = report()
    assert (found.outcomes.total, found.outcomes.succeeded) == (58, 56)
    assert (found.dbus.now, found.dbus.before, found.cost.now) == (112.0, 60.0, 33.6)
    assert found.calendar[0] == FIRST
    assert found.calendar[-1] == TODAY
    assert len(found.this_period) == 31  # begins and ends within a day


def test_only_one_job() -> None:
    found = report().of_job("sales")
    assert [job.name for job in found.jobs] == ["sales"]
    assert found.oddities == ()
    assert [job.name for job in report().of_job("120044").jobs] == ["Customer export (do not use)"]


def test_tasks_are_in_the_order_in_which_they_run() -> None:
    tasks = tuple(facts.task(key) for key in ("a-last", "gone", "m-middle", "z-first"))
    body = facts.settings(
        facts.on_cluster("a-last", depends_on=[{"task_key": "m-middle"}]),
        facts.on_cluster("m-middle", depends_on=[{"task_key": "z-first"}], timeout_seconds=600),
        facts.on_cluster("z-first"),
    )
    [job] = Report.of(facts.facts(facts.job(tasks=tasks)), facts.stack({"sales": body})).jobs
    assert [task.key for task in job.tasks] == ["z-first", "m-middle", "a-last", "gone"]
    assert [task.timeout for task in job.tasks] == [None, 600, None, None]


def test_a_graph_with_a_circle_is_shown_all_the_same() -> None:
    body = facts.settings(
        facts.on_cluster("a", depends_on=[{"task_key": "b"}]), facts.on_cluster("b", depends_on=[{"task_key": "a"}])
    )
    known = facts.facts(facts.job(tasks=(facts.task("a"), facts.task("b"))))
    [job] = Report.of(known, facts.stack({"sales": body})).jobs
    assert [task.key for task in job.tasks] == ["a", "b"]


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (Trend(now=120, before=100), "+20%", "worse"),
        (Trend(now=80, before=100), "−20%", "better"),
        (Trend(now=0.8, before=1.0, more_is_worse=False), "−20%", "worse"),
        (Trend(now=109, before=100), "+9%", ""),
        (Trend(now=300, before=100, runs=9), "+200%", ""),
        (Trend(now=100.1, before=100), "±0%", ""),
        (Trend(now=1, before=0), "", ""),
        (Trend(now=None, before=3), "", ""),
    ],
)
def test_a_trend(now: Trend, before: str, said: str) -> None:
    assert now.words == before
    assert ("worse" if now.is_worse else "better" if now.is_better else "") == said


def test_figures_as_people_read_them() -> None:
    assert [percent(share) for share in (None, 1.0, 0.9999, 0.997, 0.82, 0.004, 0.0)] == [
        "–", "100%", "99.9%", "99.7%", "82%", "<1%", "0%",
    ]  # fmt: skip
    assert [amount(value) for value in (None, 1240.3, 18.44, 0.523)] == ["–", "1,240", "18.4", "0.52"]
    assert [money(12.4, currency) for currency in ("USD", "CHF", "<b>")] == ["$12.40", "12.40 CHF", "12.40"]
    assert [money(-1, currency) for currency in ("USD", "CHF")] == ["-$1.00", "-1.00 CHF"]
    assert [duration(seconds) for seconds in (None, 0.2, 61, 5400)] == ["–", "0s", "1m 1s", "1h 30m"]


@given(st.floats(0, 1))
def test_a_share_is_whole_only_if_it_is(share: float) -> None:
    assert (percent(share) == "100%") == (share == 1.0)
    assert (percent(share) == "0%") == (share == 0.0)
