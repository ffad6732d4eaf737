"""Jobs that no code owns, were changed by hand, never run, start together, or are not there."""

from datetime import timedelta
from typing import Any

import pytest

from lakeflow.history.facts import Deployed, JobFacts
from lakeflow.monitor.inventory import Oddity, inventory
from tests.support.facts import NONE, NOW, durations, facts, job, schedule, settings, stack, stats

OLD = NOW - timedelta(days=200)


def found(kind: str, *jobs: JobFacts, code: Any = None, **said: Any) -> list[Oddity]:
    return [each for each in inventory(facts(*jobs, **said), stack(code), NOW) if each.kind == kind]


def test_an_ordinary_workspace_is_not_odd() -> None:
    assert inventory(facts(), stack(), NOW) == ()


def test_a_job_that_no_code_owns() -> None:
    stray = job(None, deployed=Deployed(created_at=OLD, creator="jd@example.com"), job_id="77")
    assert found("unowned", job(), stray) == [
        Oddity(
            kind="unowned",
            job_id="77",
            name="somebody's job",
            text="28 runs in 30 days, made by jd@example.com",
            hint="write it in the code, or delete it",
        )
    ]


def test_a_job_of_a_bundle_is_its_own_and_a_deleted_one_nobodys() -> None:
    (bundled,) = found("unowned", job(None, deployed=Deployed(managed=True)))
    assert (bundled.text, bundled.hint) == (
        "28 runs in 30 days, deployed by a bundle",
        "leave it to its bundle, or write it in the code",
    )
    assert not found("unowned", job(None, deployed=Deployed(deleted_at=OLD)))


def test_a_job_that_the_code_has_and_the_workspace_not() -> None:
    assert found("not deployed", undeployed=("stock",)) == [
        Oddity(
            kind="not deployed",
            job_id=None,
            name="stock",
            text="the code of prod has it, and the workspace does not",
            hint="deploy it",
        )
    ]


def test_a_job_changed_by_hand() -> None:
    changed = Deployed(changed_at=NOW - timedelta(days=3), paused=True, timeout_seconds=0)
    (oddity,) = found("changed by hand", job(deployed=changed))
    assert oddity.text == (
        "the trigger is paused, in the code active; the timeout is none, in the code 45m "
        "(last changed on 19 November 2026)"
    )
    assert not found("changed by hand", job(deployed=Deployed(changed_at=NOW)))


def never(key: str | None = "sales", last: int | None = None, **said: Any) -> JobFacts:
    moment = None if last is None else NOW - timedelta(days=last)
    return job(key, current=NONE, last_run_at=moment, deployed=Deployed(**{"created_at": OLD, **said}))


def test_a_schedule_that_starts_nothing() -> None:
    assert [each.text for each in found("never runs", never())] == [
        "30 starts scheduled in 30 days and none made; no run is known"
    ]
    daily = {"quartz": "0 0 5 * * ?", "timezone": "UTC", "paused": False}
    (stray,) = found("never runs", never(None, last=50, **daily))
    assert stray.text.endswith("none made; the last run was on 3 October 2026")


def test_a_job_that_nobody_ever_started() -> None:
    by_hand = settings(without=("schedule",))
    waiting = settings(trigger={"file_arrival": {"url": "/Volumes/a/"}}, without=("schedule",))
    for body in (by_hand, waiting):
        (oddity,) = found("never runs", never(), code={"sales": body})
        assert oddity.text == "made on 6 May 2026, and no run is known"


@pytest.mark.parametrize(
    ("history", "body"),
    [
        (never(paused=True), settings()),
        (never(), settings(schedule=schedule("0 30 5 * * ?", "PAUSED"))),
        (never(created_at=NOW - timedelta(days=7)), settings()),
        (never(created_at=None), settings()),
        (never(), settings(schedule=schedule("0 0 6 1 1 ?"))),
        (never(last=50), settings(without=("schedule",))),
        (never(created_at=NOW - timedelta(days=60)), settings(without=("schedule",))),
        (job(), settings()),
    ],
    ids=[
        "paused there",
        "paused here",
        "new",
        "of unknown age",
        "yearly",
        "was started by hand",
        "waits not long",
        "runs",
    ],
)
def test_what_does_not_run_for_a_reason_is_not_odd(history: JobFacts, body: dict[str, Any]) -> None:
    assert not found("never runs", history, code={"sales": body})


def at(expression: str, job_id: str, minutes: float = 20) -> JobFacts:
    deployed = Deployed(quartz=expression, timezone="UTC", paused=False)
    took = durations(p50=minutes, p95=minutes + 1, longest=minutes + 2)
    return job(None, current=stats(took), deployed=deployed, job_id=job_id, name=f"job {job_id}")


def test_two_heavy_jobs_in_one_minute() -> None:
    """At 05:30 in Berlin it is 04:30 UTC: the daily job of the code and a weekly one that no code owns."""
    (oddity,) = found("schedules collide", job(), at("0 30 4 ? * WED", "7"))
    assert (oddity.name, oddity.job_id) == ("job 7, sales", None)
    assert oddity.text == "start in the same minute 1 time in the coming week, first on Wednesday at 04:30 UTC"


def test_many_light_jobs_in_one_minute_and_only_the_largest_crowd() -> None:
    crowd = [at("0 0 4 * * ?", str(number), minutes=1) for number in range(6)]
    weekly = at("0 0 4 ? * MON", "9", minutes=1)
    (oddity,) = found("schedules collide", *crowd, weekly)
    assert oddity.name == "job 0, job 1, job 2, job 3, job 4, job 5, job 9"


@pytest.mark.parametrize(
    "other",
    [
        at("0 31 4 * * ?", "7"),
        at("0 30 4 * * ?", "7", minutes=2),
        at("0 0/10 * * * ?", "7"),
        job(None, job_id="7", deployed=Deployed(quartz="0 30 4 * * ?", timezone="UTC")),
        job(None, job_id="7", deployed=Deployed(quartz="0 30 4 * * ?", timezone="UTC", paused=True)),
        job(None, job_id="7", deployed=Deployed(quartz="what is this", timezone="UTC", paused=False)),
    ],
    ids=["a minute later", "light", "all the time", "perhaps paused", "paused", "unreadable"],
)
def test_schedules_that_do_not_collide(other: JobFacts) -> None:
    assert not found("schedules collide", job(), other)
