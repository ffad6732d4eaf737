"""How often a task is tried again, and after which time."""

from constructs_lib.rules.examples import job, notebook
from constructs_lib.rules.finding import Severity
from constructs_lib.rules.job import Job, JobTask, number, said
from constructs_lib.rules.quoting import shown
from constructs_lib.rules.rule import Hits, Rule
from constructs_lib.rules.triggers.blocks import hit_at, is_continuous

_API = "https://docs.databricks.com/api/workspace/jobs/create"
_CONFIGURE = "https://docs.databricks.com/aws/en/jobs/configure-job"


def _retry_on_nothing(task: JobTask) -> Hits:
    if task.body.get("retry_on_timeout") not in (True, "true") or task.type in ("condition_task", "for_each_task"):
        return
    seconds = task.body.get("timeout_seconds")
    retries = task.body.get("max_retries")
    if seconds in (None, 0, "0"):
        missing, hint = "timeout_seconds", "add timeout_seconds, or leave it out"
    elif retries in (None, 0, "0") and not task.on_serverless:
        missing, hint = "max_retries", "add max_retries, or leave it out"
    else:
        return
    yield task.hit("retry_on_timeout", message=f"retry_on_timeout does nothing without {missing}", hint=hint)


def _few_retries(task: JobTask) -> Hits:
    retries = number(task.body.get("max_retries"))
    if retries is not None and retries < -1:
        yield task.hit(
            "max_retries",
            message=f"max_retries {shown(task.body['max_retries'])} is below -1",
            hint="write -1 for ever, 0 for never, or how often",
        )


def _endless(task: JobTask) -> Hits:
    if number(task.body.get("max_retries")) != -1 or is_continuous(task.job):
        return
    if task.body.get("timeout_seconds") in (None, 0) and task.job.body.get("timeout_seconds") in (None, 0):
        yield task.hit(
            "max_retries",
            message="a task that always fails is tried again for ever, and paid for",
            hint="write how often, or add timeout_seconds to the job",
        )


def _negative_pause(task: JobTask) -> Hits:
    pause = number(task.body.get("min_retry_interval_millis"))
    if pause is not None and pause < 0:
        yield task.hit(
            "min_retry_interval_millis",
            message=f"min_retry_interval_millis {shown(task.body['min_retry_interval_millis'])} is negative",
            hint="write 0 to try again at once, or milliseconds",
        )


def _pause_of_nothing(task: JobTask) -> Hits:
    pause = number(task.body.get("min_retry_interval_millis"))
    if task.type in ("condition_task", "for_each_task") or task.body.get("max_retries") not in (None, 0, "0"):
        return
    if pause and pause > 0:
        yield task.hit(
            "min_retry_interval_millis",
            message="min_retry_interval_millis does nothing without max_retries",
            hint="add max_retries, or leave it out",
        )


def _platform_retries(task: JobTask) -> Hits:
    if number(task.body.get("max_retries")) != 0 or task.body.get("disable_auto_optimization") is True:
        return
    if task.on_serverless:
        yield task.hit(
            "max_retries",
            message="max_retries 0 does not stop the retries that serverless compute makes by itself",
            hint="write disable_auto_optimization = true",
        )


def _job_retries(job: Job) -> Hits:
    if not said(job.body.get("task")):
        return
    for name in ("max_retries", "min_retry_interval_millis", "retry_on_timeout"):
        if job.body.get(name) not in (None, False, 0):
            yield hit_at((name,), "it does nothing on a job with tasks", f"write {name} in the tasks")


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF554",
        severity=Severity.WARNING,
        title="retry_on_timeout does nothing",
        why="Without a timeout the task never times out, and without retries it is not tried again.",
        source=_API,
        bad=job(notebook("a", retry_on_timeout=True, max_retries=2)),
        good=job(notebook("a", retry_on_timeout=True, max_retries=2, timeout_seconds=600)),
        task=_retry_on_nothing,
        blocks=("retry_on_timeout",),
    ),
    Rule(
        code="LF555",
        severity=Severity.ERROR,
        title="max_retries is below -1",
        why="-1 is for ever, 0 never; less is refused.",
        source=_API,
        bad=job(notebook("a", max_retries=-2)),
        good=job(notebook("a", max_retries=2)),
        task=_few_retries,
        blocks=("max_retries",),
    ),
    Rule(
        code="LF556",
        severity=Severity.INFO,
        title="A task is tried again for ever, without a timeout",
        why="What always fails is then paid for until somebody looks.",
        source=_API,
        bad=job(notebook("a", max_retries=-1)),
        good=job(notebook("a", max_retries=-1), timeout_seconds=86400),
        task=_endless,
        blocks=("max_retries",),
    ),
    Rule(
        code="LF557",
        severity=Severity.ERROR,
        title="min_retry_interval_millis is negative",
        why="It is refused.",
        source=_API,
        bad=job(notebook("a", max_retries=1, min_retry_interval_millis=-1)),
        good=job(notebook("a", max_retries=1, min_retry_interval_millis=60000)),
        task=_negative_pause,
        blocks=("min_retry_interval_millis",),
    ),
    Rule(
        code="LF558",
        severity=Severity.WARNING,
        title="min_retry_interval_millis stands without retries",
        why="It is the time between two attempts, and there is one.",
        source=_API,
        bad=job(notebook("a", min_retry_interval_millis=60000)),
        good=job(notebook("a", max_retries=1, min_retry_interval_millis=60000)),
        task=_pause_of_nothing,
        blocks=("min_retry_interval_millis",),
    ),
    Rule(
        code="LF559",
        severity=Severity.INFO,
        title="max_retries 0 does not stop the retries of serverless compute",
        why="Serverless compute tries failed tasks again by itself.",
        source=_CONFIGURE,
        bad=job(notebook("a", max_retries=0)),
        good=job(notebook("a", max_retries=0, disable_auto_optimization=True)),
        task=_platform_retries,
        blocks=("max_retries",),
    ),
    Rule(
        code="LF560",
        severity=Severity.WARNING,
        title="Retries are set on the job instead of its tasks",
        why="They are left over from jobs without tasks, and do nothing.",
        source="https://github.com/databricks/terraform-provider-databricks/issues/2669",
        bad=job(max_retries=3),
        good=job(notebook("a", max_retries=3)),
        job=_job_retries,
    ),
)
