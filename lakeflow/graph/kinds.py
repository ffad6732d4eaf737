"""The types of a task, and what of each its reader wants to see.

https://docs.databricks.com/aws/en/jobs/configure-task#task-types
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lakeflow.graph.reading import block, dynamic, is_dynamic, last_part, raw, said

Said = tuple[str, str]
_OPERATORS = {
    "EQUAL_TO": "==",
    "NOT_EQUAL": "!=",
    "GREATER_THAN": ">",
    "GREATER_THAN_OR_EQUAL": ">=",
    "LESS_THAN": "<",
    "LESS_THAN_OR_EQUAL": "<=",
}


class Family(StrEnum):
    """What types of task have in common for the eye."""

    CODE = "code"
    SQL = "sql"
    PIPELINE = "pipeline"
    CONTROL = "control"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of task: its block's name, its label, its family and whether Python or the JVM of some compute runs it.

    `describe` returns what a task of it runs, in full and short.
    """

    block: str
    label: str
    family: Family
    describe: Callable[[Mapping[str, Any]], Said]
    serverless: bool = False


def _plain(*names: str, between: str = ":") -> Callable[[Mapping[str, Any]], Said]:
    def describe(task: Mapping[str, Any]) -> Said:
        text = between.join(filter(None, (said(task.get(name)) for name in names)))
        return text, text

    return describe


def _path(*names: str) -> Callable[[Mapping[str, Any]], Said]:
    def describe(task: Mapping[str, Any]) -> Said:
        path = next(filter(None, (said(task.get(name)) for name in names)), "")
        return path, last_part(path)

    return describe


def _inside(name: str, describe: Callable[[Mapping[str, Any]], Said]) -> Callable[[Mapping[str, Any]], Said]:
    return lambda task: describe(block(task, name))


def _jar(task: Mapping[str, Any]) -> Said:
    main = said(task.get("main_class_name"))
    return main, main.rpartition(".")[2]


def _pipeline(task: Mapping[str, Any]) -> Said:
    refresh = " (full refresh)" if task.get("full_refresh") is True else ""
    text = said(task.get("pipeline_id")) + refresh
    return text, text


def _lines(name: str) -> Callable[[Mapping[str, Any]], Said]:
    def describe(task: Mapping[str, Any]) -> Said:
        found = task.get(name)
        text = "; ".join(map(said, found)) if isinstance(found, list) else said(found)
        return text, text

    return describe


def _dbt(task: Mapping[str, Any]) -> Said:
    runs, _ = _lines("commands")(task)
    return runs, runs.removeprefix("dbt ")


def _operand(value: object) -> str:
    text = said(value)
    if is_dynamic(text) or text.replace(".", "", 1).lstrip("-").isdigit():
        return dynamic(text)
    return f'"{dynamic(text)}"'


def _condition(task: Mapping[str, Any]) -> Said:
    operator = raw(task.get("op"))
    text = f"{_operand(task.get('left'))} {_OPERATORS.get(operator, operator or '?')} {_operand(task.get('right'))}"
    return text, text


def _inputs(task: Mapping[str, Any]) -> Said:
    text = said(task.get("inputs"))
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, list):
        return dynamic(text), dynamic(text)
    return text, f"{len(values)}: {', '.join(map(raw, values[:20]))}"


_CODE, _SQL, _PIPELINE, _CONTROL, _OTHER = Family
_KINDS = (
    Kind("notebook_task", "notebook", _CODE, _path("notebook_path"), serverless=True),
    Kind("spark_python_task", "script", _CODE, _path("python_file"), serverless=True),
    Kind("python_wheel_task", "wheel", _CODE, _plain("package_name", "entry_point"), serverless=True),
    Kind("spark_jar_task", "JAR", _CODE, _jar, serverless=True),
    Kind("spark_submit_task", "spark-submit", _CODE, _lines("parameters")),
    Kind("python_operator_task", "operator", _CODE, _plain("main"), serverless=True),
    Kind("clean_rooms_notebook_task", "clean room", _CODE, _plain("clean_room_name", "notebook_name", between="/")),
    Kind("ai_runtime_task", "AI runtime", _CODE, _plain("experiment")),
    Kind("gen_ai_compute_task", "AI compute", _CODE, _path("training_script_path", "command")),
    Kind("sql_task", "SQL", _SQL, _plain("query_id")),
    Kind("dbt_task", "dbt", _SQL, _dbt, serverless=True),
    Kind("dbt_platform_task", "dbt platform", _SQL, _plain("dbt_platform_job_id")),
    Kind("dbt_cloud_task", "dbt cloud", _SQL, _plain("dbt_cloud_job_id")),
    Kind("dashboard_task", "dashboard", _SQL, _plain("dashboard_id")),
    Kind("alert_task", "alert", _SQL, _path("alert_id", "workspace_path")),
    Kind("power_bi_task", "Power BI", _SQL, _inside("power_bi_model", _plain("model_name"))),
    Kind("pipeline_task", "pipeline", _PIPELINE, _pipeline),
    Kind("run_job_task", "run job", _CONTROL, _plain("job_id")),
    Kind("condition_task", "if", _CONTROL, _condition),
    Kind("for_each_task", "for each of", _CONTROL, _inputs),
)
_SQL_OBJECTS = {
    name: Kind("sql_task", f"SQL {name}", _SQL, _inside(name, describe))
    for name, describe in (
        ("query", _plain("query_id")),
        ("file", _path("path")),
        ("alert", _plain("alert_id")),
        ("dashboard", _plain("dashboard_id")),
    )
}
_BY_BLOCK = {kind.block: kind for kind in _KINDS}
NO_KIND = Kind("", "no type", _OTHER, lambda _: ("", ""))
MISSING = Kind("", "not in this job", _OTHER, lambda _: ("", ""))


def kinds_of(task: Mapping[str, Any]) -> list[Kind]:
    """Return the types that a task's settings name: one in a valid task, in the order of their names."""
    named = sorted(name for name, value in task.items() if _is_type(name, value))
    return [_kind(name, block(task, name)) for name in named]


def _is_type(name: object, value: object) -> bool:
    # Terraform's plan writes the blocks that are not there as empty lists or nulls; `condition_task {}` is there.
    return isinstance(name, str) and name.endswith("_task") and value not in (None, [], False)


def _kind(name: str, settings: Mapping[str, Any]) -> Kind:
    if name == "sql_task":
        objects = (kind for key, kind in _SQL_OBJECTS.items() if block(settings, key))
        return next(objects, _BY_BLOCK[name])
    label = name.removesuffix("_task").replace("_", " ")
    return _BY_BLOCK.get(name) or Kind(name, label, _OTHER, lambda _: ("", ""))
