"""Rules about who is told of runs, and about the thresholds of health rules."""

from typing import Any

import pytest

from constructs_lib.rules.engine import RuleSet
from constructs_lib.rules.examples import job, notebook
from constructs_lib.rules.finding import Finding, Path
from constructs_lib.rules.notifications import RULES
from constructs_lib.rules.rule import Form

ONE = "11111111-2222-4333-8444-555555555555"
TWO = "22222222-2222-4333-8444-555555555555"
LATE = "on_duration_warning_threshold_exceeded"
BEHIND = "on_streaming_backlog_exceeded"
ANN = ["ann@example.com"]
CLUSTER = {"existing_cluster_id": "0923-164208-meows279"}


def found(body: dict[str, Any]) -> list[Finding]:
    return list(RuleSet.of(RULES, Form.REST).findings(body))


def places(body: dict[str, Any]) -> list[tuple[str, Path]]:
    return [(finding.code, finding.path) for finding in found(body)]


def looped(**attributes: Any) -> dict[str, Any]:
    return job({"task_key": "loop", "for_each_task": {"inputs": "[1]", "task": notebook("each", **attributes)}})


def webhooks(*ids: object, event: str = "on_failure") -> dict[str, Any]:
    return {"webhook_notifications": {event: [{"id": id_} for id_ in ids]}}


def health(*rules: tuple[object, object], op: str = "GREATER_THAN") -> dict[str, Any]:
    return {"rules": [{"metric": metric, "op": op, "value": value} for metric, value in rules]}


@pytest.mark.parametrize(
    ("block", "code", "path"),
    [
        (webhooks(ONE, TWO, ONE.replace("1", "3"), ONE.replace("1", "4")), "LF831", ("on_failure",)),
        (webhooks(*["${x.id}"] * 4, event="on_maintenance_start"), "LF831", ("on_maintenance_start",)),
        (webhooks(ONE, TWO, ONE), "LF832", ("on_failure", 2, "id")),
        (webhooks(""), "LF833", ("on_failure", 0, "id")),
        (webhooks(ONE, " "), "LF833", ("on_failure", 1, "id")),
        (webhooks("https://hooks.slack.com/x", event="on_start"), "LF834", ("on_start", 0, "id")),
        (webhooks("ann@example.com"), "LF834", ("on_failure", 0, "id")),
        (webhooks("#alerts"), "LF834", ("on_failure", 0, "id")),
        (webhooks("slack"), "LF835", ("on_failure", 0, "id")),
    ],
)
def test_webhooks(block: dict[str, Any], code: str, path: Path) -> None:
    assert places(job(**block)) == [(code, ("webhook_notifications", *path))]
    assert places(job(notebook("a", **block))) == [(code, ("task", 0, "webhook_notifications", *path))]
    inner = ("task", 0, "for_each_task", "task", "webhook_notifications")
    assert places(looped(**block)) == [(code, (*inner, *path))]


@pytest.mark.parametrize(
    "block",
    [
        webhooks(ONE, TWO),
        webhooks("${databricks_notification_destination.slack.id}"),
        {"webhook_notifications": {}},
        {"webhook_notifications": [{"on_failure": []}]},
        {"webhook_notifications": {"on_failure": ["x", None, {"url": "https://x"}], "on_fail": 3}},
        {"webhook_notifications": "x"},
    ],
)
def test_webhooks_that_are_fine_or_the_business_of_the_schema(block: dict[str, Any]) -> None:
    assert not found(job(**block))


@pytest.mark.parametrize(
    ("emails", "code", "path"),
    [
        ({"on_failure": ["team"]}, "LF841", ("on_failure", 0)),
        ({"on_success": [*ANN, "#alerts"]}, "LF841", ("on_success", 1)),
        ({"on_start": ["a@b.com,c@d.com"]}, "LF841", ("on_start", 0)),
        ({"on_start": ["{{job.parameters.mail}}"]}, "LF841", ("on_start", 0)),
        ({"on_failure": [""]}, "LF842", ("on_failure", 0)),
        ({"on_failure": [*ANN, "Ann@example.com"]}, "LF843", ("on_failure", 1)),
        ({"on_failure": ANN, "no_alert_for_skipped_runs": False}, "LF844", ("no_alert_for_skipped_runs",)),
    ],
)
def test_emails(emails: dict[str, Any], code: str, path: Path) -> None:
    assert places(job(email_notifications=emails)) == [(code, ("email_notifications", *path))]
    task = notebook("a", email_notifications=emails)
    assert places(job(task)) == [(code, ("task", 0, "email_notifications", *path))]


@pytest.mark.parametrize(
    "emails",
    [
        {"on_failure": ANN, "on_start": ANN},
        {"on_failure": ["${var.mail}"]},
        {"on_failure": []},
        {},
        None,
        ANN,
        [{}, {}],
    ],
)
def test_emails_that_are_fine(emails: object) -> None:
    assert not found(job(email_notifications=emails))


def test_messages() -> None:
    (finding,) = found(job(notebook("a", **webhooks(*"abcd"))))[:1]
    assert finding.message == "task 'a': on_failure has 4 webhooks, and the API takes 3"
    (finding,) = found(job(email_notifications={"on_start": ["{{job.parameters.mail}}"]}))
    assert finding.message == "on_start: '{{job.parameters.mail}}' is no e-mail address"
    assert finding.hint == "references are not resolved here: write the address itself"
    (finding,) = found(job(email_notifications={LATE: ANN}))
    assert finding.message == f"nobody is ever told of {LATE}, as there is no health rule for RUN_DURATION_SECONDS"


@pytest.mark.parametrize(
    "attributes",
    [
        CLUSTER,
        {**CLUSTER, "max_retries": 0},
        {"disable_auto_optimization": True},
    ],
)
def test_last_attempt_without_retries(attributes: dict[str, Any]) -> None:
    told = {"email_notifications": {"on_failure": ANN}, "notification_settings": {"alert_on_last_attempt": True}}
    body = job(notebook("a", **told, **attributes))
    assert places(body) == [("LF851", ("task", 0, "notification_settings", "alert_on_last_attempt"))]


@pytest.mark.parametrize(
    "body",
    [
        job(notebook("a", **CLUSTER, max_retries=-1, notification_settings={"alert_on_last_attempt": True})),
        job(notebook("a", **CLUSTER, max_retries="${var.n}", notification_settings={"alert_on_last_attempt": True})),
        job(notebook("a", notification_settings={"alert_on_last_attempt": True})),
        job(notebook("a", **CLUSTER, notification_settings={"alert_on_last_attempt": False})),
        job(
            notebook("a", **CLUSTER, notification_settings={"alert_on_last_attempt": True}),
            continuous={"task_retry_mode": "ON_FAILURE"},
            email_notifications={"on_failure": ANN},
        ),
    ],
)
def test_last_attempt_where_something_is_retried(body: dict[str, Any]) -> None:
    assert not found(body)


def test_settings_without_recipients() -> None:
    settings = {"no_alert_for_skipped_runs": True, "no_alert_for_canceled_runs": False}
    expected = ("notification_settings", "no_alert_for_skipped_runs")
    assert places(job(notification_settings=settings)) == [("LF852", expected)]
    task = notebook("a", notification_settings=settings)
    assert places(job(task, email_notifications={"on_failure": ANN})) == [("LF852", ("task", 0, *expected))]
    assert not found(job(notification_settings=settings, **webhooks(ONE)))


def test_a_job_that_starts_by_itself() -> None:
    schedule = {"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "UTC"}
    assert places(job(schedule=schedule)) == [("LF853", ())]
    assert places(job(continuous={})) == [("LF853", ())]
    assert places(job(trigger={"periodic": {}}, email_notifications={"on_success": ANN})) == [("LF853", ())]
    assert not found(job())
    assert not found(job(schedule=schedule, **webhooks(ONE)))
    assert not found(job(schedule=schedule, email_notifications="${local.mails}"))
    assert not found(job(notebook("a", email_notifications={"on_failure": ANN}), schedule=schedule))


@pytest.mark.parametrize(
    ("rules", "code", "path"),
    [
        (health(("RUN_DURATION", 60)), "LF855", (0, "metric")),
        (health(("RUN_DURATION_SECONDS", 60), op="LESS_THAN"), "LF856", (0, "op")),
        (health(("RUN_DURATION_SECONDS", 60), op=">"), "LF856", (0, "op")),
        (health(("RUN_DURATION_SECONDS", 0)), "LF857", (0, "value")),
        (health(("RUN_DURATION_SECONDS", "-5")), "LF857", (0, "value")),
        (health(("RUN_DURATION_SECONDS", 1.5)), "LF857", (0, "value")),
        (health(("RUN_DURATION_SECONDS", 60), ("RUN_DURATION_SECONDS", 90)), "LF858", (1, "metric")),
    ],
)
def test_health_rules(rules: dict[str, Any], code: str, path: Path) -> None:
    told = {"email_notifications": {LATE: ANN}}
    hits = [place for place in places(job(health=rules, **told)) if place[0] != "LF859"]
    assert hits == [(code, ("health", "rules", *path))]
    hits = [place for place in places(job(notebook("a", health=rules, **told))) if place[0] != "LF859"]
    assert hits == [(code, ("task", 0, "health", "rules", *path))]


@pytest.mark.parametrize(
    "rules",
    [
        health(("${var.metric}", "${var.value}"), op="${var.op}"),
        health(("RUN_DURATION_SECONDS", "3600")),
        health(("RUN_DURATION_SECONDS", 10**400)),
        {"rules": "${local.rules}"},
    ],
)
def test_health_rules_that_are_fine(rules: dict[str, Any]) -> None:
    assert not found(job(health=rules, email_notifications={LATE: ANN}, timeout_seconds=7200))


def test_recipients_without_a_rule() -> None:
    assert places(job(email_notifications={LATE: ANN})) == [("LF859", ("email_notifications", LATE))]
    assert places(job(**webhooks(ONE, event=BEHIND))) == [("LF860", ("webhook_notifications", BEHIND))]
    both = {"email_notifications": {LATE: ANN}, **webhooks(ONE, event=LATE)}
    assert places(job(notebook("a", **both))) == [("LF859", ("task", 0, "email_notifications", LATE))]
    other = health(("STREAMING_BACKLOG_BYTES", 5))
    assert ("LF859", ("email_notifications", LATE)) in places(job(email_notifications={LATE: ANN}, health=other))
    assert not found(job(email_notifications={BEHIND: ANN}, health=other))
    assert not found(job(email_notifications={LATE: [], BEHIND: []}))


def test_a_rule_without_recipients() -> None:
    assert places(job(health=health(("RUN_DURATION_SECONDS", 60)))) == [("LF861", ("health", "rules", 0))]


def test_a_warning_after_the_timeout() -> None:
    late = {"health": health(("RUN_DURATION_SECONDS", 3600)), "email_notifications": {LATE: ANN}}
    (finding,) = found(job(**late, timeout_seconds="3600"))
    assert (finding.code, finding.path) == ("LF862", ("health", "rules", 0, "value"))
    assert finding.message == "no run takes 3600 s: the job's timeout ends it after 3600 s"
    in_task = ("task", 0, "health", "rules", 0, "value")
    assert places(job(notebook("a", **late, timeout_seconds=60))) == [("LF862", in_task)]
    assert places(job(notebook("a", **late), timeout_seconds=60)) == [("LF862", in_task)]
    assert not found(job(**late, timeout_seconds=0))
    assert not found(job(notebook("a", **late, timeout_seconds=7200), timeout_seconds=9000))


def test_streams_where_there_are_none() -> None:
    query = {"task_key": "q", "sql_task": {"warehouse_id": "w", "query": {"query_id": "q"}}}
    behind = {"health": health(("STREAMING_BACKLOG_FILES", 5)), "email_notifications": {BEHIND: ANN}}
    assert places(job(query, **behind)) == [("LF863", ("health", "rules", 0, "metric"))]
    assert places(job({**query, **behind})) == [("LF863", ("task", 0, "health", "rules", 0, "metric"))]
    assert not found(job(query, notebook("z"), **behind))
