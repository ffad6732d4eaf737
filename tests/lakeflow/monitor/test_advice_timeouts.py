"""T1, T2 and H1: how long a run may take, and when somebody is warned."""

import pytest

from lakeflow.history.facts import Deployed
from lakeflow.monitor.rules import advise
from tests.lakeflow.monitor.advising import advised, only, words
from tests.support.facts import NOW, durations, facts, job, on_cluster, schedule, settings, stack, stats, task


def test_of_an_ordinary_job_nothing_is_said() -> None:
    assert advise(facts(), stack(), NOW) == ()


def test_t1_no_timeout() -> None:
    found = only("T1", settings(without=("timeout_seconds",)))
    assert words(found) == (
        "no timeout",
        "p99 25m, longest 25m over 28 runs in 30 days",
        "Set a timeout of 39m: a run that hangs is ended.",
    )
    assert (found.setting, found.before, found.after) == ("timeout_seconds", None, 39 * 60)
    assert (found.evidence.n, found.evidence.days, found.evidence.percentile) == (28, 30, "p99")
    assert (found.evidence.confidence, found.address, found.task) == ("high", "databricks_job.sales", None)


def test_t1_a_loose_timeout() -> None:
    found = only("T1", settings(timeout_seconds=4 * 3600))
    assert found.title == "the timeout of 4h is 10 times the longest run"
    assert found.change == "Lower the timeout to 39m: a run that hangs is ended sooner."
    assert (found.before, found.after) == (14400, 2340)


def test_t1_leaves_room_for_a_retry_of_the_slowest_task() -> None:
    load = on_cluster(max_retries=1, min_retry_interval_millis=20 * 60 * 1000)
    found = only("T1", settings(load, without=("timeout_seconds",)), job(tasks=(task(p95=18),)))
    assert found.after == (25 + 20) * 60


def test_t1_a_timeout_comes_after_the_warning() -> None:
    late = {"rules": [{"metric": "RUN_DURATION_SECONDS", "op": "GREATER_THAN", "value": 5400}]}
    assert only("T1", settings(health=late, without=("timeout_seconds",))).after == 6480
    assert only("T1", settings(health=late, timeout_seconds=10800)).after == 6480
    assert not advised("T1", settings(health=late, timeout_seconds=9600))


def test_t1_short_runs_have_ten_minutes() -> None:
    quick = job(current=stats(durations(p50=1, p95=2, longest=2)))
    assert only("T1", settings(without=("timeout_seconds", "health")), quick).after == 600


def test_t1_runs_of_no_second_at_all() -> None:
    found = only("T1", settings(timeout_seconds=7200, without=("health",)), job(current=stats(durations(28, 0, 0, 0))))
    assert (found.title, found.after) == ("the timeout of 2h is 7200 times the longest run", 600)


def test_references_are_known_to_terraform_alone() -> None:
    later = {"timeout_seconds": "${var.longest}", "max_retries": "${var.retries}"}
    body = settings(on_cluster(**later), timeout_seconds="${var.longest}", max_concurrent_runs="${var.places}")
    known = job(tasks=(task(),), deployed=Deployed(timeout_seconds=60, max_concurrent_runs=3))
    assert advise(facts(known), stack({"sales": body}), NOW) == ()


@pytest.mark.parametrize("timeout", [2700, 5000, 6000])
def test_t1_is_silent_on_a_timeout_near_the_runs(timeout: int) -> None:
    assert not advised("T1", settings(timeout_seconds=timeout))


def test_t1_is_silent_on_nine_runs_on_a_stream_and_on_ten_minutes() -> None:
    silent = settings(without=("timeout_seconds",))
    assert not advised("T1", silent, job(current=stats(durations(n=9))))
    assert advised("T1", silent, job(current=stats(durations(n=10))))[0].evidence.confidence == "medium"
    assert not advised("T1", settings(continuous={"pause_status": "UNPAUSED"}, without=("timeout_seconds", "schedule")))
    quick = job(current=stats(durations(p50=1, p95=1, longest=1)))
    assert not advised("T1", settings(timeout_seconds=900, without=("health",)), quick)


def test_t2_a_timeout_that_ordinary_runs_come_close_to() -> None:
    found = only("T2", settings(timeout_seconds=1740))
    assert words(found) == (
        "the timeout of 29m is tight",
        "p95 24m, longest 25m over 28 runs in 30 days",
        "Raise the timeout to 38m, or make the job faster.",
    )
    assert (found.before, found.after) == (1740, 38 * 60)


def test_t2_runs_that_a_tight_timeout_ended() -> None:
    found = only("T2", settings(timeout_seconds=2000), job(current=stats(timed_out=2)))
    assert found.evidence.text == "p95 24m, longest 25m over 28 runs in 30 days, 2 runs ended by it"


def test_t2_a_timeout_that_ends_most_runs() -> None:
    ended = job(current=stats(durations(n=3), timed_out=12), deployed=Deployed(timeout_seconds=1500))
    assert words(only("T2", settings(timeout_seconds=1500), ended)) == (
        "the timeout of 25m ends most runs",
        "12 of 15 runs in 30 days ended by it",
        "Raise the timeout to 50m and look at it again, or make the job faster.",
    )


def test_t2_a_tight_timeout_of_a_task() -> None:
    found = only("T2", settings(on_cluster(timeout_seconds=1260)), job(tasks=(task(timed_out_attempts=1),)))
    assert (found.task, found.after) == ("load", 29 * 60)
    assert words(found) == (
        "the timeout of 21m is tight",
        "p95 18m, longest 19m over 28 runs in 30 days, 1 attempt ended by it",
        "Raise the timeout to 29m, or make the task faster.",
    )


def test_t2_is_silent_where_what_was_ended_was_hanging() -> None:
    assert not advised("T2", settings(timeout_seconds=4000), job(current=stats(timed_out=3)))


def test_t2_is_silent_without_a_timeout_with_room_and_on_few_runs() -> None:
    assert not advised("T2", settings(without=("timeout_seconds",)))
    assert not advised("T2", settings(timeout_seconds=1900))
    assert not advised("T2", settings(timeout_seconds=1500), job(current=stats(durations(n=9))))
    few = job(current=stats(durations(n=1), timed_out=8), deployed=Deployed(timeout_seconds=1500))
    assert not advised("T2", settings(timeout_seconds=1500), few)


def test_t2_is_silent_where_the_code_has_been_changed_since() -> None:
    ended = job(current=stats(durations(n=3), timed_out=12), deployed=Deployed(timeout_seconds=1500))
    assert not advised("T2", settings(timeout_seconds=3000), ended)


def test_h1_no_warning() -> None:
    found = only("H1", settings(without=("health",)))
    assert words(found) == (
        "no warning of slow runs",
        "p50 20m, p95 24m over 28 runs in 30 days",
        "Warn of runs longer than 32m; none of these runs would have been warned of.",
    )
    assert (found.setting, found.before, found.after) == ("health.rules", None, 1920)


def test_h1_says_how_often_the_warning_would_have_come() -> None:
    spread = job(current=stats(durations(p50=20, p95=24, p99=30, longest=40)))
    assert only("H1", settings(timeout_seconds=3600, without=("health",)), spread).change == (
        "Warn of runs longer than 32m; about 1 in 100 of these runs would have been warned of, at most."
    )


@pytest.mark.parametrize(
    ("threshold", "title"),
    [
        (2700, "the warning after 45m never comes: runs end at 45m"),
        (900, "the warning after 15m comes for most runs"),
    ],
)
def test_h1_a_useless_warning(threshold: int, title: str) -> None:
    found = only("H1", settings(health={"rules": [{"metric": "RUN_DURATION_SECONDS", "value": threshold}]}))
    assert (found.title, found.before, found.after) == (title, threshold, 1920)


def test_h1_is_silent_where_nobody_needs_one() -> None:
    """A deadline far behind the runs, a job that people start, a short one, a stream, a paused one, nine runs."""
    assert not advised(
        "H1", settings(timeout_seconds=7200, health={"rules": [{"metric": "RUN_DURATION_SECONDS", "value": 5400}]})
    )
    assert not advised("H1", settings(without=("health", "schedule")))
    assert not advised("H1", settings(without=("health",)), job(current=stats(durations(p50=2, p95=3, longest=4))))
    assert not advised("H1", settings(continuous={"pause_status": "UNPAUSED"}, without=("health", "schedule")))
    assert not advised("H1", settings(schedule=schedule("0 30 5 * * ?", "PAUSED"), without=("health",)))
    assert not advised("H1", settings(without=("health",)), job(current=stats(durations(n=9))))


def test_h1_leaves_a_timeout_without_room_to_t2() -> None:
    tight = settings(timeout_seconds=1740, without=("health",))
    assert not advised("H1", tight)
    assert advised("T2", tight)
