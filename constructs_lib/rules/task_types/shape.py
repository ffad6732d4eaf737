"""Rules of every type of task: exactly one type, what it cannot do without, and how long it may be."""

from collections.abc import Collection, Iterator
from typing import Any

from constructs_lib.rules.examples import job, notebook
from constructs_lib.rules.finding import Hit, Path, Severity
from constructs_lib.rules.given import each, given, letters, only
from constructs_lib.rules.job import TASK_TYPES, JobTask
from constructs_lib.rules.rule import Rule
from constructs_lib.rules.task_types.examples import JOBS_API, WHEELS, jar, task_of, wheel

_TYPES = frozenset(TASK_TYPES)
_NAMED: dict[str, tuple[tuple[str, ...], ...]] = {
    "clean_rooms_notebook_task": (("clean_room_name",), ("notebook_name",)),
    "gen_ai_compute_task": (("dl_runtime_image",),),
    "ai_runtime_task": (("experiment",),),
    "pipeline_task": (("pipeline_id",),),
    "sql_task": (
        ("warehouse_id",),
        ("query", "query_id"),
        ("alert", "alert_id"),
        ("dashboard", "dashboard_id"),
    ),
}
"""Strings that the provider's schema requires, and takes empty; paths of code are the matter of `rules.code`."""
_NEEDED = {
    "dashboard_task": ("dashboard_id",),
    "dbt_cloud_task": ("connection_resource_name", "dbt_cloud_job_id"),
    "dbt_platform_task": ("connection_resource_name", "dbt_platform_job_id"),
    "power_bi_task": ("connection_resource_name", "warehouse_id", "power_bi_model", "tables"),
    "python_operator_task": ("main",),
    "python_wheel_task": ("package_name", "entry_point"),
    "spark_jar_task": ("main_class_name",),
}
"""Attributes that a type cannot do without, and the provider's schema calls optional."""
_LENGTHS = {
    "notebook_task": ("base_parameters", 1024 * 1024, "1 MB"),
    "pipeline_task": ("parameters", 10_000, "10,000 characters"),
    "alert_task": ("parameters", 10_000, "10,000 characters"),
}
_DEPRECATED = {
    "spark_submit_task": "write a spark_jar_task, a spark_python_task or a notebook_task",
    "dbt_cloud_task": "write a dbt_platform_task",
    "gen_ai_compute_task": "write an ai_runtime_task",
}


def _types(task: JobTask) -> list[str]:
    return [name for name, value in task.body.items() if name in _TYPES and value is not None and value != []]


def _no_type(task: JobTask) -> Iterator[Hit]:
    if any(value and str(name).endswith("_task") for name, value in task.body.items()):
        return  # An unknown type is the schema's business.
    if not _types(task):
        yield task.hit(
            message="does nothing: it has no task type",
            hint="give it one of notebook_task, spark_python_task, python_wheel_task, sql_task, pipeline_task, …",
        )


def _two_types(task: JobTask) -> Iterator[Hit]:
    types = _types(task)
    for name in types[1:]:
        yield task.hit(
            name,
            message=f"is a {types[0]} and a {name}",
            hint="a task has exactly one type: leave one out, or make two tasks of it",
        )


def _empty(task: JobTask) -> Iterator[Hit]:
    kind = task.type or ""
    for path in _NAMED.get(kind, ()):
        value: Any = task.body
        for name in (kind, *path):
            value = (only(value) or {}).get(name)
        if isinstance(value, str) and not value.strip():
            where = ".".join((kind, *path))
            yield task.hit(kind, *path, message=f"{where} is empty", hint=f"write the {path[-1]}")


def _needed(task: JobTask) -> Iterator[Hit]:
    kind = task.type or ""
    block = only(task.body.get(kind))
    if block is None:
        return
    yield from _lacks(task, (kind,), block, _NEEDED.get(kind, ()))
    if kind == "power_bi_task":
        model = only(block.get("power_bi_model"))
        if model:
            yield from _lacks(task, (kind, "power_bi_model"), model, ("workspace_name", "model_name"))
        for path, table in each(block.get("tables")):
            yield from _lacks(task, (kind, "tables", *path), table, ("catalog", "schema"))


def _lacks(task: JobTask, path: Path, block: Any, names: Collection[str]) -> Iterator[Hit]:
    for name in names:
        if not given(block.get(name)):
            place = (*path, name) if block.get(name) == "" else path
            where = ".".join(str(part) for part in path)
            yield task.hit(*place, message=f"{where} has no {name}", hint=f"write its {name}")


def _too_long(task: JobTask) -> Iterator[Hit]:
    kind = task.type or ""
    if kind in _LENGTHS:
        name, most, words = _LENGTHS[kind]
        size = letters(task.block(kind).get(name))
        if size > most:
            yield task.hit(
                kind,
                name,
                message=f"{kind}.{name} has {size:,} characters, more than {words}",
                hint="write what is long into a file or a table, and pass its name",
            )


def _deprecated(task: JobTask) -> Iterator[Hit]:
    kind = task.type or ""
    if kind in _DEPRECATED:
        yield task.hit(kind, message=f"{kind} is deprecated", hint=_DEPRECATED[kind])
    elif kind == "spark_jar_task" and given(task.block(kind).get("jar_uri")):
        yield task.hit(
            kind,
            "jar_uri",
            message="spark_jar_task.jar_uri is deprecated",
            hint="write the JAR as a library of the task, or as a java_dependency of its environment",
        )
    elif kind == "sql_task" and given(task.block(kind).get("dashboard")):
        yield task.hit(
            kind,
            "dashboard",
            message="sql_task.dashboard refreshes a legacy dashboard",
            hint="make an AI/BI dashboard of it and write a dashboard_task",
        )


_JAR_CLUSTER = {"spark_version": "16.4.x-scala2.12", "node_type_id": "Standard_D4ds_v5", "num_workers": 1}

_ERROR, _INFO = Severity.ERROR, Severity.INFO

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF301",
        severity=_ERROR,
        title="A task has no type",
        why="A task without a task type has nothing to run. The provider takes it; the API refuses the job.",
        source=JOBS_API,
        bad=job({"task_key": "a"}),
        good=job(notebook("a")),
        task=_no_type,
    ),
    Rule(
        code="LF302",
        severity=_ERROR,
        title="A task has two types",
        why="A task runs one thing. The provider takes two; the API refuses the job.",
        source=JOBS_API,
        bad=job({**notebook("a"), "condition_task": {"left": "1", "op": "EQUAL_TO", "right": "1"}}),
        good=job(
            {"task_key": "a", "condition_task": {"left": "1", "op": "EQUAL_TO", "right": "1"}},
            notebook("b", depends_on=[{"task_key": "a", "outcome": "true"}]),
        ),
        task=_two_types,
    ),
    Rule(
        code="LF303",
        severity=_ERROR,
        title="A required value is an empty string",
        why="The provider only wants the attribute to be there. The API refuses an empty path or id at apply.",
        source=JOBS_API,
        bad=job(task_of("pipeline_task", pipeline_id="")),
        good=job(task_of("pipeline_task", pipeline_id="3c1b4f5e-0000-4000-8000-000000000000")),
        task=_empty,
        blocks=tuple(_NAMED),
    ),
    Rule(
        code="LF304",
        severity=_ERROR,
        title="A task lacks what its type needs",
        why="The provider's schema calls it optional, the API does not: a wheel without its entry point cannot run.",
        source=JOBS_API,
        bad=job(
            {**task_of("python_wheel_task", package_name="sales"), "environment_key": "default"}, environment=[WHEELS]
        ),
        good=wheel(),
        task=_needed,
        blocks=tuple(_NEEDED),
    ),
    Rule(
        code="LF328",
        severity=_ERROR,
        title="A task's parameters are too long",
        why="A notebook takes 1 MB of parameters, a pipeline and an alert 10,000 characters.",
        source=JOBS_API,
        bad=job(task_of("pipeline_task", pipeline_id="3c1b", parameters={"sql": "x" * 10_001})),
        good=job(task_of("pipeline_task", pipeline_id="3c1b", parameters={"day": "2025-01-01"})),
        task=_too_long,
        blocks=tuple(_LENGTHS),
    ),
    Rule(
        code="LF336",
        severity=_INFO,
        title="A task has a deprecated type",
        why="It still runs. What replaces it is better supported, and new features come only there.",
        source=JOBS_API,
        bad=job(
            {
                **task_of("spark_submit_task", parameters=["--class", "org.X", "dbfs:/x.jar"]),
                "new_cluster": _JAR_CLUSTER,
            }
        ),
        good=jar(),
        task=_deprecated,
        blocks=(*_DEPRECATED, "spark_jar_task", "sql_task"),
    ),
)
