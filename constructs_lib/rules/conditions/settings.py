"""Settings that do nothing on a condition task."""

from collections.abc import Iterator

from constructs_lib.rules.conditions.examples import checked, condition_named
from constructs_lib.rules.examples import after, notebook
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.given import truth
from constructs_lib.rules.job import JobTask, number, said
from constructs_lib.rules.rule import Rule

_API = "https://docs.databricks.com/api/workspace/jobs/create"
_IF_ELSE = "https://docs.databricks.com/aws/en/jobs/tasks/if-else"


def condition_with_compute(task: JobTask) -> Iterator[Hit]:
    """Find compute of a condition, which runs on none."""
    for name in ("existing_cluster_id", "new_cluster", "job_cluster_key", "environment_key", "library"):
        if said(task.body.get(name)) and task.type == "condition_task":
            yield task.hit(name, message=f"a condition runs on no compute: {name} does nothing", hint="leave it out")


def condition_with_retries(task: JobTask) -> Iterator[Hit]:
    """Find retries of a condition."""
    name = retry_setting(task)
    if name and task.type == "condition_task":
        message = f"a condition is never tried again: {name} does nothing"
        yield task.hit(name, message=message, hint="leave it out, or retry the task whose value it compares")


def retry_setting(task: JobTask) -> str | None:
    """Return the first setting by which a task asks to be tried again, or None."""
    for name in ("max_retries", "min_retry_interval_millis"):
        if name in task.body and ((value := number(task.body[name])) == -1 or (value or 0) > 0):
            return name
    return "retry_on_timeout" if truth(task.body.get("retry_on_timeout")) else None


def condition_with_notifications(task: JobTask) -> Iterator[Hit]:
    """Find notifications of a condition."""
    if task.type != "condition_task":
        return
    for name in ("email_notifications", "webhook_notifications"):
        events = task.block(name)
        if any(said(to) for event, to in events.items() if str(event).startswith("on_")):
            message = f"a condition sends no notifications: {name} does nothing"
            yield task.hit(name, message=message, hint="put them on the job, or on the task that follows")


def condition_without_branches(task: JobTask) -> Iterator[Hit]:
    """Find a condition that nothing depends on."""
    if not task.loop and task.type == "condition_task" and task.key and task.key not in task.job.children:
        message = "nothing depends on this condition"
        hint = f"let a task depend on it: {{'task_key': {task.key!r}, 'outcome': 'true'}}"
        yield task.hit("condition_task", message=message, hint=hint)


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF163",
        severity=Severity.WARNING,
        title="A condition with compute or libraries",
        why="A condition is evaluated without a cluster; what it says of one does nothing, and the API may refuse it.",
        source=_API,
        bad=checked(condition_named(existing_cluster_id="0923-164208-meows279")),
        good=checked(condition_named()),
        task=condition_with_compute,
        blocks=("condition_task",),
    ),
    Rule(
        code="LF164",
        severity=Severity.WARNING,
        title="A condition with retries",
        why="Conditions do not support retries.",
        source=_API,
        bad=checked(condition_named(max_retries=2)),
        good=checked(condition_named(max_retries=0)),
        task=condition_with_retries,
        blocks=("condition_task",),
    ),
    Rule(
        code="LF165",
        severity=Severity.WARNING,
        title="A condition with notifications",
        why="Conditions do not support notifications: nobody hears of them.",
        source=_API,
        bad=checked(condition_named(email_notifications={"on_failure": ["data@example.com"]})),
        good=checked(condition_named(email_notifications={})),
        task=condition_with_notifications,
        blocks=("condition_task",),
    ),
    Rule(
        code="LF166",
        severity=Severity.INFO,
        title="A condition that nothing depends on",
        why="It is evaluated, and nothing follows from it.",
        source=_IF_ELSE,
        bad=checked(condition_named(), notebook("then", depends_on=after("load"))),
        good=checked(condition_named()),
        task=condition_without_branches,
        blocks=("condition_task",),
    ),
)
