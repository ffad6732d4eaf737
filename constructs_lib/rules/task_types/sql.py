"""Rules of SQL tasks.

https://docs.databricks.com/aws/en/jobs/sql
"""

from collections.abc import Iterator

from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.given import given, only
from constructs_lib.rules.job import JobTask
from constructs_lib.rules.rule import Rule
from constructs_lib.rules.task_types.examples import ALERT, JOBS_API, sql

_SQL_KINDS = ("query", "file", "alert", "dashboard")


def _sql_kinds(task: JobTask) -> list[str]:
    block = task.block("sql_task")
    return [name for name, value in block.items() if name in _SQL_KINDS and value is not None and value != []]


def _sql_nothing(task: JobTask) -> Iterator[Hit]:
    if only(task.body.get("sql_task")) is not None and not _sql_kinds(task):
        yield task.hit(
            "sql_task",
            message="sql_task has no query, file, alert or dashboard",
            hint="give it exactly one of query, file, alert and dashboard",
        )


def _sql_two(task: JobTask) -> Iterator[Hit]:
    kinds = _sql_kinds(task)
    for name in kinds[1:]:
        yield task.hit(
            "sql_task",
            name,
            message=f"sql_task has a {kinds[0]} and a {name}",
            hint="keep exactly one of query, file, alert and dashboard",
        )


def _alert_parameters(task: JobTask) -> Iterator[Hit]:
    if given(task.block("sql_task").get("parameters")) and "alert" in _sql_kinds(task):
        yield task.hit(
            "sql_task",
            "parameters",
            message="sql_task has parameters, which an alert does not take",
            hint="leave the parameters out, or write them into the alert's query",
        )


_QUERY = {"query_id": "123"}

_ERROR = Severity.ERROR

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF307",
        severity=_ERROR,
        title="A SQL task has nothing to run",
        why="A SQL task runs a query or a file, or refreshes an alert or a dashboard. The provider does not check it.",
        source=JOBS_API,
        bad=sql(),
        good=sql(query=_QUERY),
        task=_sql_nothing,
        blocks=("sql_task",),
    ),
    Rule(
        code="LF308",
        severity=_ERROR,
        title="A SQL task has two things to run",
        why="A SQL task has exactly one of query, file, alert and dashboard.",
        source=JOBS_API,
        bad=sql(query=_QUERY, alert=ALERT),
        good=sql(alert=ALERT),
        task=_sql_two,
        blocks=("sql_task",),
    ),
    Rule(
        code="LF309",
        severity=_ERROR,
        title="A SQL alert has parameters",
        why="Alerts take no parameters: their query runs as it was saved.",
        source=JOBS_API,
        bad=sql(alert=ALERT, parameters={"day": "2025-01-01"}),
        good=sql(query=_QUERY, parameters={"day": "2025-01-01"}),
        task=_alert_parameters,
        blocks=("sql_task",),
    ),
)
