"""Health rules: metrics, thresholds, and whether they can ever be crossed."""

from constructs_lib.errors import listed, nearest
from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Severity
from constructs_lib.rules.job import number, text
from constructs_lib.rules.notifications.examples import TO_ANN, health_rules
from constructs_lib.rules.notifications.places import BEHIND, DURATION, LATE, METRICS, Place, each_place
from constructs_lib.rules.rule import Hits, Rule

_PAGE = "https://docs.databricks.com/aws/en/jobs/notifications"
_API = "https://docs.databricks.com/api/workspace/jobs/create"
_HUGE = 1e15
_STREAMING = {
    "notebook_task",
    "spark_python_task",
    "python_wheel_task",
    "spark_jar_task",
    "spark_submit_task",
    "pipeline_task",
    "python_operator_task",
    "run_job_task",
    "for_each_task",
}
"""The task types that can hold a stream, or start what does."""


def _metric(place: Place) -> Hits:
    for index, rule in place.rules():
        metric = text(rule.get("metric"))
        if metric is not None and metric not in METRICS:
            near = nearest(metric.upper(), METRICS)
            yield place.hit(
                "health",
                "rules",
                index,
                "metric",
                message=f"{metric!r} is no metric of a health rule",
                hint=f"did you mean {near!r}?" if near else f"there are {listed(METRICS)}",
            )


def _operator(place: Place) -> Hits:
    for index, rule in place.rules():
        operator = text(rule.get("op"))
        if operator is not None and operator != "GREATER_THAN":
            yield place.hit(
                "health",
                "rules",
                index,
                "op",
                message=f"health rules cannot compare by {operator!r}",
                hint="write 'GREATER_THAN', the one there is",
            )


def _known(value: object) -> float | None:
    """Return a number of a size that makes sense here; None for anything else."""
    found = number(value)
    return found if found is not None and abs(found) < _HUGE else None


def _threshold(place: Place) -> Hits:
    for index, rule in place.rules():
        value = _known(rule.get("value"))
        if value is not None and not (value > 0 and value % 1 == 0):
            yield place.hit(
                "health",
                "rules",
                index,
                "value",
                message=f"the threshold {value:.15g} is no whole number above 0",
                hint="write the value that a healthy run does not pass",
            )


def _metric_twice(place: Place) -> Hits:
    seen: set[str] = set()
    for index, rule in place.rules():
        metric = text(rule.get("metric"))
        if metric in METRICS and metric in seen:
            yield place.hit(
                "health",
                "rules",
                index,
                "metric",
                message=f"{metric} has a rule already",
                hint="keep one rule for each metric",
            )
        seen.add(metric or "")


def _after_timeout(place: Place) -> Hits:
    limits = [("the task's", place.body)] if place.task else []
    limits.append(("the job's", place.job.body))
    for index, rule in place.rules():
        value = _known(rule.get("value"))
        if value is None or rule.get("metric") != DURATION:
            continue
        for whose, body in limits:
            timeout = _known(body.get("timeout_seconds"))
            if timeout and 0 < timeout <= value:
                yield place.hit(
                    "health",
                    "rules",
                    index,
                    "value",
                    message=f"no run takes {value:.15g} s: {whose} timeout ends it after {timeout:.15g} s",
                    hint=f"write less than {timeout:.15g}",
                )
                break


def _no_stream(place: Place) -> Hits:
    tasks = (place.task,) if place.task else place.job.tasks
    if place.job.body.get("continuous") is not None or any(_STREAMING.intersection(task.types) for task in tasks):
        return
    for index, rule in place.rules():
        metric = text(rule.get("metric"))
        if metric in METRICS and metric != DURATION:
            yield place.hit(
                "health",
                "rules",
                index,
                "metric",
                message=f"{metric} is about streams, and nothing here can hold one",
                hint="put the rule on the task that streams, or leave it out",
            )


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF855",
        severity=Severity.ERROR,
        title="A health rule has an unknown metric",
        why="The API knows the duration of runs and four backlogs of streams.",
        source=_API,
        bad=job(health=health_rules(("RUN_DURATION", 3600)), email_notifications={"on_failure": TO_ANN}),
        good=job(health=health_rules((DURATION, 3600)), email_notifications={LATE: TO_ANN}),
        job=each_place(_metric, "health"),
    ),
    Rule(
        code="LF856",
        severity=Severity.ERROR,
        title="A health rule has an unknown operator",
        why="GREATER_THAN is the only operator.",
        source=_API,
        bad=job(
            health={"rules": [{"metric": DURATION, "op": "LESS_THAN", "value": 60}]},
            email_notifications={LATE: TO_ANN},
        ),
        good=job(health=health_rules((DURATION, 60)), email_notifications={LATE: TO_ANN}),
        job=each_place(_operator, "health"),
    ),
    Rule(
        code="LF857",
        severity=Severity.WARNING,
        title="A health rule's threshold is passed at once",
        why="Every run passes 0; thresholds are whole numbers.",
        source=_API,
        bad=job(health=health_rules((DURATION, 0)), email_notifications={LATE: TO_ANN}),
        good=job(health=health_rules((DURATION, 3600)), email_notifications={LATE: TO_ANN}),
        job=each_place(_threshold, "health"),
    ),
    Rule(
        code="LF858",
        severity=Severity.WARNING,
        title="A metric has two health rules",
        why="There is one threshold for each metric; of two rules one does not hold.",
        source=_PAGE,
        bad=job(health=health_rules((DURATION, 3600), (DURATION, 7200)), email_notifications={LATE: TO_ANN}),
        good=job(health=health_rules((DURATION, 3600)), email_notifications={LATE: TO_ANN}),
        job=each_place(_metric_twice, "health"),
    ),
    Rule(
        code="LF862",
        severity=Severity.WARNING,
        title="A duration warning comes after the timeout",
        why="The timeout ends the run before its threshold is passed, so that the warning is never sent.",
        source=_PAGE,
        bad=job(health=health_rules((DURATION, 7200)), email_notifications={LATE: TO_ANN}, timeout_seconds=3600),
        good=job(health=health_rules((DURATION, 1800)), email_notifications={LATE: TO_ANN}, timeout_seconds=3600),
        job=each_place(_after_timeout, "health"),
    ),
    Rule(
        code="LF863",
        severity=Severity.INFO,
        title="A health rule for streams where nothing streams",
        why="Backlogs are reported by streaming queries; SQL, dbt and control tasks have none.",
        source=_PAGE,
        bad=job(
            {"task_key": "a", "sql_task": {"warehouse_id": "w", "query": {"query_id": "q"}}},
            health=health_rules(("STREAMING_BACKLOG_FILES", 100)),
            email_notifications={BEHIND: TO_ANN},
        ),
        good=job(health=health_rules(("STREAMING_BACKLOG_FILES", 100)), email_notifications={BEHIND: TO_ANN}),
        job=each_place(_no_stream, "health"),
    ),
)
