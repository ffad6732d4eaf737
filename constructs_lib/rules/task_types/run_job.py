"""Rules of run-job tasks.

https://docs.databricks.com/aws/en/jobs/run-job
"""

import json
from collections.abc import Iterator
from typing import Any

from constructs_lib.errors import shortened
from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.given import given, letters, strings
from constructs_lib.rules.job import JobTask, number
from constructs_lib.rules.rule import Rule
from constructs_lib.rules.task_types.examples import JOBS_API, task_of

_LEGACY = (
    "jar_params",
    "notebook_params",
    "python_params",
    "python_named_params",
    "spark_submit_params",
    "sql_params",
    "dbt_commands",
)
_SHORT = ("jar_params", "notebook_params", "python_params", "spark_submit_params")
"""Parameters whose JSON may have at most 10,000 bytes."""


def _jar_and_notebook(task: JobTask) -> Iterator[Hit]:
    block = task.block("run_job_task")
    if given(block.get("jar_params")) and given(block.get("notebook_params")):
        yield task.hit(
            "run_job_task",
            "notebook_params"
            if list(block).index("notebook_params") > list(block).index("jar_params")
            else "jar_params",
            message="run_job_task has jar_params and notebook_params, which exclude each other",
            hint="write job_parameters",
        )


def _legacy_parameters(task: JobTask) -> Iterator[Hit]:
    block = task.block("run_job_task")
    for name in _LEGACY:
        if given(block.get(name)):
            yield task.hit(
                "run_job_task",
                name,
                message=f"run_job_task.{name} is deprecated",
                hint="write job_parameters, and give the other job parameters of these names",
            )


def _long_parameters(task: JobTask) -> Iterator[Hit]:
    block = task.block("run_job_task")
    for name in _SHORT:
        value = block.get(name)
        # A character has at most six bytes: what is far from the limit is not encoded.
        if letters(value) * 6 + 100 > 10_000:
            shown = json.dumps({name: value}, ensure_ascii=False, separators=(",", ":"), default=str, skipkeys=True)
            size = len(shown.encode(errors="replace"))
            if size > 10_000:
                yield task.hit(
                    "run_job_task",
                    name,
                    message=f"run_job_task.{name} has {size:,} bytes as JSON, more than 10,000",
                    hint="write what is long into a file or a table, and pass its name",
                )


def _long_job_parameters(task: JobTask) -> Iterator[Hit]:
    size = letters(task.block("run_job_task").get("job_parameters"))
    if size > 10_000:
        yield task.hit(
            "run_job_task",
            "job_parameters",
            message=f"run_job_task.job_parameters has {size:,} characters as JSON, more than 10,000",
            hint="write what is long into a file or a table, and pass its name",
        )


def _not_ascii(task: JobTask) -> Iterator[Hit]:
    for name in ("python_params", "spark_submit_params"):
        for index, value in strings(task.block("run_job_task").get(name)):
            if not value.isascii():
                yield task.hit(
                    "run_job_task",
                    name,
                    index,
                    message=f"run_job_task.{name} has {shortened(value)}, which is not ASCII",
                    hint="write ASCII, or use job_parameters",
                )


def _job_id(task: JobTask) -> Iterator[Hit]:
    job_id = task.block("run_job_task").get("job_id")
    value = number(job_id)
    if value is not None and value <= 0:
        yield task.hit(
            "run_job_task",
            "job_id",
            message=f"run_job_task.job_id is {shortened(job_id)}, which is no job",
            hint="write the id of the job, better a reference to it",
        )


def _run_job(**block: Any) -> dict[str, Any]:
    return job(task_of("run_job_task", job_id=42, **block))


_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF320",
        severity=_ERROR,
        title="A run-job task has jar_params and notebook_params",
        why="The API refuses the two together; job_parameters replace both.",
        source=JOBS_API,
        bad=_run_job(jar_params=["2025"], notebook_params={"year": "2025"}),
        good=_run_job(job_parameters={"year": "2025"}),
        task=_jar_and_notebook,
        blocks=("run_job_task",),
    ),
    Rule(
        code="LF321",
        severity=_INFO,
        title="A run-job task has parameters by task type",
        why="They are deprecated: job parameters reach every task of the other job, whatever its type.",
        source=JOBS_API,
        bad=_run_job(notebook_params={"year": "2025"}),
        good=_run_job(job_parameters={"year": "2025"}),
        task=_legacy_parameters,
        blocks=("run_job_task",),
    ),
    Rule(
        code="LF322",
        severity=_ERROR,
        title="A run-job task has more than 10,000 bytes of parameters",
        why="The API takes at most 10,000 bytes of JSON for each kind of them.",
        source=JOBS_API,
        bad=_run_job(python_params=["x" * 10_000]),
        good=_run_job(job_parameters={"file": "/Volumes/main/default/parameters.json"}),
        task=_long_parameters,
        blocks=("run_job_task",),
    ),
    Rule(
        code="LF323",
        severity=_WARNING,
        title="A run-job task has more than 10,000 characters of job parameters",
        why="The parameters of a run may have at most 10,000 bytes as JSON: starting the other job fails.",
        source="https://docs.databricks.com/api/workspace/jobs/runnow",
        bad=_run_job(job_parameters={"sql": "x" * 10_000}),
        good=_run_job(job_parameters={"file": "/Volumes/main/default/query.sql"}),
        task=_long_job_parameters,
        blocks=("run_job_task",),
    ),
    Rule(
        code="LF324",
        severity=_ERROR,
        title="A run-job task has parameters that are not ASCII",
        why="python_params and spark_submit_params take ASCII only; anything else is an error when the task runs.",
        source=JOBS_API,
        bad=_run_job(python_params=["Zürich"]),
        good=_run_job(job_parameters={"city": "Zürich"}),
        task=_not_ascii,
        blocks=("run_job_task",),
    ),
    Rule(
        code="LF325",
        severity=_ERROR,
        title="A run-job task's job_id is not positive",
        why="There is no such job: mostly a variable that was never set.",
        source=JOBS_API,
        bad=job(task_of("run_job_task", job_id=0)),
        good=_run_job(),
        task=_job_id,
        blocks=("run_job_task",),
    ),
)
