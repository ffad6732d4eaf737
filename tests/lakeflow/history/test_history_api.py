"""The Jobs API's run history becomes the rows that the system tables have; what it cannot tell is said."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest

from constructs_lib.errors import LakeflowError
from lakeflow.history.api import ApiHistory, history
from lakeflow.history.tables import JobVersion, Row, RunSlice, TaskSlice
from lakeflow.scenario.playback import History
from lakeflow.scenario.rows import rows
from tests.support.past import Past
from tests.support.scenarios import UNTIL, played
from tests.support.workspace_exchange import broken, forbidden, refused, saying, throttled

DAYS = timedelta(days=1)
ENDLESS = "the workspace's list of them does not end."
REPAIRED = {"when": {"on": "2026-11-14"}, "attempts": {"report": "RUN_EXECUTION_ERROR"}, "repairs": {"after": "2h"}}
MANY = (
    REPAIRED,
    {"when": {"on": "2026-11-15"}, "cancel_after": "1m"},
    {"when": {"on": "2026-11-16"}, "slow": 9},
    {"when": {"on": "2026-11-17"}, "skip": "MAX_CONCURRENT_RUNS_EXCEEDED"},
    {"when": {"on": "2026-11-18"}, "attempts": {"load": ["CLOUD_FAILURE", "SUCCESS"]}},
    {"when": {"on": "2026-11-19"}, "attempts": {"load": "CLOUD_FAILURE"}},
    {"when": {"on": "2026-11-20"}, "queue": "20m"},
)
TASKS = {
    "load": {"takes": "10m", "max_retries": 1, "compute": "etl"},
    "report": {"takes": "20m", "after": "load", "compute": "mine"},
}
COMPUTE = {"etl": {"kind": "job_cluster", "setup": "4m"}, "mine": {"kind": "all_purpose", "name": "Jane's"}}

Ask = Callable[..., ApiHistory]
NOT_TOLD = {"account_id", "compute", "compute_ids", "run_as", "creator_id", "change_time", "description"}


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Past], Ask]]:
    """Ask a workspace for its history, of all days that its scenario has."""
    with ExitStack() as stack:

        def of(past: Past) -> Ask:
            connection = stack.enter_context(past.connected(monkeypatch))

            def asked(**given: Any) -> ApiHistory:
                scenario = past.history.scenario
                usual = {"workspace_id": scenario.workspace_id, "since": scenario.since, "now": scenario.until}
                return history(connection, **{**usual, **given})

            return asked

        yield of


def told(row: Row) -> tuple[object, ...]:
    """Return what both ways tell of a row."""
    return (row.TABLE, *(str(getattr(row, each.name)) for each in fields(row) if each.name not in NOT_TOLD))


def of(kind: type[Row], found: ApiHistory | History) -> list[tuple[object, ...]]:
    made = found.rows if isinstance(found, ApiHistory) else rows(found)
    return sorted(told(row) for row in made if isinstance(row, kind))


@pytest.mark.parametrize("kind", [RunSlice, TaskSlice], ids=["runs", "tasks"])
def test_both_ways_tell_the_same_rows(ask: Callable[[Past], Ask], kind: type[Row]) -> None:
    made = played(*MANY, tasks=TASKS, compute=COMPUTE, timeout="2h")
    assert of(kind, ask(Past(made))()) == of(kind, made)


def test_runs_that_go_on_and_runs_in_pages_are_the_same_too(ask: Callable[[Past], Ask]) -> None:
    made = played(starts={"every": "35m"}, tasks={"load": {"takes": "30m"}})
    assert len(made.runs) > 400
    assert made.runs[-1].ended_at is None
    found = ask(Past(made))()
    assert of(RunSlice, found) == of(RunSlice, made)


def test_a_run_that_goes_on_since_long_ago_is_there_too(ask: Callable[[Past], Ask]) -> None:
    made = played(starts={"at": "2026-11-14T04:00:00Z"}, tasks={"stream": {"takes": "2000h"}})
    found = ask(Past(made))(since=UNTIL - DAYS)
    assert {row[3] for row in of(RunSlice, found)} == {str(made.runs[0].run_id)}


def test_jobs_have_their_present_settings(ask: Callable[[Past], Ask]) -> None:
    made = played(timeout="1h", starts={"schedule": "0 0 4 * * ?", "timezone": "Europe/Berlin", "paused": True})
    [job] = [row for row in ask(Past(made))().rows if isinstance(row, JobVersion)]
    assert (job.name, job.timeout_seconds, job.paused, job.trigger_type) == ("daily sales", 3600, True, "CRON")
    assert job.trigger
    assert job.trigger.schedule
    assert job.trigger.schedule.timezone_id == "Europe/Berlin"
    assert job.change_time is None


def test_what_the_api_cannot_tell_is_said(ask: Callable[[Past], Ask]) -> None:
    found = ask(Past(played()))
    always = (
        "What the jobs cost, and how busy their workers were: the Jobs API does not tell it.",
        "Jobs that you may not view: the Jobs API leaves them out.",
        "When and how jobs were changed: the Jobs API has their present settings only.",
    )
    assert found().not_known == always
    assert found(since=UNTIL - 90 * DAYS).not_known == (
        *always,
        "Runs that started before 23 September 2026: the Jobs API keeps them for 60 days.",
    )


def test_only_runs_that_may_hide_something_are_asked_for_alone(ask: Callable[[Past], Ask]) -> None:
    past = Past(played(*MANY, tasks=TASKS, compute=COMPUTE))
    ask(past)()
    assert past.asked.count("GET /jobs/runs/get") == 3  # the repair, and two with a retry
    assert past.asked.count("GET /jobs/runs/list") == 2  # those since then, and those that go on


def test_progress_is_told_in_days(ask: Callable[[Past], Ask]) -> None:
    told: list[tuple[int, int, str]] = []
    past = Past(played(starts={"every": "6h"}))
    ask(past)(progress=lambda done, of, what: told.append((done, of, what)))
    assert told == [(0, 10, "jobs"), (6, 10, "runs"), (9, 10, "runs")]


def test_a_workspace_that_asks_to_wait_is_waited_for(
    ask: Callable[[Past], Ask], monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("databricks.sdk.clock.RealClock.sleep", lambda _, seconds: slept.append(seconds))
    past = Past(played())
    past.troubles.append(("GET /jobs/runs/list", throttled(7)))
    assert len(of(RunSlice, ask(past)())) == 10
    assert 7 <= slept[0] < 8.5


def test_a_workspace_that_refuses_is_one_line(ask: Callable[[Past], Ask]) -> None:
    past = Past(played())
    past.troubles.append(("GET /jobs/runs/list", forbidden("User jd does not have permission")))
    with pytest.raises(
        LakeflowError, match="does not have permission; ask the owners of the jobs for the permission CAN_VIEW"
    ):
        ask(past)()


def test_a_run_that_is_deleted_in_between_is_said(ask: Callable[[Past], Ask]) -> None:
    past = Past(played(REPAIRED))
    past.troubles.append(("GET /jobs/runs/get", refused("Run 7 does not exist.")))
    found = ask(past)()
    assert found.not_known[-1] == (
        "All tasks of 1 jobs or runs with more than 100 of them, or repairs: the workspace no longer shows them."
    )
    assert len({row[3] for row in of(RunSlice, found)}) == 10


def test_a_job_that_is_deleted_in_between_keeps_its_runs(ask: Callable[[Past], Ask]) -> None:
    found = ask(Past(played(deleted_at="2026-11-20T00:00:00Z")))()
    assert (len(of(JobVersion, found)), len(of(RunSlice, found))) == (0, 7)


@pytest.mark.parametrize("page", ['{"has_more": true, "next_page_token": "again"}', None])
def test_a_list_without_end_is_left_and_said(ask: Callable[[Past], Ask], page: str | None) -> None:
    past = Past(played())
    body = page or past.first_page()
    past.troubles += [("GET /jobs/runs/list", saying(body))] * 12
    found = ask(past)()
    assert [said.partition(": ")[2] for said in found.not_known[-2:]] == [ENDLESS, ENDLESS]
    assert past.asked.count("GET /jobs/runs/list") == 4


def test_pages_with_nothing_on_them_are_not_followed_for_ever(ask: Callable[[Past], Ask]) -> None:
    past = Past(played())
    pages = [saying(f'{{"has_more": true, "next_page_token": "{number}"}}') for number in range(50)]
    past.troubles += [("GET /jobs/runs/list", page) for page in pages]
    assert ask(past)().not_known[-1] == f"Runs that go on for long: {ENDLESS}"
    assert past.asked.count("GET /jobs/runs/list") == 20


def test_new_runs_that_push_others_to_the_next_page_count_once(ask: Callable[[Past], Ask]) -> None:
    made = played(starts={"every": "6h"})
    past = Past(made)
    past.troubles.append(("GET /jobs/runs/list", saying(past.first_page(token="22"))))
    found = ask(past)()
    assert of(RunSlice, found) == of(RunSlice, made)


def test_a_page_that_is_no_answer_is_one_line(ask: Callable[[Past], Ask]) -> None:
    past = Past(played())
    past.troubles.append(("GET /jobs/list", saying("<html>sign in</html>")))
    with pytest.raises(LakeflowError, match="is not a Databricks workspace"):
        ask(past)()


def test_a_workspace_that_breaks_stops_with_one_line(
    ask: Callable[[Past], Ask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("databricks.sdk.clock.RealClock.sleep", lambda _, seconds: None)
    past = Past(played())
    past.troubles += [("GET /jobs/runs/list", broken())] * 50
    with pytest.raises(LakeflowError, match="cannot list the runs") as caught:
        ask(past)()
    assert "\n" not in str(caught.value)
