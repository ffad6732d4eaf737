"""Who is told of what, and from when on: notifications and the health rules behind two of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from constructs_lib import (
    ExistingDestination,
    Goal,
    HealthRule,
    JobDefinition,
    NotebookTask,
    Notifications,
    Operations,
    Reference,
    TaskNotifications,
    Trigger,
    WorkspacePath,
)
from constructs_lib.provider import problems
from constructs_lib.references import terraform_json
from tests.support.refusal import refusal

ON_CALL = ExistingDestination("22222222-0000-0000-0000-000000000000")
CHAT = ExistingDestination("11111111-0000-0000-0000-000000000000")
SLACK = ExistingDestination(Reference.to("databricks_notification_destination.slack.id"))
PARTS = ("email_notifications", "webhook_notifications", "notification_settings", "health")


def said(*, task: TaskNotifications | None = None, **operations: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a job that the provider takes says of notifications and health, and what its task says."""
    definition = JobDefinition(
        "job",
        goal=Goal("Order."),
        tasks=[NotebookTask("a", WorkspacePath("/a"), notifications=task)],
        trigger=Trigger.manual(),
        operations=Operations(**operations),
    )
    body = terraform_json(definition.render())
    assert problems("databricks_job", body) == []
    job, one = ({part: block[part] for part in PARTS if part in block} for block in (body, body["task"][0]))
    return job, one


# Jobs


def test_a_job_that_tells_nobody_says_nothing() -> None:
    assert said() == ({}, {})


def test_addresses_and_destinations_for_every_event() -> None:
    notifications = Notifications(
        on_start=["a@example.com"],
        on_success=["b@example.com", ON_CALL],
        on_failure=["c@example.com", "b@example.com"],
        on_duration_warning=["d@example.com", CHAT],
        on_streaming_backlog=[SLACK],
        no_alert_for_skipped_runs=True,
        no_alert_for_canceled_runs=True,
    )
    assert said(notifications=notifications) == (
        {
            "email_notifications": {
                "on_start": ["a@example.com"],
                "on_success": ["b@example.com"],
                "on_failure": ["b@example.com", "c@example.com"],
                "on_duration_warning_threshold_exceeded": ["d@example.com"],
            },
            "webhook_notifications": {
                "on_success": [{"id": "22222222-0000-0000-0000-000000000000"}],
                "on_duration_warning_threshold_exceeded": [{"id": "11111111-0000-0000-0000-000000000000"}],
                "on_streaming_backlog_exceeded": [{"id": "${databricks_notification_destination.slack.id}"}],
            },
            "notification_settings": {"no_alert_for_skipped_runs": True, "no_alert_for_canceled_runs": True},
        },
        {},
    )


def test_destinations_stand_in_the_order_in_which_the_provider_reads_them_back() -> None:
    """Any other order is a change in every plan."""
    told = [SLACK, ON_CALL, CHAT]
    job, _ = said(notifications=Notifications(on_failure=told))
    ids = [destination["id"] for destination in job["webhook_notifications"]["on_failure"]]
    assert ids == sorted(ids)
    assert said(notifications=Notifications(on_failure=told[::-1])) == (job, {})


def test_who_is_named_twice_is_told_once() -> None:
    again = ExistingDestination(str(ON_CALL.destination_id))
    told = Notifications(on_failure=["a@example.com", "a@example.com", ON_CALL, again, ON_CALL, SLACK, SLACK])
    job, _ = said(notifications=told)
    assert job["email_notifications"] == {"on_failure": ["a@example.com"]}
    assert job["webhook_notifications"]["on_failure"] == [
        {"id": "${databricks_notification_destination.slack.id}"},
        {"id": "22222222-0000-0000-0000-000000000000"},
    ]


def test_somebody_more_can_be_told() -> None:
    told = Notifications(on_failure=["a@example.com"], no_alert_for_skipped_runs=True)
    more = told.telling("on_failure", ["b@example.com", "a@example.com", CHAT, CHAT])
    assert more.on_failure == ("a@example.com", "b@example.com", CHAT)
    assert more.no_alert_for_skipped_runs
    assert told.on_failure == ("a@example.com",)


# Tasks


def test_a_task_tells_by_webhook_only() -> None:
    told = TaskNotifications(on_failure=[ON_CALL, CHAT], on_duration_warning=[ON_CALL])
    assert said(task=told)[1] == {
        "webhook_notifications": {
            "on_failure": [
                {"id": "11111111-0000-0000-0000-000000000000"},
                {"id": "22222222-0000-0000-0000-000000000000"},
            ],
            "on_duration_warning_threshold_exceeded": [{"id": "22222222-0000-0000-0000-000000000000"}],
        }
    }
    assert said(task=TaskNotifications()) == ({}, {})


# Health


@pytest.mark.parametrize(
    ("rule", "metric", "value"),
    [
        (HealthRule.runs_longer_than(timedelta(minutes=45)), "RUN_DURATION_SECONDS", 2700),
        (HealthRule.backlog_older_than(timedelta(minutes=1)), "STREAMING_BACKLOG_SECONDS", 60),
        (HealthRule.backlog_records_over(1000), "STREAMING_BACKLOG_RECORDS", 1000),
        (HealthRule.backlog_bytes_over(2**40), "STREAMING_BACKLOG_BYTES", 2**40),
        (HealthRule.backlog_files_over(7), "STREAMING_BACKLOG_FILES", 7),
        (HealthRule("RUN_DURATION_SECONDS", 1), "RUN_DURATION_SECONDS", 1),
    ],
)
def test_a_health_rule(rule: HealthRule, metric: str, value: int) -> None:
    job, _ = said(health=[rule])
    assert job == {"health": {"rules": [{"metric": metric, "op": "GREATER_THAN", "value": value}]}}


def test_the_order_of_health_rules_means_nothing() -> None:
    rules = [HealthRule.backlog_files_over(7), HealthRule.runs_longer_than(timedelta(hours=1))]
    job, _ = said(health=rules)
    assert [rule["metric"] for rule in job["health"]["rules"]] == ["RUN_DURATION_SECONDS", "STREAMING_BACKLOG_FILES"]


# What is refused

untyped: Any = Notifications
untyped_rule: Any = HealthRule
FOUR = [ExistingDestination(str(number)) for number in range(4)]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Notifications(on_failure=["team"]),
            "Notifications(): on_failure: 'team' is not an e-mail address",
        ),
        (
            lambda: Notifications(on_start=["a@example.com, b@example.com"]),
            "Notifications(): on_start: 'a@example.com, b@example.com' is not an e-mail address",
        ),
        (lambda: Notifications(on_success=[""]), "Notifications(): on_success: '' is not an e-mail address"),
        (
            lambda: Notifications(on_failure=["a@example.com", *FOUR]),
            "Notifications(): on_failure: 4 destinations, and the API takes 3",
        ),
        (
            lambda: TaskNotifications(on_duration_warning=FOUR),
            "TaskNotifications(): on_duration_warning: 4 destinations, and the API takes 3",
        ),
        (
            lambda: HealthRule.runs_longer_than(timedelta(0)),
            "HealthRule('RUN_DURATION_SECONDS', 0): threshold: 0 is passed at once; write a number above 0",
        ),
        (
            lambda: HealthRule.backlog_files_over(-1),
            "HealthRule('STREAMING_BACKLOG_FILES', -1): threshold: -1 is passed at once; write a number above 0",
        ),
        (
            lambda: untyped_rule("RUN_DURATION", 1),
            "HealthRule('RUN_DURATION', 1): metric: expected one of 'RUN_DURATION_SECONDS', "
            "'STREAMING_BACKLOG_BYTES', 'STREAMING_BACKLOG_RECORDS', 'STREAMING_BACKLOG_SECONDS', "
            "'STREAMING_BACKLOG_FILES', got str 'RUN_DURATION'",
        ),
    ],
)
def test_what_is_no_notification(make: Callable[[], object], message: str) -> None:
    assert refusal(make) == message


def test_one_address_is_no_list() -> None:
    message = refusal(lambda: untyped(on_failure="a@example.com"))
    assert message.startswith("Notifications(on_failure='a@example.com'): on_failure: expected a list of a string or ")
    assert message.endswith(", got str 'a@example.com'")


def test_an_address_with_a_comma_is_two_addresses() -> None:
    assert refusal(lambda: Notifications(on_start=["a@example.com,b@example.com"]))


def test_three_destinations_are_not_too_many() -> None:
    assert len(Notifications(on_failure=["a@example.com", *FOUR[:3]]).on_failure) == 4


@pytest.mark.parametrize("rule", [HealthRule.runs_longer_than, HealthRule.backlog_older_than])
def test_a_threshold_is_whole_seconds(rule: Callable[[timedelta], HealthRule]) -> None:
    """As every other duration."""
    assert "whole number of seconds" in refusal(lambda: rule(timedelta(minutes=2, milliseconds=1)))


def test_a_refused_backlog_names_what_was_written_and_nothing_else() -> None:
    message = refusal(lambda: HealthRule.backlog_older_than(timedelta(seconds=30)))
    assert "0:00:30 is below a minute" in message
    assert "60" not in message


def test_a_threshold_that_is_no_duration_is_told_as_every_other_mistake() -> None:
    assert refusal(lambda: untyped_rule.runs_longer_than(60))
