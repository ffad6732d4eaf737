"""Notifications of crossed thresholds, and the health rules that they need."""

from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Severity
from constructs_lib.rules.job import text
from constructs_lib.rules.notifications.examples import TO_ANN, health_rules
from constructs_lib.rules.notifications.places import (
    BACKLOG,
    BEHIND,
    DURATION,
    LATE,
    METRICS,
    TELLING,
    Check,
    Place,
    each_place,
)
from constructs_lib.rules.rule import Hits, Rule

_PAGE = "https://docs.databricks.com/aws/en/jobs/notifications"
_API = "https://docs.databricks.com/api/workspace/jobs/create"


def _told_without_rule(event: str, metric: str, example: str) -> Check:
    def check(place: Place) -> Hits:
        block = place.recipients(event)
        if block is None or place.has_rule(metric):
            return
        if place.task and Place(place.job.body, place.job).has_rule(metric):
            return
        yield place.hit(
            block,
            event,
            message=f"nobody is ever told of {event}, as there is no health rule for {example}",
            hint=f"write a health rule with the metric {example}, or leave the recipients out",
        )

    return check


_late = _told_without_rule(LATE, DURATION, DURATION)
_behind = _told_without_rule(BEHIND, BACKLOG, "STREAMING_BACKLOG_SECONDS")


def _rule_without_told(place: Place) -> Hits:
    for index, rule in place.rules():
        metric = text(rule.get("metric"))
        if metric not in METRICS:
            continue
        event = LATE if metric == DURATION else BEHIND
        if not place.recipients(event):
            yield place.hit(
                "health",
                "rules",
                index,
                message=f"nobody is told when {metric} passes its threshold",
                hint=f"write recipients for {event}",
            )


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF859",
        severity=Severity.WARNING,
        title="Recipients of a duration warning without a rule",
        why="Without a rule for RUN_DURATION_SECONDS these notifications are not sent.",
        source=_API,
        bad=job(email_notifications={LATE: TO_ANN}),
        good=job(email_notifications={LATE: TO_ANN}, health=health_rules((DURATION, 3600))),
        job=each_place(_late, *TELLING),
    ),
    Rule(
        code="LF860",
        severity=Severity.WARNING,
        title="Recipients of a backlog warning without a rule",
        why="Without a rule for one of the STREAMING_BACKLOG metrics these notifications are not sent.",
        source=_API,
        bad=job(email_notifications={BEHIND: TO_ANN}),
        good=job(email_notifications={BEHIND: TO_ANN}, health=health_rules(("STREAMING_BACKLOG_SECONDS", 600))),
        job=each_place(_behind, *TELLING),
    ),
    Rule(
        code="LF861",
        severity=Severity.INFO,
        title="A health rule tells nobody",
        why="Without recipients a rule only marks the run in the workspace.",
        source=_PAGE,
        bad=job(health=health_rules((DURATION, 3600))),
        good=job(health=health_rules((DURATION, 3600)), email_notifications={LATE: TO_ANN}),
        job=each_place(_rule_without_told, "health"),
    ),
)
