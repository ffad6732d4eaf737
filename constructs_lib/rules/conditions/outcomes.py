"""Which outcome of a condition a task waits for."""

from collections.abc import Iterator
from functools import lru_cache

from constructs_lib.errors import shortened
from constructs_lib.rules.conditions.examples import branch_on, checked, condition_named
from constructs_lib.rules.conditions.values import OUTCOMES
from constructs_lib.rules.examples import after, job, notebook
from constructs_lib.rules.finding import Hit, Path, Severity
from constructs_lib.rules.job import Job, JobTask, mappings
from constructs_lib.rules.rule import Rule

_API = "https://docs.databricks.com/api/workspace/jobs/create"
_IF_ELSE = "https://docs.databricks.com/aws/en/jobs/tasks/if-else"
_YES = {"true", "yes", "1", "success", "succeeded"}
_NO = {"false", "no", "0", "failed", "failure"}


def outcome_of_no_condition(job: Job) -> Iterator[Hit]:
    """Find an outcome that is asked of a task that has none."""
    for task, index, parent, _ in _outcomes(job):
        before = job.by_key.get(parent)
        if before and before.types and "condition_task" not in before.types:
            what = before.type or "task without a condition"
            message = f"waits for an outcome of {parent!r}, which is a {what}; only conditions have one"
            hint = "leave outcome out; what became of a task is the matter of run_if"
            yield task.hit("depends_on", index, "outcome", message=message, hint=hint)


def unknown_outcome(job: Job) -> Iterator[Hit]:
    """Find an outcome that is neither true nor false."""
    for task, index, parent, outcome in _outcomes(job):
        before = job.by_key.get(parent)
        of_condition = before is None or not before.types or "condition_task" in before.types
        if outcome not in OUTCOMES and "${" not in outcome and of_condition:
            lower = outcome.strip().lower()
            meant = "true" if lower in _YES else "false" if lower in _NO else None
            hint = f"write {meant!r}" if meant else "write 'true' or 'false'"
            message = f"outcome {shortened(outcome)} of {parent!r} does not exist"
            yield task.hit("depends_on", index, "outcome", message=message, hint=hint)


def no_outcome(job: Job) -> Iterator[Hit]:
    """Find a dependency on a condition that does not say on which outcome."""
    for condition in job.top:
        if "condition_task" in condition.body and condition.type and condition is job.by_key[condition.key]:
            for task in job.children.get(condition.key, ()):
                for index, entry in mappings(task.body.get("depends_on")):
                    unsaid = entry.get("outcome") is None or entry.get("outcome") == ""
                    if unsaid and entry.get("task_key") == condition.key != task.key:
                        message = f"depends on the condition {condition.key!r}, but not on its outcome"
                        hint = (
                            "add outcome 'true' or 'false'; to run after either, depend on what follows the condition"
                        )
                        yield task.hit("depends_on", index, message=message, hint=hint)


def both_outcomes(job: Job) -> Iterator[Hit]:
    """Find a task that waits for both outcomes of one condition."""
    first: dict[tuple[Path, str], str] = {}
    for task, index, parent, outcome in _outcomes(job):
        if outcome in OUTCOMES and first.setdefault((task.path, parent), outcome) != outcome:
            message = f"waits for {parent!r} to be both true and false"
            hint = "keep one of them; to run after either branch, depend on their last tasks with run_if NONE_FAILED"
            yield task.hit("depends_on", index, "outcome", message=message, hint=hint)


@lru_cache(maxsize=1)  # several rules ask one after the other
def _outcomes(job: Job) -> tuple[tuple[JobTask, int, str, str], ...]:
    """Return the dependencies that say an outcome: the task, the place, on which task, the outcome."""
    found: list[tuple[JobTask, int, str, str]] = []
    for task in job.top if job.children else ():
        for index, entry in mappings(task.body.get("depends_on")):
            if "outcome" in entry:
                outcome, parent = entry["outcome"], entry.get("task_key")
                word = str(outcome).lower() if isinstance(outcome, bool) else outcome
                if isinstance(word, str) and word and isinstance(parent, str):
                    found.append((task, index, parent, word))
    return tuple(found)


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF153",
        severity=Severity.ERROR,
        title="An outcome of a task that is no condition",
        why="The API refuses the job: 'Outcomes can only be specified for if/else condition dependencies.'",
        source="https://github.com/Nike-Inc/brickflow/issues/172",
        bad=job(notebook("a"), notebook("b", depends_on=[{"task_key": "a", "outcome": "true"}])),
        good=checked(condition_named()),
        job=outcome_of_no_condition,
    ),
    Rule(
        code="LF154",
        severity=Severity.ERROR,
        title="An outcome that is neither 'true' nor 'false'",
        why="A condition has no other outcome; the API refuses the job.",
        source="https://registry.terraform.io/providers/databricks/databricks/latest/docs/resources/job",
        bad=checked(condition_named(), branch_on("then", "yes")),
        good=checked(condition_named(), branch_on("otherwise", "false"), branch_on("then", "true")),
        job=unknown_outcome,
    ),
    Rule(
        code="LF155",
        severity=Severity.ERROR,
        title="A dependency on a condition without its outcome",
        why="The API refuses the job: 'The dependency on an if/else condition does not specify an outcome.'",
        source=_IF_ELSE,
        bad=checked(condition_named(), branch_on("then", None)),
        good=checked(condition_named(), branch_on("then", "false")),
        job=no_outcome,
    ),
    Rule(
        code="LF156",
        severity=Severity.WARNING,
        title="A task that waits for both outcomes",
        why="An outcome must be met for the task to run, and a condition never has both.",
        source=_API,
        bad=checked(
            condition_named(),
            notebook(
                "then",
                depends_on=[{"task_key": "check", "outcome": "true"}, {"task_key": "check", "outcome": "false"}],
            ),
        ),
        good=checked(
            condition_named(),
            branch_on("many"),
            branch_on("none", "false"),
            notebook("report", depends_on=after("many", "none"), run_if="NONE_FAILED"),
        ),
        job=both_outcomes,
    ),
)
