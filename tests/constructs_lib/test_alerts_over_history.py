"""Alerts as they are deployed, evaluated over histories: who is told of what warrants it, and of nothing else."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from constructs_lib import (
    ExistingWarehouse,
    LakeflowJob,
    LakeflowStack,
    Monitoring,
    NotebookTask,
    RunAlert,
    Trigger,
    WorkspacePath,
)
from lakeflow.history.duck import Duck
from lakeflow.history.tables import Row
from tests.support.system_tables import HOUR, JOB, WORKSPACE, JobVersion, price, run, usage

Synth = Callable[[Any], dict[str, Any]]
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
WATCHED = {
    "failures": RunAlert.failures(more_than=2),
    "no_success": RunAlert.no_success(within=timedelta(hours=36)),
    "slower": RunAlert.slower(than_before=1.5),
    "cost": RunAlert.cost(list_price=30),
    "cost_jump": RunAlert.cost_jump(times=2),
}


def days(
    first: int, last: int, *, minutes: int = 30, dbus: float = 8, state: str = "SUCCEEDED", hour: int = 6
) -> Iterable[Row]:
    """Yield a run for each of the days that are so long ago, at an hour, with what it used."""
    for ago in range(first, last + 1):
        ended = NOW.replace(hour=hour) - ago * DAY
        yield from run(f"{ended}", ended=ended, took=minutes * MINUTE, state=state, code="RUN_EXECUTION_ERROR")
        yield usage(f"{ended}", began=ended.replace(minute=0) - HOUR, dbus=dbus)


USUAL = (
    JobVersion(change_time=NOW - 90 * DAY),
    price("0.5", since=NOW - 300 * DAY),
    *run("of another job", ended=NOW, job="999"),
    usage("of another job", began=NOW - HOUR, dbus=9_000, job="999"),
    *days(7, 29),
)
"""Three weeks before the last one: a run of half an hour every day, for four dollars."""


@pytest.fixture
def alerts(stack: LakeflowStack, synth: Synth) -> Mapping[str, dict[str, Any]]:
    """The bodies of the alerts, by their keys."""
    stack.workspace_id = WORKSPACE
    LakeflowJob(
        stack,
        "nightly",
        goal="Something.",
        tasks=[NotebookTask("a", WorkspacePath("/Shared/a"))],
        trigger=Trigger.daily(time(5, 30), timezone="UTC"),
        monitoring=Monitoring(
            list(WATCHED.values()), warehouse=ExistingWarehouse("4f2d"), recipients=["oncall@example.com"]
        ),
    )
    bodies = synth(stack)["resource"]["databricks_alert_v2"]
    return {name.removeprefix("nightly_"): body for name, body in bodies.items()}


def told(alerts: Mapping[str, Mapping[str, Any]], *rows: Row, at: datetime = NOW) -> set[str]:
    """Return the alerts that a workspace tells of, by their keys."""
    tables = Duck(at, *rows)
    return {key for key, body in alerts.items() if _triggered(body, tables)}


def _triggered(body: Mapping[str, Any], tables: Duck) -> bool:
    evaluation = body["evaluation"]
    bound = [
        {**parameter, "value": parameter["value"].replace("${databricks_job.nightly.id}", JOB)}
        for parameter in body["parameters"]
    ]
    answered = tables.ask(body["query_text"], bound)
    assert evaluation["comparison_operator"] == "GREATER_THAN"
    if not answered:
        return bool(evaluation["empty_result_state"] == "TRIGGERED")
    value = answered[0][evaluation["source"]["name"]]
    assert isinstance(value, int | float), "an alert on NULL is an error"
    return bool(value > evaluation["threshold"]["value"]["double_value"])


Alerts = Mapping[str, dict[str, Any]]


def test_all_of_them_are_deployed(alerts: Alerts) -> None:
    assert set(alerts) == set(WATCHED)


def test_a_usual_week_is_nobody_s_business(alerts: Alerts) -> None:
    assert told(alerts, *USUAL, *days(0, 6)) == set()


def test_a_job_that_never_ran_and_is_new_is_nobody_s_business(alerts: Alerts) -> None:
    assert told(alerts, JobVersion(change_time=NOW - DAY)) == set()


def test_tables_that_are_hours_late_are_nobody_s_business(alerts: Alerts) -> None:
    for hours in (3, 8, 14, 23):
        assert told(alerts, *USUAL, *days(0, 6), at=NOW + hours * HOUR) == set()


def test_a_slow_and_dear_run_is_one_of_seven(alerts: Alerts) -> None:
    """The median does not move, and the mean by less than a third; the week costs 36 dollars."""
    assert told(alerts, *USUAL, *days(1, 6), *days(0, 0, minutes=90, dbus=24)) == {"cost"}


def test_a_week_of_failures(alerts: Alerts) -> None:
    assert told(alerts, *USUAL, *days(3, 6), *days(0, 2, state="FAILED")) == {"failures", "no_success"}


def test_failures_that_a_later_run_made_good_are_two(alerts: Alerts) -> None:
    assert told(alerts, *USUAL, *days(0, 6), *days(1, 2, state="FAILED", hour=4, dbus=1)) == set()


def test_a_schedule_that_stands_still(alerts: Alerts) -> None:
    assert told(alerts, *USUAL, *days(3, 6)) == {"no_success"}


def test_a_slow_week(alerts: Alerts) -> None:
    assert told(alerts, *USUAL, *days(0, 6, minutes=45)) == set()
    assert told(alerts, *USUAL, *days(0, 6, minutes=46)) == {"slower"}


def test_a_dear_week(alerts: Alerts) -> None:
    """Seven runs of 8 DBU are 28 dollars; of 9 they are 31.50, and no jump."""
    assert told(alerts, *USUAL, *days(0, 6, dbus=9)) == {"cost"}


def test_a_jump(alerts: Alerts) -> None:
    assert told(alerts, *USUAL, *days(0, 6, dbus=16)) == {"cost"}
    assert told(alerts, *USUAL, *days(0, 6, dbus=17)) == {"cost", "cost_jump"}


def test_more_runs_cost_more_and_are_no_jump(alerts: Alerts) -> None:
    assert told(alerts, *USUAL, *(row for hour in (2, 4, 6) for row in days(0, 6, hour=hour))) == {"cost"}


def test_what_was_billed_by_mistake_and_taken_back(alerts: Alerts) -> None:
    mistake = usage("mistake", began=NOW - 5 * HOUR, dbus=1_000)
    assert told(alerts, *USUAL, *days(0, 6), mistake) == {"cost"}
    taken_back = usage("mistake", began=NOW - 5 * HOUR, dbus=-1_000, record="RETRACTION")
    assert told(alerts, *USUAL, *days(0, 6), mistake, taken_back) == set()


def test_a_new_job_has_nothing_to_be_compared_with(alerts: Alerts) -> None:
    created = JobVersion(change_time=NOW - 10 * DAY)
    assert told(alerts, created, USUAL[1], *days(0, 6, dbus=8), *days(7, 9, minutes=5, dbus=1)) == set()
