"""Step 3: what starts a job, as it is written and as the provider gets it, and what is refused."""

from collections.abc import Callable
from datetime import UTC, time, timedelta
from functools import partial
from typing import Any

import pytest

from constructs_lib import (
    ExistingQuery,
    ExistingVolume,
    ExistingWarehouse,
    Goal,
    JobDefinition,
    LakeflowError,
    MaintenanceWindow,
    NotebookTask,
    Reference,
    SqlCondition,
    Trigger,
    WorkspacePath,
    concat,
)
from constructs_lib.provider import problems
from constructs_lib.references import terraform_json
from tests.support.refusal import refusal

BLOCKS = ("schedule", "trigger", "triggers", "continuous")


def started_by(trigger: Trigger) -> dict[str, Any]:
    """Return what a job that the provider takes says of its trigger."""
    definition = JobDefinition(
        "job", goal=Goal("Order."), tasks=[NotebookTask("a", WorkspacePath("/a"))], trigger=trigger
    )
    body = terraform_json(definition.render())
    assert problems("databricks_job", body) == []
    return {name: body[name] for name in BLOCKS if name in body}


def test_every_day() -> None:
    assert started_by(Trigger.daily(time(5, 30), timezone="Europe/Berlin")) == {
        "schedule": {
            "quartz_cron_expression": "0 30 5 * * ?",
            "timezone_id": "Europe/Berlin",
            "pause_status": "UNPAUSED",
        }
    }


def test_on_some_days_of_the_week() -> None:
    trigger = Trigger.daily(time(18, 0, 15), timezone="UTC", on=["MON", "FRI"])
    assert started_by(trigger)["schedule"]["quartz_cron_expression"] == "15 0 18 ? * MON,FRI"


def test_a_cron_expression() -> None:
    assert started_by(Trigger.cron("0 0 6 ? * MON-FRI", timezone="America/New_York")) == {
        "schedule": {
            "quartz_cron_expression": "0 0 6 ? * MON-FRI",
            "timezone_id": "America/New_York",
            "pause_status": "UNPAUSED",
        }
    }


def test_a_period() -> None:
    assert started_by(Trigger.every(4, "HOURS")) == {
        "trigger": {"periodic": {"interval": 4, "unit": "HOURS"}, "pause_status": "UNPAUSED"}
    }


def test_minutes_are_for_a_list_of_triggers() -> None:
    every = Trigger.every(30, "MINUTES")
    assert started_by(Trigger.any_of(every)) == {
        "triggers": [{"periodic": {"interval": 30, "unit": "MINUTES"}, "pause_status": "UNPAUSED"}]
    }
    assert refusal(lambda: started_by(every)) == (
        "Period(30, 'MINUTES'): the provider takes minutes in a list only; write Trigger.any_of(…)"
    )


def test_one_of_several_triggers() -> None:
    trigger = Trigger.any_of(
        Trigger.daily(time(5, 30), timezone="UTC"),
        Trigger.table_update("sales.silver.orders").replace(paused=True),
        Trigger.model_update("MODEL_ALIAS_SET", model="sales.gold.forecast", aliases=["champion"]),
    )
    assert started_by(trigger) == {
        "triggers": [
            {"schedule": {"quartz_cron_expression": "0 30 5 * * ?", "timezone_id": "UTC"}, "pause_status": "UNPAUSED"},
            {
                "table_update": {"table_names": ["sales.silver.orders"], "condition": "ANY_UPDATED"},
                "pause_status": "PAUSED",
            },
            {
                "model": {
                    "condition": "MODEL_ALIAS_SET",
                    "securable_name": "sales.gold.forecast",
                    "aliases": ["champion"],
                },
                "pause_status": "UNPAUSED",
            },
        ]
    }


def test_several_triggers_are_paused_each_by_itself() -> None:
    both = Trigger.any_of(Trigger.every(1, "HOURS"), Trigger.every(1, "DAYS"))
    assert [each["pause_status"] for each in started_by(both.paused_if(True))["triggers"]] == ["PAUSED", "PAUSED"]
    assert refusal(lambda: both.replace(paused=True)).endswith(
        "is paused, or has a condition, as a whole; say it of each trigger"
    )


def test_a_query_decides_whether_a_trigger_starts_a_run() -> None:
    condition = SqlCondition(ExistingQuery("q1"), warehouse=ExistingWarehouse("w1"), mode="QUERY_RETURNS_ROWS")
    said = {"sql_query_id": "q1", "warehouse_id": "w1", "trigger_mode": "QUERY_RETURNS_ROWS"}
    assert started_by(Trigger.every(4, "HOURS").replace(condition=condition))["trigger"]["sql_condition"] == said
    for trigger, problem in (
        (Trigger.manual(), "what nothing starts has no condition"),
        (Trigger.continuous(), "a continuous job has no condition"),
    ):
        assert refusal(partial(trigger.replace, condition=condition)).endswith(problem)


def test_when_a_continuous_job_may_restart() -> None:
    window = MaintenanceWindow("SUNDAY", 3, timezone="Europe/Berlin")
    assert started_by(Trigger.continuous(maintenance=window))["continuous"]["maintenance_window"] == {
        "day_of_week": "SUNDAY",
        "start_hour": 3,
        "timezone_id": "Europe/Berlin",
    }
    assert refusal(lambda: MaintenanceWindow("SUNDAY", 24, timezone="UTC")).endswith("hour: 24 is not between 0 and 23")
    assert "is not the name of a time zone" in refusal(lambda: MaintenanceWindow("SUNDAY", 3, timezone="Berlin/Mitte"))


def test_new_files() -> None:
    trigger = Trigger.file_arrival(
        "/Volumes/raw/orders/in/", settle=timedelta(minutes=2), at_most_every=timedelta(hours=1)
    )
    assert started_by(trigger) == {
        "trigger": {
            "file_arrival": {
                "url": "/Volumes/raw/orders/in/",
                "wait_after_last_change_seconds": 120,
                "min_time_between_triggers_seconds": 3600,
            },
            "pause_status": "UNPAUSED",
        }
    }


def test_new_files_in_a_volume_of_the_same_stack() -> None:
    volume = concat(Reference.to("databricks_volume.landing.volume_path"), "/")
    assert started_by(Trigger.file_arrival(volume))["trigger"]["file_arrival"] == {
        "url": "${databricks_volume.landing.volume_path}/"
    }


def test_new_files_of_a_volume() -> None:
    arrival = started_by(Trigger.file_arrival(ExistingVolume("/Volumes/raw/orders/in")))["trigger"]["file_arrival"]
    assert arrival == {"url": "/Volumes/raw/orders/in/"}


def test_new_versions_of_tables() -> None:
    trigger = Trigger.table_update("sales.raw.orders", "sales.raw.items", require="ALL_UPDATED")
    assert started_by(trigger) == {
        "trigger": {
            "table_update": {"table_names": ["sales.raw.items", "sales.raw.orders"], "condition": "ALL_UPDATED"},
            "pause_status": "UNPAUSED",
        }
    }
    assert started_by(Trigger.table_update("a.b.c", settle=timedelta(minutes=1)))["trigger"]["table_update"] == {
        "table_names": ["a.b.c"],
        "condition": "ANY_UPDATED",
        "wait_after_last_change_seconds": 60,
    }


def test_one_run_after_the_other() -> None:
    assert started_by(Trigger.continuous()) == {
        "continuous": {"task_retry_mode": "ON_FAILURE", "pause_status": "UNPAUSED"}
    }
    assert started_by(Trigger.continuous(retry_tasks=False))["continuous"]["task_retry_mode"] == "NEVER"


def test_nothing_by_itself() -> None:
    assert started_by(Trigger.manual()) == {}


# Pausing

AUTOMATIC = (
    Trigger.cron("0 0 6 * * ?", timezone="UTC"),
    Trigger.every(1, "DAYS"),
    Trigger.file_arrival("/Volumes/a/b/c/"),
    Trigger.table_update("a.b.c"),
    Trigger.continuous(),
)


@pytest.mark.parametrize("trigger", AUTOMATIC, ids=lambda trigger: type(trigger).__name__)
def test_whether_a_trigger_is_paused_is_always_said(trigger: Trigger) -> None:
    (running,) = started_by(trigger).values()
    (paused,) = started_by(trigger.paused_if(True)).values()
    assert running == {**paused, "pause_status": "UNPAUSED"}
    assert paused["pause_status"] == "PAUSED"


@pytest.mark.parametrize("trigger", AUTOMATIC, ids=lambda trigger: type(trigger).__name__)
def test_a_trigger_once_paused_stays_so(trigger: Trigger) -> None:
    assert trigger.paused_if(False) is trigger
    paused = trigger.paused_if(True)
    assert (trigger.paused, paused.paused) == (False, True)
    assert paused.paused_if(False) is paused.paused_if(True) is paused


def test_what_starts_nothing_cannot_be_paused() -> None:
    manual = Trigger.manual()
    assert manual.paused_if(True) is manual
    assert not manual.paused


# What is refused

untyped: Any = Trigger


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Trigger.every(0, "DAYS"), "Period(0, 'DAYS'): interval: 0 is below 1"),
        (
            lambda: untyped.every(30, "SECONDS"),
            "Period(30, 'SECONDS'): unit: expected one of 'MINUTES', 'HOURS', 'DAYS', 'WEEKS', got str 'SECONDS'",
        ),
        (
            lambda: Trigger.file_arrival("/Volumes/a/b/c"),
            "FileArrival('/Volumes/a/b/c'): location: '/Volumes/a/b/c' is no folder; write '/Volumes/a/b/c/'",
        ),
        (
            lambda: Trigger.file_arrival("/Volumes/a/b/*/"),
            "FileArrival('/Volumes/a/b/*/'): location: '/Volumes/a/b/*/' has a wildcard, which the API does not take",
        ),
        (
            lambda: Trigger.file_arrival("/Volumes/a/b/c/", settle=timedelta(seconds=59)),
            "FileArrival('/Volumes/a/b/c/'): settle: 0:00:59 is below 60 seconds; "
            "write timedelta(minutes=1), or leave it out",
        ),
        (
            lambda: Trigger.table_update("a.b.c", at_most_every=timedelta(seconds=30)),
            "TableUpdate(at_most_every=datetime.timedelta(seconds=30)): at_most_every: 0:00:30 is below 60 seconds; "
            "write timedelta(minutes=1), or leave it out",
        ),
        (Trigger.table_update, "TableUpdate(): 0 tables, and the API takes 1 to 10"),
        (
            lambda: Trigger.table_update(*(f"a.b.c{number}" for number in range(11))),
            "TableUpdate(): 11 tables, and the API takes 1 to 10",
        ),
        (lambda: Trigger.table_update("orders"), "TableUpdate(): 'orders' is no table; write catalog.schema.table"),
        (lambda: Trigger.table_update("a..b"), "TableUpdate(): 'a..b' is no table; write catalog.schema.table"),
    ],
)
def test_what_is_no_trigger(make: Callable[[], object], message: str) -> None:
    assert refusal(make) == message


@pytest.mark.parametrize(
    ("expression", "zone", "problem", "fix"),
    [
        ("0 2 * * *", "UTC", "schedule `0 2 * * *`: it has 5 fields, as in Unix cron", "`0 0 2 * * ?`"),
        ("@daily", "UTC", "schedule `@daily`: Quartz has no names that start with `@`", "`0 0 0 * * ?`"),
        ("0 30 2 * * *", "UTC", "schedule `0 30 2 * * *`: both day-of-month and day-of-week", "`0 30 2 * * ?`"),
        ("0 0 2 * * ?", "Europe/Berlln", "`Europe/Berlln` is not the name of a time zone", "`Europe/Berlin`"),
        ("0 0 2 * * ?", "CET+1", "`CET+1` is not the name of a time zone", "`Europe/Berlin`"),
    ],
)  # fmt: skip
def test_what_is_no_schedule(expression: str, zone: str, problem: str, fix: str) -> None:
    message = refusal(lambda: Trigger.cron(expression, timezone=zone))
    assert problem in message
    assert fix in message


def test_a_wait_is_whole_seconds() -> None:
    trigger = "FileArrival('/Volumes/a/b/c/')"
    assert refusal(
        lambda: Trigger.file_arrival("/Volumes/a/b/c/", settle=timedelta(seconds=90, milliseconds=1)).render()
    ) == (f"{trigger}: settle: 0:01:30.001000 is not a whole number of seconds")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Trigger.cron("0 2 * * *", timezone="UTC"),
        lambda: Trigger.cron("0 0 2 * * ?", timezone="Mars"),
        lambda: Trigger.every(0, "DAYS"),
    ],
    ids=["expression", "timezone", "interval"],
)
def test_a_refusal_says_in_which_line(make: Callable[[], object]) -> None:
    with pytest.raises(LakeflowError) as caught:
        make()
    assert (caught.value.place or "").startswith("tests/constructs_lib/test_triggers.py:")


@pytest.mark.parametrize(
    "make",
    [
        lambda: untyped.daily("05:30", timezone="UTC"),
        lambda: untyped.cron(None, timezone="UTC"),
        lambda: untyped.cron("0 0 2 * * ?", timezone=None),
        lambda: untyped.daily(time(5), timezone="UTC", on="MON"),
        lambda: untyped.file_arrival(None),
        lambda: untyped.table_update(["a.b.c"]),
    ],
    ids=["time", "expression", "timezone", "days", "location", "tables"],
)
def test_what_is_of_the_wrong_type_is_told_as_every_other_mistake(make: Callable[[], object]) -> None:
    assert refusal(make)


def test_a_time_with_a_time_zone_of_its_own_is_refused() -> None:
    assert "timezone" in refusal(lambda: Trigger.daily(time(5, 30, tzinfo=UTC), timezone="Europe/Berlin"))


def test_a_time_between_two_seconds_is_refused() -> None:
    assert refusal(lambda: Trigger.daily(time(5, 30, 0, 500_000), timezone="UTC"))
