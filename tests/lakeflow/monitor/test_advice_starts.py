"""C1 and C2: runs that overlap, and jobs that all start in the same minute."""

from datetime import timedelta

import pytest

from lakeflow.history.facts import Deployed, Failure, FailureKind, JobFacts
from lakeflow.monitor.rules import advise
from tests.lakeflow.monitor.advising import advised, only, words
from tests.support.facts import NOW, Settings, durations, facts, job, schedule, settings, stack, stats

REFUSED = Failure(
    code="MAX_CONCURRENT_RUNS_EXCEEDED",
    kind=FailureKind.CAPACITY,
    runs=4,
    last_at=NOW - timedelta(days=2),
    last_run_id="9",
)
UNQUEUED = {"enabled": False}


def test_c1_runs_that_were_skipped() -> None:
    found = only("C1", settings(queue=UNQUEUED), job(current=stats(skipped=4), failures=(REFUSED,)))
    assert words(found) == (
        "runs overlap and are skipped",
        "4 of 32 runs in 30 days found no place and were skipped",
        "Queue its runs: one that finds no place waits instead of being skipped.",
    )
    assert (found.setting, found.before, found.after) == ("queue.enabled", False, True)


def test_c1_a_start_before_the_run_before_it_is_over() -> None:
    found = only("C1", settings(queue=UNQUEUED, schedule=schedule("0 0/20 * * * ?")))
    assert (found.title, found.evidence.percentile) == ("runs start before the last one is over", "p95")
    assert found.evidence.text == "p95 24m over 28 runs in 30 days, and a run starts every 20m"


@pytest.mark.parametrize(
    "body",
    [
        settings(queue=UNQUEUED),
        settings(queue=UNQUEUED, schedule=schedule("0 0/20 * * * ?", "PAUSED")),
        settings(queue=UNQUEUED, schedule=schedule("0 0/20 * * * ?"), max_concurrent_runs=2),
        settings(queue=UNQUEUED, continuous={"pause_status": "UNPAUSED"}, without=("schedule",)),
        settings(queue=UNQUEUED, without=("schedule",)),
    ],
    ids=["a day apart", "paused", "two at once", "continuous", "manual"],
)
def test_c1_is_silent_where_runs_do_not_overlap(body: Settings) -> None:
    assert not advised("C1", body)


def test_c1_is_silent_with_a_queue_that_drains() -> None:
    """Some runs wait; in the end all have been done."""
    assert not advised("C1", settings(schedule=schedule("0 0/22 * * * ?")))
    assert not advised("C1", settings(schedule=schedule("0 0/15 8-18 * * ?")))
    assert not advised("C1", settings(schedule=schedule("0 0,15 5 * * ?")))
    assert not advised("C1", None, job(failures=(REFUSED,), current=stats(skipped=4)))


def test_c1_a_queue_that_never_drains() -> None:
    found = only("C1", settings(schedule=schedule("0 0/15 * * * ?")))
    assert words(found) == (
        "runs take longer than the time between two starts",
        "p50 20m over 28 runs in 30 days, and a run starts every 15m",
        "Start it less often than every 20m, make it faster, or let more runs go on at once if they do not disturb "
        "each other.",
    )
    assert (found.before, found.after) == ("0 0/15 * * * ?", None)


def test_c1_a_period_shorter_than_its_runs() -> None:
    hourly = {"periodic": {"interval": 1, "unit": "HOURS"}, "pause_status": "UNPAUSED"}
    long = job(current=stats(durations(p50=80, p95=90, longest=95)))
    found = only("C1", settings(trigger=hourly, timeout_seconds=9000, without=("schedule",)), long)
    assert (found.setting, found.before) == ("trigger.periodic.interval", 1)


def waiting(key: str, queue: float = 300) -> JobFacts:
    return job(key, current=stats(queue_p95=queue), job_id=key)


HERD = {key: settings(schedule=schedule("0 0 5 * * ?")) for key in ("costs", "sales", "stock")}


def test_c2_each_job_of_a_herd_moves_to_another_minute() -> None:
    known = facts(*map(waiting, HERD))
    found = [each for each in advise(known, stack(HERD), NOW) if each.rule == "C2"]
    assert [(each.job, each.before, each.after) for each in found] == [
        ("costs", "0 0 5 * * ?", "0 1 5 * * ?"),
        ("sales", "0 0 5 * * ?", "0 2 5 * * ?"),
        ("stock", "0 0 5 * * ?", "0 3 5 * * ?"),
    ]
    assert words(found[1]) == (
        "starts in the same minute as 2 other jobs, and waits",
        "p95 of waiting 5m over 28 runs in 30 days",
        "Start it at minute 2 instead, when fewer jobs start.",
    )
    moved = {**HERD, "sales": settings(schedule=schedule("0 2 5 * * ?"))}
    assert not [each for each in advise(known, stack(moved), NOW) if each.rule == "C2"]


def test_c2_counts_jobs_that_no_code_owns() -> None:
    others = [
        job(None, job_id=id_, deployed=Deployed(quartz="0 30 5 * * ?", timezone="Europe/Berlin", paused=False))
        for id_ in ("7", "8")
    ]
    found = [each for each in advise(facts(waiting("sales"), *others), stack(), NOW) if each.rule == "C2"]
    assert [each.after for each in found] == ["0 31 5 * * ?"]


def test_c2_is_silent_where_nobody_waits_where_few_start_and_where_others_are_paused() -> None:
    def herd(*jobs: JobFacts, bodies: dict[str, Settings] = HERD) -> list[str]:
        return [each.job for each in advise(facts(*jobs), stack(bodies), NOW) if each.rule == "C2"]

    assert not herd(*(waiting(key, queue=10) for key in HERD))
    assert not herd(*map(job, HERD))
    assert not herd(waiting("sales"), bodies={key: HERD[key] for key in ("costs", "sales")})
    stopped = {"costs": settings(schedule=schedule("0 0 5 * * ?", "PAUSED"))}
    assert not herd(waiting("sales"), bodies={**HERD, **stopped})


def test_c2_is_silent_where_a_job_waits_for_its_own_runs() -> None:
    often = {key: settings(schedule=schedule("0 0/20 * * * ?")) for key in HERD}
    found = advise(facts(*map(waiting, often)), stack(often), NOW)
    assert not [each for each in found if each.rule == "C2"]
