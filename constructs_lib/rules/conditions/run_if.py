"""When a task runs, going by how those before it ended."""

from collections.abc import Iterator

from constructs_lib.errors import listed, nearest, shortened
from constructs_lib.rules.examples import after, job, notebook
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.job import Job, JobTask, said, text
from constructs_lib.rules.rule import Rule

RUN_IF = ("ALL_SUCCESS", "AT_LEAST_ONE_SUCCESS", "NONE_FAILED", "ALL_DONE", "AT_LEAST_ONE_FAILED", "ALL_FAILED")

_API = "https://docs.databricks.com/api/workspace/jobs/create"

_HANDLERS = ("ALL_DONE", "AT_LEAST_ONE_FAILED", "ALL_FAILED")


def unknown_run_if(job: Job) -> Iterator[Hit]:
    """Find a `run_if` that does not exist."""
    for task in job.tasks:
        value = task.body.get("run_if")
        if value and value not in RUN_IF and text(value):
            upper = str(value).strip().upper()
            always = any(word in upper for word in ("FINISH", "COMPLET", "ALWAYS", "DONE"))
            meant = "ALL_DONE" if always else nearest(upper, RUN_IF)
            hint = f"write {meant!r}" if meant else f"write one of {listed(RUN_IF)}"
            yield task.hit("run_if", message=f"run_if {shortened(value)} does not exist", hint=hint)


def run_if_of_a_root(job: Job) -> Iterator[Hit]:
    """Find a `run_if` of a task that waits for nothing."""
    for task in job.top:
        value = task.body.get("run_if")
        if value and value != "ALL_SUCCESS" and value in RUN_IF and not said(task.body.get("depends_on")):
            message = f"run_if {value} looks at the tasks before it, and it depends on none"
            yield task.hit("run_if", message=message, hint="say depends_on, or leave run_if out")


def failures_unseen(job: Job) -> Iterator[Hit]:
    """Find a last task that runs whatever happened, so that the run counts as a success."""
    for task in job.top:
        handles = _handles(task) and task.parents and task.key not in job.children
        if handles and all(_handles(child) for parent in task.parents for child in job.children[parent]):
            before = listed(repr(parent) for parent in set(task.parents))
            message = f"when {before} fails and this task succeeds, the run succeeds 'with failures'"
            hint = "notifications on failure stay silent then: put them on the tasks before it, or add a last task"
            yield task.hit("run_if", message=message, hint=hint)


def _handles(task: JobTask) -> bool:
    return task.body.get("run_if") in _HANDLERS


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF151",
        severity=Severity.ERROR,
        title="A run_if that does not exist",
        why="The API refuses the job; the provider lets any string pass.",
        source=_API,
        bad=job(notebook("a"), notebook("b", depends_on=after("a"), run_if="ALL_FINISHED")),
        good=job(notebook("a"), notebook("b", depends_on=after("a"), run_if="NONE_FAILED")),
        job=unknown_run_if,
    ),
    Rule(
        code="LF152",
        severity=Severity.WARNING,
        title="A run_if of a task that depends on nothing",
        why="There is nothing that it could look at; a first task with ALL_FAILED keeps the whole job from running.",
        source="https://github.com/databricks/cli/issues/1360",
        bad=job(notebook("a", run_if="ALL_FAILED")),
        good=job(
            notebook("a", run_if="ALL_SUCCESS"),
            notebook("b", depends_on=after("a")),
            notebook("c", depends_on=after("a"), run_if="ALL_FAILED"),
        ),
        job=run_if_of_a_root,
    ),
    Rule(
        code="LF170",
        severity=Severity.INFO,
        title="A last task that hides failures",
        why="The last tasks decide the result of a run; where all of them run after a failure too, it is a success.",
        source="https://docs.databricks.com/aws/en/jobs/monitor",
        bad=job(notebook("load"), notebook("tidy", depends_on=after("load"), run_if="ALL_DONE")),
        good=job(
            notebook("load"),
            notebook("publish", depends_on=after("load")),
            notebook("tidy", depends_on=after("load"), run_if="ALL_DONE"),
        ),
        job=failures_unseen,
    ),
)
