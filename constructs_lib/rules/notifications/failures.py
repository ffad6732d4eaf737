"""Whether somebody is told when a run fails."""

from constructs_lib.rules.examples import job, notebook
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.job import Body, Job, JobTask, mapping, number
from constructs_lib.rules.notifications.examples import TO_ANN
from constructs_lib.rules.notifications.places import TELLING, Place, each_place
from constructs_lib.rules.rule import Hits, Rule

_PAGE = "https://docs.databricks.com/aws/en/jobs/notifications"
_API = "https://docs.databricks.com/api/workspace/jobs/create"


def _is_true(value: object) -> bool:
    return value is True or value == "true"


def _last_attempt(task: JobTask) -> Hits:
    if not _is_true(task.block("notification_settings").get("alert_on_last_attempt")):
        return
    retries = task.body.get("max_retries")
    if retries is not None and number(retries) != 0:
        return
    retried_by_platform = task.on_serverless and not _is_true(task.body.get("disable_auto_optimization"))
    if retried_by_platform or task.type == "pipeline_task" or task.job.body.get("continuous") is not None:
        return
    yield task.hit(
        "notification_settings",
        "alert_on_last_attempt",
        message="alert_on_last_attempt does nothing, as there is one attempt only",
        hint="write max_retries, or leave it out",
    )


def _settings_without_failure(place: Place) -> Hits:
    settings = place.block("notification_settings")
    if place.recipients("on_failure"):
        return
    for name in ("no_alert_for_skipped_runs", "no_alert_for_canceled_runs"):
        if _is_true(settings.get(name)):
            yield place.hit(
                "notification_settings",
                name,
                message=f"{name} does nothing, as nobody is told of failures here",
                hint="write recipients for on_failure beside it, or leave it out",
            )


def _tells_of_failures(body: Body) -> bool:
    for name in TELLING:
        given = body.get(name)
        if given is not None and (isinstance(given, str) or mapping(given).get("on_failure")):
            return True
    return False


def _silent_failure(job: Job) -> Hits:
    body = job.body
    starting = [name for name in ("schedule", "trigger", "triggers", "continuous") if body.get(name) is not None]
    if all(mapping(body[name]).get("pause_status") == "PAUSED" for name in starting):
        return
    if not _tells_of_failures(body) and not any(_tells_of_failures(task.body) for task in job.tasks):
        yield Hit((), "the job starts by itself, and nobody is told when it fails", "write recipients for on_failure")


_SCHEDULE = {"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "UTC", "pause_status": "UNPAUSED"}

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF851",
        severity=Severity.WARNING,
        title="alert_on_last_attempt without retries",
        why="It holds back the alerts of all attempts but the last; without retries there is one only.",
        source=_API,
        bad=job(
            notebook(
                "a",
                existing_cluster_id="0923-164208-meows279",
                email_notifications={"on_failure": TO_ANN},
                notification_settings={"alert_on_last_attempt": True},
            )
        ),
        good=job(
            notebook(
                "a",
                existing_cluster_id="0923-164208-meows279",
                max_retries=2,
                email_notifications={"on_failure": TO_ANN},
                notification_settings={"alert_on_last_attempt": True},
            )
        ),
        task=_last_attempt,
        blocks=("notification_settings",),
    ),
    Rule(
        code="LF852",
        severity=Severity.INFO,
        title="Failures are silenced that nobody is told of",
        why="The settings of a job are for the recipients of the job, those of a task for the recipients of the task.",
        source=_PAGE,
        bad=job(notification_settings={"no_alert_for_canceled_runs": True}),
        good=job(
            email_notifications={"on_failure": TO_ANN}, notification_settings={"no_alert_for_canceled_runs": True}
        ),
        job=each_place(_settings_without_failure, "notification_settings"),
    ),
    Rule(
        code="LF853",
        severity=Severity.INFO,
        title="A job that starts by itself tells nobody of its failures",
        why="A run that nobody started is a run whose failure nobody sees.",
        source=_PAGE,
        bad=job(schedule=_SCHEDULE),
        good=job(schedule=_SCHEDULE, email_notifications={"on_failure": TO_ANN}),
        job=_silent_failure,
    ),
)
