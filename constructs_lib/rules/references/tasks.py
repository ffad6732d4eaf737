"""References to other tasks, and what these tasks have to offer."""

from typing import Any

from constructs_lib.errors import listed, nearest
from constructs_lib.rules.examples import after, job, notebook
from constructs_lib.rules.finding import Severity
from constructs_lib.rules.job import Job, JobTask
from constructs_lib.rules.quoting import shown
from constructs_lib.rules.references.examples import reader, reading
from constructs_lib.rules.references.names import OUTPUTS
from constructs_lib.rules.references.value_references import NAMES, Seen, each, reference
from constructs_lib.rules.rule import Hits, Rule

_REFERENCES = "https://docs.databricks.com/aws/en/jobs/dynamic-value-references"
_TASK_VALUES = "https://docs.databricks.com/aws/en/jobs/task-values"
_FOR_EACH = "https://docs.databricks.com/aws/en/jobs/tasks/for-each"
_DISABLED = "https://docs.databricks.com/aws/en/jobs/disabled-tasks"
_NO_VALUES = {
    "alert_task": "an alert task",
    "condition_task": "a condition task",
    "dashboard_task": "a dashboard task",
    "dbt_cloud_task": "a dbt task",
    "dbt_platform_task": "a dbt task",
    "dbt_task": "a dbt task",
    "pipeline_task": "a pipeline task",
    "power_bi_task": "a Power BI task",
    "run_job_task": "a task that runs a job",
    "sql_task": "a SQL task",
}


def _all_keys_known(job: Job) -> bool:
    tasks = job.body.get("task")
    return isinstance(tasks, list) and all("${" not in task.key for task in job.tasks)


def _named(seen: Seen) -> JobTask | None:
    """Return the task that a reference names; None where there is none at the top of the job."""
    return seen.job.by_key.get(seen.said[1])


def _is_itself(seen: Seen) -> bool:
    task = seen.task
    return task is not None and (seen.said[1] == task.key or (task.loop is not None and seen.said[1] == task.loop.key))


def _unknown_task(seen: Seen) -> Hits:
    key, job = seen.said[1], seen.job
    if key in job.by_key or not _all_keys_known(job) or any(task.key == key for task in job.tasks):
        return
    near = nearest(key, filter(None, job.by_key))
    yield seen.hit(
        f"{shown(seen.text)} names {key!r}, which is no task of the job",
        f"write {reference('tasks', near, *seen.said[2:])}" if near else f"the tasks are {listed(job.by_key)}",
    )


def _inner_named(seen: Seen) -> Hits:
    key, job = seen.said[1], seen.job
    if key in job.by_key or _is_itself(seen):
        return
    loop = next((task.loop for task in job.tasks if task.loop and task.key == key), None)
    if loop:
        yield seen.hit(
            f"{shown(seen.text)} names the inner task of loop {loop.key!r}, which runs many times",
            "let the iterations write to a table, and read that in a task after the loop",
        )


def _itself(seen: Seen) -> Hits:
    if _is_itself(seen) and seen.task:
        which = "the task itself" if seen.said[1] == seen.task.key else "the loop that it is in"
        own = len(seen.said) == 3 and seen.said[2] in NAMES["task"]
        hint = f"write {reference('task', seen.said[2])}" if own else "name a task before it"
        yield seen.hit(f"{shown(seen.text)} names {which}", hint)


def _not_upstream(seen: Seen) -> Hits:
    task, key = seen.task, seen.said[1]
    if task is None or key in task.upstream or key not in seen.job.by_key or _is_itself(seen):
        return
    outer = task.loop or task
    if isinstance(outer.body.get("depends_on", []), list | None):
        yield seen.hit(
            f"{shown(seen.text)} names {key!r}, which does not run before it", f"let {outer.key!r} depend on {key!r}"
        )


def _disabled_task(seen: Seen) -> Hits:
    task, named, said = seen.task, _named(seen), seen.said
    if task is None or named is None or named.body.get("disabled") is not True:
        return
    if "condition_task" in seen.path or seen.path[-1] == "inputs":
        return  # these fail, which is another rule
    outer = task.loop or task
    waits = said[1] in outer.parents and outer.body.get("run_if") in (None, "ALL_SUCCESS", "ALL_FAILED")
    if said[1] in task.upstream and not waits and not (outer.body.get("disabled") or task.body.get("disabled")):
        yield seen.hit(
            f"{shown(seen.text)} names {said[1]!r}, which is disabled and sets nothing",
            "enable that task, or write a value instead of the reference",
        )


def _wrong_output(seen: Seen) -> Hits:
    named, said = _named(seen), seen.said
    if not named or len(said) < 4 or said[2] != "output" or said[3] not in OUTPUTS or named.type is None:
        return
    sql = named.block("sql_task")
    if said[3] == "alert_state":
        fits, wanted = named.type == "alert_task" or "alert" in sql, "an alert task"
    else:
        fits = named.type == "sql_task" and not (
            {"alert", "dashboard"} & sql.keys() and not {"query", "file"} & sql.keys()
        )
        wanted = "a SQL task with a query or a file"
    if not fits:
        yield seen.hit(
            f"{shown(seen.text)}: {said[1]!r} is a {named.type.replace('_', ' ')}, and only {wanted} has {said[3]!r}",
            f"write {reference('tasks', said[1], 'values', '<name>')} for a task value"
            if named.type not in _NO_VALUES
            else f"name {wanted}",
        )


def _no_values(seen: Seen) -> Hits:
    named, said = _named(seen), seen.said
    if named and len(said) > 3 and said[2] == "values" and named.type in _NO_VALUES:
        yield seen.hit(
            f"{shown(seen.text)}: {said[1]!r} is {_NO_VALUES[named.type]}, which sets no task values",
            f"write {reference('tasks', said[1], 'output', 'first_row', said[3])}"
            if named.type == "sql_task"
            else "name a task that runs Python and sets the value",
        )


def _alert_never_fails(task: JobTask) -> Hits:
    if task.body.get("run_if") not in ("AT_LEAST_ONE_FAILED", "ALL_FAILED") or not task.parents:
        return
    parents = [task.job.by_key.get(key) for key in task.parents]
    if all(parent and (parent.type == "alert_task" or "alert" in parent.block("sql_task")) for parent in parents):
        yield task.hit(
            "run_if",
            message=f"{task.body['run_if']} waits for a failure, and a triggered alert is none",
            hint=f"compare {reference('tasks', task.parents[0], 'output', 'alert_state')} in a condition task",
        )


def _sql(key: str) -> dict[str, Any]:
    """Return a task that runs a query."""
    return {"task_key": key, "sql_task": {"warehouse_id": "abc", "query": {"query_id": "q"}}}


def _alert(key: str) -> dict[str, Any]:
    """Return a task that evaluates an alert."""
    return {"task_key": key, "alert_task": {"alert_id": "a", "warehouse_id": "abc"}}


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF410",
        severity=Severity.ERROR,
        title="A value reference names a task that does not exist",
        why="The run fails where the reference cannot be filled in.",
        source=_REFERENCES,
        bad=job(notebook("load"), reader("b", "{{tasks.laod.values.n}}", depends_on=after("load"))),
        good=job(notebook("load"), reader("b", "{{tasks.load.values.n}}", depends_on=after("load"))),
        job=each("tasks", check=_unknown_task),
    ),
    Rule(
        code="LF411",
        severity=Severity.ERROR,
        title="A value reference names a task that does not run before",
        why="Only a task upstream has a value by then; the run fails with a task value that is not found.",
        source=_TASK_VALUES,
        bad=job(notebook("load"), reader("b", "{{tasks.load.values.n}}")),
        good=job(notebook("load"), reader("b", "{{tasks.load.values.n}}", depends_on=after("load"))),
        job=each("tasks", check=_not_upstream),
    ),
    Rule(
        code="LF412",
        severity=Severity.ERROR,
        title="A value reference names its own task",
        why="The value is needed before the task starts, and is there only after it.",
        source=_TASK_VALUES,
        bad=reading("{{tasks.a.values.n}}"),
        good=reading("{{task.name}}"),
        job=each("tasks", check=_itself),
    ),
    Rule(
        code="LF413",
        severity=Severity.WARNING,
        title="A value reference names a disabled task",
        why="A disabled task sets no values, and what needs them fails.",
        source=_DISABLED,
        bad=job(
            notebook("load", disabled=True),
            reader("b", "{{tasks.load.values.n}}", depends_on=after("load"), run_if="ALL_DONE"),
        ),
        good=job(notebook("load"), reader("b", "{{tasks.load.values.n}}", depends_on=after("load"), run_if="ALL_DONE")),
        job=each("tasks", check=_disabled_task),
    ),
    Rule(
        code="LF414",
        severity=Severity.WARNING,
        title="A value reference names the inner task of a loop",
        why="The inner task runs once for each element, and its values are not offered outside.",
        source=_FOR_EACH,
        bad=job(
            {
                "task_key": "loop",
                "for_each_task": {"inputs": "[1]", "concurrency": 1, "task": reader("in", "{{input}}")},
            },
            reader("z", "{{tasks.in.values.n}}", depends_on=after("loop")),
        ),
        good=job(
            {
                "task_key": "loop",
                "for_each_task": {"inputs": "[1]", "concurrency": 1, "task": reader("in", "{{input}}")},
            },
            reader("z", "{{tasks.loop.result_state}}", depends_on=after("loop")),
        ),
        job=each("tasks", check=_inner_named),
    ),
    Rule(
        code="LF415",
        severity=Severity.ERROR,
        title="A value reference asks a task for an output that it does not have",
        why="Rows are the output of queries and SQL files, an alert state that of alerts.",
        source=_REFERENCES,
        bad=job(notebook("a"), reader("b", "{{tasks.a.output.rows}}", depends_on=after("a"))),
        good=job(_sql("a"), reader("b", "{{tasks.a.output.rows}}", depends_on=after("a"))),
        job=each("tasks", check=_wrong_output),
    ),
    Rule(
        code="LF416",
        severity=Severity.WARNING,
        title="A value reference asks for a task value of a task that sets none",
        why="Task values are set by Python code; other tasks have an output or a result state.",
        source=_TASK_VALUES,
        bad=job(_sql("a"), reader("b", "{{tasks.a.values.n}}", depends_on=after("a"))),
        good=job(_sql("a"), reader("b", "{{tasks.a.output.first_row.n}}", depends_on=after("a"))),
        job=each("tasks", check=_no_values),
    ),
    Rule(
        code="LF430",
        severity=Severity.INFO,
        title="A task waits for an alert task to fail",
        why="An alert task succeeds also when its alert is triggered; the state is in its output.",
        source=_REFERENCES,
        bad=job(_alert("a"), notebook("b", depends_on=after("a"), run_if="AT_LEAST_ONE_FAILED")),
        good=job(_alert("a"), notebook("b", depends_on=after("a"))),
        task=_alert_never_fails,
        blocks=("run_if",),
    ),
)
