"""Who is told what, and when."""

from datetime import timedelta
from typing import Any

from lakeflow.simulate import Cancelled, Failed, Notice, Run, Semantics, Start, Succeeded, play, simulate
from tests.support.control_flow import job, loop

US = "us@example.com"
EVERYTHING: dict[str, Any] = {"email_notifications": {"on_start": [US], "on_success": [US], "on_failure": [US]}}


def told(run: Run) -> list[tuple[float, str, str]]:
    return [(each.at.total_seconds(), each.event, each.task_key or "job") for each in run.notices]


def test_a_run_that_succeeds() -> None:
    assert told(simulate(job("a", **EVERYTHING))) == [(0, "on_start", "job"), (60, "on_success", "job")]


def test_a_success_with_failures_is_a_success() -> None:
    run = simulate(job("a", "b(a):ALL_DONE", **EVERYTHING), {"a": Failed()})
    assert told(run)[-1] == (120, "on_success", "job")


def test_by_mail_and_by_webhook() -> None:
    flow = job("a", webhook_notifications={"on_failure": [{"id": "${databricks_notification_destination.on_call.id}"}]})
    assert simulate(flow, {"a": Failed()}).notices == (
        Notice(at=timedelta(minutes=1), event="on_failure", to="on_call", by="webhook", about="FAILED"),
    )


def test_every_failed_attempt_or_the_last_one() -> None:
    body: dict[str, Any] = {"max_retries": 2, **EVERYTHING}
    run = simulate(job("a", more={"a": body}), {"a": Failed()})
    assert told(run) == [
        (0, "on_start", "a"),
        (60, "on_start", "a"),
        (60, "on_failure", "a"),
        (120, "on_start", "a"),
        (120, "on_failure", "a"),
        (180, "on_failure", "a"),
    ]
    last = body | {"notification_settings": {"alert_on_last_attempt": True}}
    assert told(simulate(job("a", more={"a": last}), {"a": Failed()})) == [
        (0, "on_start", "a"),
        (180, "on_failure", "a"),
    ]


def test_cancels_and_skipped_runs_can_be_muted() -> None:
    assert told(simulate(job("a", **EVERYTHING), {"a": Cancelled()}))[-1] == (60, "on_failure", "job")
    muted: dict[str, Any] = EVERYTHING | {
        "notification_settings": {"no_alert_for_canceled_runs": True, "no_alert_for_skipped_runs": True}
    }
    assert told(simulate(job("a", **muted), {"a": Cancelled()})) == [(0, "on_start", "job")]
    off: dict[str, Any] = {"queue": {"enabled": False}}
    assert [told(run) for run in play({"j": job("a", **EVERYTHING, **off)}, [Start(), Start()])][1] == [
        (0, "on_failure", "job")
    ]
    assert [told(run) for run in play({"j": job("a", **muted, **off)}, [Start(), Start()])][1] == []


def test_a_task_that_never_runs() -> None:
    flow = job("a", "b(a)", "c(a):AT_LEAST_ONE_FAILED", more={"b": EVERYTHING, "c": EVERYTHING})
    assert (60, "on_failure", "b") in told(simulate(flow, {"a": Failed()}))
    assert (60, "on_failure", "c") not in told(simulate(flow))
    silent = simulate(flow, {"a": Failed()}, semantics=Semantics(never_run_notifies="no"))
    assert (60, "on_failure", "b") not in told(silent)


def test_a_run_that_takes_too_long() -> None:
    rule: dict[str, Any] = {
        "health": {"rules": [{"metric": "RUN_DURATION_SECONDS", "op": "GREATER_THAN", "value": 90}]}
    }
    warned: dict[str, Any] = {"email_notifications": {"on_duration_warning_threshold_exceeded": [US]}}
    flow = job("a", "b(a)", more={"b": {**rule, **warned}}, **rule, **warned)
    run = simulate(flow, {"b": Succeeded(duration=timedelta(seconds=100))})
    event = "on_duration_warning_threshold_exceeded"
    assert told(run) == [(90, event, "job"), (150, event, "b")]
    assert told(simulate(job("a", **rule, **warned))) == []
    assert told(simulate(job("a", "b(a)", **warned))) == []


def test_a_backlog_is_told_after_ten_minutes_and_every_half_hour() -> None:
    flow = job(
        "a",
        health={"rules": [{"metric": "STREAMING_BACKLOG_SECONDS", "op": "GREATER_THAN", "value": 1800}]},
        webhook_notifications={"on_streaming_backlog_exceeded": [{"id": "on-call"}]},
    )
    hour = timedelta(hours=1)
    run = simulate(flow, {"a": Succeeded(duration=hour, backlog={"STREAMING_BACKLOG_SECONDS": 2000})})
    assert [at / 60 for at, _, _ in told(run)] == [10, 40]
    assert told(simulate(flow, {"a": Succeeded(duration=hour, backlog={"STREAMING_BACKLOG_SECONDS": 1700})})) == []


def test_iterations_tell_for_themselves() -> None:
    flow = job("l", more={"l": loop('["x", "y"]', 2, email_notifications={"on_failure": [US]})})
    run = simulate(flow, {"each": Failed()})
    assert [(each.task_key, each.iteration) for each in run.notices] == [("each", 0), ("each", 1)]


def test_conditions_tell_nobody() -> None:
    body = {"condition_task": {"op": "EQUAL_TO", "left": "1", "right": "1"}, **EVERYTHING}
    assert simulate(job("i", more={"i": body})).notices == ()


def test_the_older_switch_mutes_mails_of_skipped_runs_only() -> None:
    flow = job(
        "a",
        queue={"enabled": False},
        email_notifications={"on_failure": [US], "no_alert_for_skipped_runs": True},
        webhook_notifications={"on_failure": [{"id": "on-call"}]},
    )
    first, second = play({"j": flow}, [Start(does={"a": Failed()}), Start()])
    assert [each.by for each in first.notices] == ["email", "webhook"]
    assert [each.by for each in second.notices] == ["webhook"]
