"""Timeouts of the job and its tasks."""

from constructs_lib.rules.examples import job, notebook
from constructs_lib.rules.finding import Severity
from constructs_lib.rules.job import Job, JobTask, number
from constructs_lib.rules.quoting import shown
from constructs_lib.rules.rule import Hits, Rule
from constructs_lib.rules.triggers.blocks import hit_at

_API = "https://docs.databricks.com/api/workspace/jobs/create"
_CONFIGURE = "https://docs.databricks.com/aws/en/jobs/configure-job"
FOR_EVER = 1e9  # seconds; no number above it is meant


def _negative_timeout(job: Job) -> Hits:
    seconds = number(job.body.get("timeout_seconds"))
    if seconds is not None and seconds < 0:
        yield hit_at(
            ("timeout_seconds",), f"{shown(job.body['timeout_seconds'])} is negative", "write 0 for no timeout"
        )


def _negative_task_timeout(task: JobTask) -> Hits:
    seconds = number(task.body.get("timeout_seconds"))
    if seconds is not None and seconds < 0:
        yield task.hit(
            "timeout_seconds",
            message=f"timeout_seconds {shown(task.body['timeout_seconds'])} is negative",
            hint="write 0 for no timeout",
        )


def _late_timeout(task: JobTask) -> Hits:
    seconds, most = number(task.body.get("timeout_seconds")), number(task.job.body.get("timeout_seconds"))
    if seconds and most and seconds > most > 0:
        yield task.hit(
            "timeout_seconds",
            message=f"timeout_seconds {shown(task.body['timeout_seconds'])} is never reached: the job's own is shorter",
            hint=f"write less than {shown(task.job.body['timeout_seconds'])}, or let the job take longer",
        )


def _late_attempts(task: JobTask) -> Hits:
    seconds, most = number(task.body.get("timeout_seconds")), number(task.job.body.get("timeout_seconds"))
    retries = number(task.body.get("max_retries")) or 0
    if task.body.get("retry_on_timeout") is not True or not seconds or not most or not 1 <= retries < FOR_EVER:
        return
    if 0 < seconds <= most < FOR_EVER and most < seconds * (min(retries, 1000) + 1):
        yield task.hit(
            "timeout_seconds",
            message=f"{retries + 1:g} attempts of up to {seconds:g} s do not fit in the job's {most:g} s",
            hint="lower timeout_seconds of the task, or let the job take longer",
        )


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF550",
        severity=Severity.ERROR,
        title="A timeout is negative",
        why="It is refused; 0 means none.",
        source=_API,
        bad=job(timeout_seconds=-5),
        good=job(timeout_seconds=3600),
        job=_negative_timeout,
    ),
    Rule(
        code="LF551",
        severity=Severity.ERROR,
        title="A task's timeout is negative",
        why="It is refused; 0 means none.",
        source=_API,
        bad=job(notebook("a", timeout_seconds=-5)),
        good=job(notebook("a", timeout_seconds=3600)),
        task=_negative_task_timeout,
        blocks=("timeout_seconds",),
    ),
    Rule(
        code="LF552",
        severity=Severity.WARNING,
        title="A task's timeout is longer than the job's",
        why="The whole run ends first, so the task's timeout does nothing.",
        source=_CONFIGURE,
        bad=job(notebook("a", timeout_seconds=7200), timeout_seconds=3600),
        good=job(notebook("a", timeout_seconds=1800), timeout_seconds=3600),
        task=_late_timeout,
        blocks=("timeout_seconds",),
    ),
    Rule(
        code="LF553",
        severity=Severity.INFO,
        title="A task's attempts do not fit in the job's timeout",
        why="A timeout is for each attempt, and the job's for the whole run with all of them.",
        source=_CONFIGURE,
        bad=job(notebook("a", timeout_seconds=3000, retry_on_timeout=True, max_retries=2), timeout_seconds=3600),
        good=job(notebook("a", timeout_seconds=1200, retry_on_timeout=True, max_retries=2), timeout_seconds=3600),
        task=_late_attempts,
        blocks=("retry_on_timeout",),
    ),
)
