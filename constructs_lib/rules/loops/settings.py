"""What belongs on a loop itself, and what does nothing there."""

from collections.abc import Iterator
from typing import Any

from constructs_lib.errors import shortened
from constructs_lib.rules.conditions.settings import retry_setting
from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.job import JobTask, number, said
from constructs_lib.rules.loops.examples import inner_task, loop_task
from constructs_lib.rules.rule import Rule

MOST_CONCURRENT = 100

_FOR_EACH = "https://docs.databricks.com/aws/en/jobs/tasks/for-each"
_JOB = "https://registry.terraform.io/providers/databricks/databricks/latest/docs/resources/job"


def concurrency_out_of_range(task: JobTask) -> Iterator[Hit]:
    """Find a concurrency that a loop cannot have."""
    value = task.block("for_each_task").get("concurrency")
    count = number(value)
    if count is not None and not (1 <= count <= MOST_CONCURRENT and count == int(count)):
        shown = shortened(value) if isinstance(value, str) else f"{count:.15g}" if abs(count) < 1e15 else "so great"
        message = f"concurrency {shown} is no whole number from 1 to {MOST_CONCURRENT}"
        hint = f"write {MOST_CONCURRENT}" if count > MOST_CONCURRENT else f"write a number from 1 to {MOST_CONCURRENT}"
        yield task.hit("for_each_task", "concurrency", message=message, hint=hint)


def concurrency_unsaid(task: JobTask) -> Iterator[Hit]:
    """Find a loop that leaves open how many of its runs go on at once."""
    loop = task.block("for_each_task")
    if loop and loop.get("concurrency") is None:
        message = "the loop does not say concurrency"
        yield task.hit("for_each_task", message=message, hint="write concurrency = 1, or as many as may run at once")


def retries_of_the_loop(task: JobTask) -> Iterator[Hit]:
    """Find retries of the loop."""
    if _is_loop(task) and retry_setting(task) == "max_retries":
        message = "max_retries stands at the loop; each of its runs is tried again on its own"
        yield task.hit("max_retries", message=message, hint="move it into for_each_task.task")


def retry_settings_of_the_loop(task: JobTask) -> Iterator[Hit]:
    """Find how the loop shall be tried again, where it does not say how often."""
    name = retry_setting(task) if _is_loop(task) else None
    if name and name != "max_retries":
        message = f"{name} stands at the loop; each of its runs is tried again on its own"
        yield task.hit(name, message=message, hint="move it into for_each_task.task, with max_retries")


def compute_of_the_loop(task: JobTask) -> Iterator[Hit]:
    """Find compute of the loop."""
    for name in ("existing_cluster_id", "new_cluster", "job_cluster_key", "environment_key"):
        if said(task.body.get(name)) and _is_loop(task):
            message = f"a loop runs on no compute of its own: {name} does nothing here"
            yield task.hit(name, message=message, hint="move it into for_each_task.task")


def libraries_of_the_loop(task: JobTask) -> Iterator[Hit]:
    """Find libraries of the loop."""
    if said(task.body.get("library")) and _is_loop(task):
        message = "a loop installs no libraries"
        yield task.hit("library", message=message, hint="move them into for_each_task.task")


def _is_loop(task: JobTask) -> bool:
    return task.type == "for_each_task" and not task.loop


def _of(**attributes: Any) -> dict[str, Any]:
    """Return a loop with other attributes of the loop itself."""
    loop = loop_task()
    return {**loop, "for_each_task": {**loop["for_each_task"], **attributes}}


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF205",
        severity=Severity.ERROR,
        title="A concurrency that a loop cannot have",
        why="A loop runs from 1 to 100 of its tasks at once; the API refuses more, and Terraform does not send 0.",
        source=_JOB,
        bad=job(_of(concurrency=500)),
        good=job(_of(concurrency=100)),
        task=concurrency_out_of_range,
        blocks=("for_each_task",),
    ),
    Rule(
        code="LF206",
        severity=Severity.INFO,
        title="A loop that does not say its concurrency",
        why="The provider's documentation says that 20 run at once then, Databricks' that one does.",
        source=_FOR_EACH,
        bad=job({"task_key": "each", "for_each_task": {"inputs": "[1]", "task": inner_task()}}),
        good=job(_of(concurrency=1)),
        task=concurrency_unsaid,
        blocks=("for_each_task",),
    ),
    Rule(
        code="LF209",
        severity=Severity.ERROR,
        title="Retries of a loop",
        why="The API refuses the job: the task inside is tried again, for each input.",
        source="https://github.com/databricks/cli/issues/3977",
        bad=job(loop_task(max_retries=3)),
        good=job(loop_task(inner=inner_task(max_retries=3))),
        task=retries_of_the_loop,
        blocks=("for_each_task",),
    ),
    Rule(
        code="LF210",
        severity=Severity.WARNING,
        title="Compute of a loop",
        why="A loop only starts the task inside it, which runs on compute of its own; the API may refuse it.",
        source=_FOR_EACH,
        bad=job(loop_task(existing_cluster_id="0923-164208-meows279")),
        good=job(loop_task(inner=inner_task(existing_cluster_id="0923-164208-meows279"))),
        task=compute_of_the_loop,
        blocks=("for_each_task",),
    ),
    Rule(
        code="LF211",
        severity=Severity.ERROR,
        title="Libraries of a loop",
        why="The API refuses the job: libraries belong to the task inside.",
        source="https://github.com/databrickslabs/dbx/issues/887",
        bad=job(loop_task(library=[{"whl": "/Workspace/a.whl"}])),
        good=job(
            loop_task(
                inner=inner_task(library=[{"whl": "/Workspace/a.whl"}], existing_cluster_id="0923-164208-meows279")
            ),
        ),
        task=libraries_of_the_loop,
        blocks=("for_each_task",),
    ),
    Rule(
        code="LF219",
        severity=Severity.WARNING,
        title="How a loop is tried again",
        why="Retries are a matter of the task inside, for each input; at the loop they do nothing, or are refused.",
        source="https://github.com/databricks/cli/issues/3977",
        bad=job(loop_task(retry_on_timeout=True)),
        good=job(
            loop_task(
                retry_on_timeout=False, inner=inner_task(retry_on_timeout=True, max_retries=1, timeout_seconds=600)
            )
        ),
        task=retry_settings_of_the_loop,
        blocks=("for_each_task",),
    ),
)
