"""Rules of notebook, wheel and JAR tasks."""

from collections.abc import Iterator

from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.given import given
from constructs_lib.rules.job import JobTask
from constructs_lib.rules.rule import Rule
from constructs_lib.rules.task_types.examples import JOBS_API, jar, task_of, wheel


def _both_parameters(task: JobTask) -> Iterator[Hit]:
    block = task.block("python_wheel_task")
    if given(block.get("parameters")) and given(block.get("named_parameters")):
        yield task.hit(
            "python_wheel_task",
            "named_parameters",
            message="python_wheel_task has parameters and named_parameters",
            hint="keep one of them: the API takes either",
        )


def _sql_notebook(task: JobTask) -> Iterator[Hit]:
    if given(task.block("notebook_task").get("warehouse_id")):
        for name in ("existing_cluster_id", "new_cluster", "job_cluster_key"):
            if given(task.body.get(name)):
                yield task.hit(
                    name,
                    message=f"its notebook runs on a SQL warehouse, and the task has a {name}",
                    hint=f"leave {name} out, or notebook_task.warehouse_id",
                )


def _repl(task: JobTask) -> Iterator[Hit]:
    value = task.block("spark_jar_task").get("run_as_repl")
    if value is False or value == "false":
        yield task.hit(
            "spark_jar_task",
            "run_as_repl",
            message="spark_jar_task.run_as_repl is false, which is no longer supported",
            hint="leave it out",
        )


_ERROR = Severity.ERROR

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF305",
        severity=_ERROR,
        title="A wheel has positional and named parameters",
        why="The API takes parameters or named_parameters, not both.",
        source=JOBS_API,
        bad=wheel(parameters=["2025"], named_parameters={"year": "2025"}),
        good=wheel(named_parameters={"year": "2025"}),
        task=_both_parameters,
        blocks=("python_wheel_task",),
    ),
    Rule(
        code="LF306",
        severity=_ERROR,
        title="A notebook on a SQL warehouse has a cluster",
        why="A notebook runs on a SQL warehouse or on a cluster.",
        source="https://docs.databricks.com/aws/en/jobs/notebook",
        bad=job(
            {
                **task_of("notebook_task", notebook_path="/Shared/a", source="WORKSPACE", warehouse_id="abc"),
                "existing_cluster_id": "0923-164208-meows279",
            }
        ),
        good=job(task_of("notebook_task", notebook_path="/Shared/a", source="WORKSPACE", warehouse_id="abc")),
        task=_sql_notebook,
        blocks=("notebook_task",),
    ),
    Rule(
        code="LF335",
        severity=_ERROR,
        title="A JAR task has run_as_repl false",
        why="The API no longer supports it. The provider drops it from the request, and plans it again for ever.",
        source="measured with provider 1.128.0",
        bad=jar(run_as_repl=False),
        good=jar(),
        task=_repl,
        blocks=("spark_jar_task",),
    ),
)
