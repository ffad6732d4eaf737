"""References that stand where they have no value."""

from typing import Any

from constructs_lib.rules.examples import job, notebook
from constructs_lib.rules.finding import Severity
from constructs_lib.rules.quoting import shown
from constructs_lib.rules.references.examples import reader, reading
from constructs_lib.rules.references.value_references import NAMESPACES, Seen, Sort, each, reference
from constructs_lib.rules.rule import Hits, Rule

_REFERENCES = "https://docs.databricks.com/aws/en/jobs/dynamic-value-references"
_PARAMETERS = "https://docs.databricks.com/aws/en/jobs/job-parameters"
_FOR_EACH = "https://docs.databricks.com/aws/en/jobs/tasks/for-each"
_TEXTS = ("name", "description", "tags", "task_key")


def _in_parameter(seen: Seen) -> Hits:
    if seen.path[0] == "parameter":
        yield seen.hit(
            f"{shown(seen.text)} is about a task, and job parameters are there before any task has run",
            f"write {reference(*seen.said)} in the parameters of the task that needs it",
        )


def _input_outside(seen: Seen) -> Hits:
    if seen.task is None or seen.task.loop is None:
        yield seen.hit(
            f"{shown(seen.text)} is the element of a for-each task, and no loop is around it",
            "write it in the inner task of a for-each task only",
        )


def _in_text(seen: Seen) -> Hits:
    where = seen.path[2] if seen.path[0] == "task" and len(seen.path) > 2 else seen.path[0]
    if where in _TEXTS and len(seen.said) > 1 and seen.said[0] in NAMESPACES and seen.odd is None:
        yield seen.hit(
            f"{shown(seen.text)} stays as it is written in {where!r}", "write it in the parameters of a task"
        )


def _loop(inputs: str, value: str) -> dict[str, Any]:
    """Return a job with one loop over a notebook with one parameter."""
    loop = {"inputs": inputs, "concurrency": 2, "task": reader("each", value)}
    return job({"task_key": "loop", "for_each_task": loop})


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF418",
        severity=Severity.ERROR,
        title="`{{input}}` stands outside a loop",
        why="Only the inner task of a for-each task has an element.",
        source=_FOR_EACH,
        bad=reading("{{input}}"),
        good=_loop('["x"]', "{{input}}"),
        job=each("input", check=_input_outside),
    ),
    Rule(
        code="LF424",
        severity=Severity.WARNING,
        title="A job parameter refers to a task",
        why="Job parameters get their values when the run starts, before any task.",
        source=_PARAMETERS,
        bad=job(notebook("a"), parameter=[{"name": "n", "default": "{{tasks.a.values.n}}"}]),
        good=job(notebook("a"), parameter=[{"name": "n", "default": "{{job.run_id}}"}]),
        job=each("tasks", check=_in_parameter),
    ),
    Rule(
        code="LF425",
        severity=Severity.INFO,
        title="A value reference stands in a name, description or tag",
        why="References are replaced in what reaches tasks, not in what describes the job.",
        source=_REFERENCES,
        bad={**job(), "description": "run {{job.run_id}}"},
        good={**job(), "description": "every run"},
        job=each(Sort.TEXT, check=_in_text),
    ),
)
