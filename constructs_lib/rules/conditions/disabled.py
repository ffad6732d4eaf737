"""Disabled tasks, and the tasks after them."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from constructs_lib.errors import listed
from constructs_lib.rules.conditions.examples import branch_on, condition_named
from constructs_lib.rules.examples import after, job, notebook
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.given import truth
from constructs_lib.rules.job import Job, JobTask, mappings, text
from constructs_lib.rules.mentions import dynamics
from constructs_lib.rules.rule import Rule

_DISABLED = "https://docs.databricks.com/aws/en/jobs/disabled-tasks"


def all_disabled(job: Job) -> Iterator[Hit]:
    """Find a job of which no task will run."""
    off = _off(job)
    if off and len(off) == len(job.by_key):
        task = next(task for task in job.top if truth(task.body.get("disabled")))
        message = (
            f"no task of the job runs: {listed(repr(key) for key in _disabled(job))} disabled, and nothing else can"
        )
        hint = "enable a task, or pause the job's schedule or trigger"
        yield Hit(task.at("disabled"), message, hint)


def after_a_disabled(job: Job) -> Iterator[Hit]:
    """Find tasks that do not run because one before them is disabled."""
    off = _off(job)
    if not off or len(off) == len(job.by_key):
        return
    for key, because in off.items():
        task = job.by_key[key]
        if because is not None:
            edges = mappings(task.body.get("depends_on"))
            index = next((i for i, entry in edges if entry.get("task_key") == because), 0)
            run_if = text(task.body.get("run_if")) or "ALL_SUCCESS"
            why = "is disabled" if off[because] is None else "does not run either"
            message = f"does not run: {because!r} {why}, and run_if is {run_if}"
            hint = "write run_if ALL_DONE to run it all the same, or disable it too to show that it is meant"
            yield task.hit("depends_on", index, "task_key", message=message, hint=hint)


def value_of_a_disabled(job: Job) -> Iterator[Hit]:
    """Find conditions and loops that take their values from a task that does not run."""
    off = _off(job)
    if not off:
        return
    for task in job.top:
        if task.key in off:
            continue
        for block, names in (("condition_task", ("left", "right")), ("for_each_task", ("inputs",))):
            body = task.block(block)
            for name in names if body else ():
                source = next((key for key in _sources(body.get(name)) if key in off), None)
                if source:
                    message = f"{name} comes from {source!r}, which is disabled: the task fails"
                    yield task.hit(block, name, message=message, hint=f"enable {source!r}, or disable this task too")


def _sources(operand: object) -> Iterator[str]:
    """Yield the tasks whose values or output a string refers to."""
    if isinstance(operand, str) and "{{" in operand:
        for dynamic in dynamics(operand):
            if len(dynamic.parts) > 2 and dynamic.parts[0] == "tasks" and dynamic.parts[2] in {"values", "output"}:
                yield dynamic.parts[1]


def _disabled(job: Job) -> list[str]:
    return [key for key, task in job.by_key.items() if "disabled" in task.body and truth(task.body["disabled"])]


@lru_cache(maxsize=1)  # several rules ask one after the other
def _off(job: Job) -> dict[str, str | None]:
    """Return the tasks that do not run because tasks are disabled, each with the parent that keeps it from running."""
    todo = _disabled(job)
    off: dict[str, str | None] = dict.fromkeys(todo)
    while todo:
        for task in job.children.get(todo.pop(), ()):
            if task.key not in off and (because := _kept(task, off)) is not None:
                off[task.key] = because
                todo.append(task.key)
    return off


def _kept(task: JobTask, off: Mapping[str, str | None]) -> str | None:
    """Return the disabled parent because of which a task cannot run, or None."""
    parents = [parent for parent in task.parents if parent in off]
    run_if = task.body.get("run_if") or "ALL_SUCCESS"
    if run_if in ("ALL_SUCCESS", "ALL_FAILED"):
        return parents[0] if parents else None
    if run_if in ("AT_LEAST_ONE_SUCCESS", "NONE_FAILED", "AT_LEAST_ONE_FAILED"):
        return parents[0] if parents and len(parents) == len(task.parents) else None
    return None


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF167",
        severity=Severity.WARNING,
        title="A job of which no task runs",
        why="A disabled task is skipped, and with it what needs its success: each run of this job does nothing.",
        source=_DISABLED,
        bad=job(notebook("a", disabled=True), notebook("b", depends_on=after("a"))),
        good=job(notebook("a", disabled=True), notebook("b")),
        job=all_disabled,
    ),
    Rule(
        code="LF168",
        severity=Severity.INFO,
        title="A task that does not run because one before it is disabled",
        why="A disabled task is no success; what needs it is disabled in each run, too.",
        source=_DISABLED,
        bad=job(notebook("a"), notebook("b", disabled=True), notebook("c", depends_on=after("a", "b"))),
        good=job(
            notebook("a"),
            notebook("b", disabled=True),
            notebook("c", depends_on=after("a", "b"), run_if="NONE_FAILED"),
        ),
        job=after_a_disabled,
    ),
    Rule(
        code="LF169",
        severity=Severity.ERROR,
        title="A condition or loop over the value of a disabled task",
        why="The value is never set: the condition or the loop fails.",
        source=_DISABLED,
        bad=job(
            condition_named(depends_on=after("load"), run_if="ALL_DONE"),
            notebook("load", disabled=True),
            branch_on("then"),
        ),
        good=job(condition_named(depends_on=after("load"), run_if="ALL_DONE"), notebook("load"), branch_on("then")),
        job=value_of_a_disabled,
    ),
)
