"""Step 6: how a job is watched: what the running job tells itself, and what only its history tells."""

from collections.abc import Callable, Sequence
from datetime import UTC, time, timedelta
from typing import Any

import pytest

from constructs_lib import (
    ExistingDestination,
    ExistingWarehouse,
    Goal,
    HealthRule,
    JobDefinition,
    Monitoring,
    NotebookTask,
    Notifications,
    Operations,
    RunAlert,
    Trigger,
    WorkspacePath,
)
from constructs_lib.provider import problems
from constructs_lib.references import terraform_json
from tests.support.refusal import refusal

DAILY = Trigger.daily(time(5, 30), timezone="Europe/Berlin")
WAREHOUSE = ExistingWarehouse("w1")
TEAM, BOSS = "team@example.com", "boss@example.com"
SLOW = RunAlert.slow(longer_than=timedelta(hours=1))


def definition(monitoring: Monitoring | None, trigger: Trigger = DAILY, **operations: Any) -> JobDefinition:
    return JobDefinition(
        "daily-sales",
        goal=Goal("Order."),
        tasks=[NotebookTask("a", WorkspacePath("/a"))],
        trigger=trigger,
        operations=Operations(**{"notifications": Notifications(on_failure=[TEAM]), **operations}),
        monitoring=monitoring,
    )


def watched(monitoring: Monitoring | None, trigger: Trigger = DAILY, **operations: Any) -> dict[str, Any]:
    """Return what a job that the provider takes says of health and notifications."""
    body = terraform_json(definition(monitoring, trigger, **operations).render())
    assert problems("databricks_job", body) == []
    parts = ("health", "email_notifications", "webhook_notifications")
    return {part: body[part] for part in parts if part in body}


def threshold(*alerts: RunAlert, trigger: Trigger = DAILY) -> timedelta:
    """Return after how long a run is warned of."""
    (rule,) = watched(Monitoring(alerts), trigger)["health"]["rules"]
    assert (rule["metric"], rule["op"]) == ("RUN_DURATION_SECONDS", "GREATER_THAN")
    return timedelta(seconds=rule["value"])


# What the running job tells itself


def test_a_slow_run_is_a_health_rule_and_somebody_who_is_told() -> None:
    assert watched(Monitoring([SLOW])) == {
        "health": {"rules": [{"metric": "RUN_DURATION_SECONDS", "op": "GREATER_THAN", "value": 3600}]},
        "email_notifications": {
            "on_failure": [TEAM],
            "on_duration_warning_threshold_exceeded": [TEAM],
        },
    }


def test_a_late_run_takes_longer_than_from_its_start_to_when_it_has_to_be_done() -> None:
    assert threshold(RunAlert.late(after=time(7))) == timedelta(hours=1, minutes=30)
    assert threshold(RunAlert.late(after=time(5, 30, 1))) == timedelta(seconds=1)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC"])
def test_when_it_has_to_be_done_is_a_time_of_the_schedule_s_clock(zone: str) -> None:
    trigger = Trigger.daily(time(22), timezone=zone)
    assert threshold(RunAlert.late(after=time(23, 15)), trigger=trigger) == timedelta(hours=1, minutes=15)


@pytest.mark.parametrize("cron", ["0 0 5 ? * SAT", "0 0 5 1 * ?", "0 0 5 29 3 ?", "0 0 5 L * ?", "0 0 5 25 10 ?"])
def test_a_schedule_that_does_not_run_every_day_can_be_late_too(cron: str) -> None:
    trigger = Trigger.cron(cron, timezone="Europe/Berlin")
    assert threshold(RunAlert.late(after=time(7)), trigger=trigger) == timedelta(hours=2)


@pytest.mark.parametrize("cron", ["0 0 * * * ?", "0 0/15 * * * ?", "0 0 5,22 * * ?"])
def test_a_schedule_that_starts_after_it_has_to_be_done_cannot_be_late(cron: str) -> None:
    trigger = Trigger.cron(cron, timezone="Europe/Berlin")
    message = refusal(lambda: watched(Monitoring([RunAlert.late(after=time(7))]), trigger))
    assert "07:00:00 is not after the start at 2" in message


def test_of_several_starts_a_day_the_latest_counts() -> None:
    trigger = Trigger.cron("0 0 5,6 * * ?", timezone="Europe/Berlin")
    assert threshold(RunAlert.late(after=time(7)), trigger=trigger) == timedelta(hours=1)


def test_a_job_has_one_threshold_that_of_the_first_warning() -> None:
    assert threshold(SLOW, RunAlert.late(after=time(7))) == timedelta(hours=1)
    assert threshold(SLOW, RunAlert.late(after=time(6))) == timedelta(minutes=30)


def test_a_paused_schedule_is_as_late_as_one_that_runs() -> None:
    assert threshold(RunAlert.late(after=time(7)), trigger=DAILY.paused_if(True)) == timedelta(hours=1, minutes=30)


def test_other_health_rules_stay() -> None:
    rules = watched(Monitoring([SLOW]), health=[HealthRule.backlog_files_over(7)])["health"]["rules"]
    assert [rule["metric"] for rule in rules] == ["RUN_DURATION_SECONDS", "STREAMING_BACKLOG_FILES"]


# Who is told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, [TEAM]),
        ({"recipients": [BOSS]}, [BOSS]),
        ({"warn": ["warn@example.com"]}, ["warn@example.com"]),
        ({"recipients": [BOSS], "warn": ["warn@example.com"]}, ["warn@example.com"]),
    ],
)
def test_who_is_warned(said: dict[str, Sequence[str]], told: Sequence[str]) -> None:
    body = watched(Monitoring([SLOW], **said))  # type: ignore[arg-type]
    assert body["email_notifications"]["on_duration_warning_threshold_exceeded"] == told
    assert body["email_notifications"]["on_failure"] == [TEAM]


def test_who_is_warned_already_is_warned_once() -> None:
    told = Notifications(on_failure=[TEAM], on_duration_warning=[BOSS, TEAM])
    body = watched(Monitoring([SLOW]), notifications=told)
    assert body["email_notifications"]["on_duration_warning_threshold_exceeded"] == [BOSS, TEAM]


def test_a_destination_is_warned_by_webhook() -> None:
    body = watched(Monitoring([SLOW], recipients=[ExistingDestination("d1")]))
    assert body["webhook_notifications"] == {"on_duration_warning_threshold_exceeded": [{"id": "d1"}]}


def test_a_warning_that_nobody_gets_is_refused() -> None:
    """As an alert without recipients is."""
    assert "tells nobody" in refusal(lambda: watched(Monitoring([SLOW]), notifications=Notifications()))


def test_who_is_told_of_the_history() -> None:
    alerts = [RunAlert.failures(more_than=2)]
    assert definition(Monitoring(alerts, warehouse=WAREHOUSE)).recipients == (TEAM,)
    assert definition(Monitoring(alerts, warehouse=WAREHOUSE, recipients=[BOSS])).recipients == (BOSS,)
    assert definition(Monitoring(alerts, warehouse=WAREHOUSE, warn=[BOSS])).recipients == (TEAM,)


# What only its history tells


def test_alerts_over_the_history_leave_the_job_as_it_is() -> None:
    alerts = [RunAlert.failures(more_than=2), RunAlert.no_success(within=timedelta(hours=36))]
    monitoring = Monitoring(alerts, warehouse=WAREHOUSE)
    assert watched(monitoring) == watched(None)
    assert [alert.key for alert in monitoring.history] == ["failures", "no_success"]


def test_too_many_failures() -> None:
    (alert,) = Monitoring([RunAlert.failures(more_than=2)], warehouse=WAREHOUSE).history
    assert (alert.key, alert.column, alert.within, alert.threshold) == ("failures", "failures", timedelta(days=7), 2)
    (short,) = Monitoring([RunAlert.failures(more_than=0, within=timedelta(days=1))], warehouse=WAREHOUSE).history
    assert (short.within, short.threshold) == (timedelta(days=1), 0)


def test_no_success_for_too_long() -> None:
    (alert,) = Monitoring([RunAlert.no_success(within=timedelta(hours=36))], warehouse=WAREHOUSE).history
    assert (alert.key, alert.column, alert.within, alert.threshold) == (
        "no_success",
        "hours_since_success",
        timedelta(hours=36),
        36,
    )


def test_slower_than_before() -> None:
    (alert,) = Monitoring([RunAlert.slower(than_before=1.5)], warehouse=WAREHOUSE).history
    assert (alert.key, alert.query, alert.column) == ("slower", "slow", "p50_ratio")
    assert (alert.within, alert.threshold) == (timedelta(days=7), 1.5)


def test_too_dear_by_list_price_or_by_what_is_billed() -> None:
    (alert,) = Monitoring([RunAlert.cost(list_price=50)], warehouse=WAREHOUSE).history
    assert (alert.key, alert.query, alert.column) == ("cost", "spend", "list_cost")
    assert (alert.within, alert.threshold) == (timedelta(days=7), 50)
    (units,) = Monitoring([RunAlert.cost(dbus=12.5, within=timedelta(days=30))], warehouse=WAREHOUSE).history
    assert (units.column, units.within, units.threshold) == ("dbus", timedelta(days=30), 12.5)


def test_dearer_than_before() -> None:
    (alert,) = Monitoring([RunAlert.cost_jump(times=2, within=timedelta(days=14))], warehouse=WAREHOUSE).history
    assert (alert.key, alert.query, alert.column) == ("cost_jump", "cost_jump", "ratio")
    assert (alert.within, alert.threshold) == (timedelta(days=14), 2)


def test_live_and_history_together() -> None:
    monitoring = Monitoring([RunAlert.late(after=time(7)), RunAlert.failures(more_than=2)], warehouse=WAREHOUSE)
    assert watched(monitoring)["health"]["rules"][0]["value"] == 5400
    assert [alert.key for alert in monitoring.history] == ["failures"]


# What is refused

untyped: Any = Monitoring
untyped_alert: Any = RunAlert


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: watched(Monitoring([RunAlert.late(after=time(7))]), Trigger.manual()),
            "Late(datetime.time(7, 0)): only a schedule can be late; write RunAlert.slow(longer_than=…)",
        ),
        (
            lambda: watched(Monitoring([RunAlert.late(after=time(5, 30))])),
            "Late(datetime.time(5, 30)): 05:30:00 is not after the start at 05:30",
        ),
        (
            lambda: watched(Monitoring([RunAlert.late(after=time(2))])),
            "Late(datetime.time(2, 0)): 02:00:00 is not after the start at 05:30",
        ),
        (
            lambda: watched(
                Monitoring([RunAlert.late(after=time(7))]), Trigger.cron("0 0 5 * * ? 2020", timezone="UTC")
            ),
            "Late(datetime.time(7, 0)): the schedule '0 0 5 * * ? 2020' never fires",
        ),
        (
            lambda: Monitoring([RunAlert.failures(more_than=2)]),
            "Monitoring((Failures(2),)): Failures(2) looks at the job's history, which is asked on a SQL warehouse; "
            "give Monitoring a warehouse=",
        ),
        (
            lambda: watched(Monitoring([SLOW]), health=[HealthRule.runs_longer_than(timedelta(hours=2))]),
            "JobDefinition('daily-sales'): operations and monitoring both say a threshold for RUN_DURATION_SECONDS: "
            "HealthRule('RUN_DURATION_SECONDS', 7200) and HealthRule('RUN_DURATION_SECONDS', 3600); say it once",
        ),
        (
            lambda: untyped(SLOW),
            "Monitoring(Slow(datetime.timedelta(seconds=3600))): alerts: expected a list of RunAlert, "
            "got Slow Slow(datetime.timedelta(seconds=3600))",
        ),
        (
            lambda: untyped_alert.late(after="07:00"),
            "Late('07:00'): after: expected a time such as time(7, 30), got str '07:00'",
        ),
        (
            lambda: untyped_alert.no_success(within=36),
            "NoSuccess(36): within: expected a timedelta such as timedelta(minutes=30), got int 36",
        ),
        (
            lambda: RunAlert.cost(within=timedelta(days=1)),
            "Cost(within=datetime.timedelta(days=1)): it has one amount; write list_price=… in US dollars, or dbus=…",
        ),
        (
            lambda: RunAlert.cost(list_price=50, dbus=90),
            "Cost(list_price=50, dbus=90): it has one amount; write list_price=… in US dollars, or dbus=…",
        ),
        (lambda: RunAlert.cost(list_price=0), "Cost(list_price=0): list_cost: 0 is no amount above 0"),
        (
            lambda: RunAlert.slower(than_before=1),
            "Slower(1): than_before: 1 is not above 1; write 1.5 for half as much again",
        ),
    ],
)
def test_what_is_no_monitoring(make: Callable[[], object], message: str) -> None:
    assert refusal(make) == message


def test_one_kind_of_alert_is_said_once() -> None:
    message = refusal(lambda: Monitoring([SLOW, RunAlert.slow(longer_than=timedelta(hours=2))]))
    assert message.endswith("says Slow twice; keep one of them")


def test_history_is_evaluated_by_a_quartz_expression() -> None:
    assert "15 * * * *" in refusal(lambda: Monitoring([SLOW], check_at="15 * * * *"))


@pytest.mark.parametrize(
    "alert",
    [
        lambda: RunAlert.slow(longer_than=timedelta(0)),
        lambda: RunAlert.slow(longer_than=timedelta(seconds=1.5)),
        lambda: RunAlert.failures(more_than=-1),
        lambda: RunAlert.failures(more_than=1, within=timedelta(0)),
        lambda: RunAlert.failures(more_than=1, within=timedelta(minutes=90)),
        lambda: RunAlert.no_success(within=timedelta(minutes=90)),
        lambda: RunAlert.no_success(within=timedelta(hours=-1)),
        lambda: RunAlert.late(after=time(7, tzinfo=UTC)),
        lambda: RunAlert.cost(dbus=-1),
        lambda: RunAlert.cost(list_price=float("inf")),
        lambda: RunAlert.cost(list_price=float("nan")),
        lambda: RunAlert.cost(list_price=50, within=timedelta(minutes=90)),
        lambda: RunAlert.cost_jump(times=0.5),
        lambda: RunAlert.cost_jump(times=float("nan")),
        lambda: RunAlert.slower(than_before=2, within=timedelta(0)),
    ],
    ids=[
        "slower than nothing",
        "half a second",
        "fewer than no failures",
        "no window of failures",
        "a window of failures of half an hour",
        "a window without success of half an hour",
        "a negative window",
        "another time zone",
        "cheaper than nothing",
        "dearer than anything",
        "a cost that is no number",
        "a window of costs of half an hour",
        "half as dear",
        "a factor that is no number",
        "no window of durations",
    ],
)
def test_what_cannot_mean_anything_is_refused_where_it_is_written(alert: Callable[[], RunAlert]) -> None:
    """Not when the job is put together, which names another line, or not at all."""
    assert refusal(alert)
