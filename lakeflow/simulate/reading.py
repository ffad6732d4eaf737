"""A job read from its attributes: by the provider's names or the Jobs API's, or a definition in code.

https://docs.databricks.com/api/workspace/jobs/create
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from graphlib import CycleError, TopologicalSorter
from typing import Any

from constructs_lib.errors import LakeflowError, listed, nearest
from constructs_lib.references import read_text, terraform_json
from lakeflow.graph.reading import block, entries, raw
from lakeflow.simulate.conditions import OPERATORS
from lakeflow.simulate.job import Edge, Job, Loop, Task, unknown
from lakeflow.simulate.run_if import RULES
from lakeflow.simulate.telling import recipients, rules

Json = Mapping[str, Any]

_SERVERLESS = ("notebook_task", "spark_python_task", "python_wheel_task", "dbt_task")
_COMPUTE = ("new_cluster", "existing_cluster_id", "job_cluster_key")


def read_job(attributes: Any, job_id: str = "") -> Job:
    """Return the job of attributes, or of a JobDefinition; raise LakeflowError where no such job can run."""
    settings = _settings(attributes)
    name = raw(settings.get("name")) or "Untitled"
    tasks = [_task(body) for _, body in entries(settings, "task", "tasks") if isinstance(body, Mapping)]
    _check(name, tasks)
    queue = block(settings, "queue").get("enabled")
    return Job(
        name=name,
        job_id=job_id or name,
        tasks=tuple(sorted(tasks, key=lambda task: task.key)),
        parameters={
            raw(each.get("name")): raw(each.get("default"))
            for _, each in entries(settings, "parameter", "parameters")
            if isinstance(each, Mapping)
        },
        most=_whole(settings, "max_concurrent_runs", name) if "max_concurrent_runs" in settings else 1,
        queue=None if queue is None else _is_true(queue),
        timeout=_seconds(settings, name),
        recipients=recipients(settings),
        rules=rules(settings),
    )


def _settings(attributes: Any) -> Json:
    attributes = getattr(attributes, "definition", attributes)  # a construct passes what it deploys
    rendered = attributes.render() if hasattr(attributes, "render") else attributes
    rendered = rendered.get("settings", rendered) if isinstance(rendered, Mapping) else rendered
    if not isinstance(rendered, Mapping):
        raise LakeflowError(
            f"{type(attributes).__name__} is no job", fix="give a job's definition, or its attributes as an object"
        )
    said: Json = _said(terraform_json(dict(rendered)) if hasattr(attributes, "render") else rendered)
    return said


def _said(value: Any) -> Any:
    """Return what a value of Terraform JSON says: its escapes undone, references as they are."""
    if isinstance(value, str):
        text = value.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no text anywhere else
        meant = read_text(text)
        return meant if isinstance(meant, str) else text
    if isinstance(value, Mapping):
        return {key: _said(entry) for key, entry in value.items()}
    return [_said(entry) for entry in value] if isinstance(value, list | tuple) else value


def _task(body: Json) -> Task:
    key = raw(body.get("task_key"))
    kinds = [name for name in body if name.endswith("_task")]
    kind = kinds[0] if kinds else ""
    run_if = raw(body.get("run_if")) or "ALL_SUCCESS"
    if run_if not in RULES:
        near = nearest(run_if, RULES)
        raise LakeflowError(
            f"task {key!r}: run_if is {run_if!r}", fix=f"did you mean {near!r}?" if near else f"it is {listed(RULES)}"
        )
    content = block(body, kind)
    loop = None
    if kind == "condition_task" and content.get("op") not in OPERATORS:
        op = raw(content.get("op"))
        raise unknown(f"task {key!r}: the operator {op!r} does not exist", op, OPERATORS)
    if kind == "for_each_task":
        inner = block(content, "task")
        if not inner:
            raise LakeflowError(f"task {key!r} is a loop without a task")
        concurrency = _whole(content, "concurrency", key) if content.get("concurrency") is not None else None
        loop = Loop(inputs=raw(content.get("inputs")), concurrency=concurrency, task=_task(inner))
    retries = body.get("max_retries")
    return Task(
        key=key,
        parents=tuple(
            Edge(key=raw(each.get("task_key")), outcome=raw(each.get("outcome")).lower() or None)
            for _, each in entries(body, "depends_on")
            if isinstance(each, Mapping)
        ),
        run_if=run_if,
        disabled=_is_true(body.get("disabled")),
        block=kind,
        body=content,
        max_retries=None if retries is None else _whole(body, "max_retries", key, least=-1),
        wait=timedelta(milliseconds=max(0, _whole(body, "min_retry_interval_millis", key))),
        retry_on_timeout=_is_true(body.get("retry_on_timeout")),
        timeout=_seconds(body, key),
        serverless=kind in _SERVERLESS
        and not any(body.get(name) for name in _COMPUTE)
        and not _is_true(body.get("disable_auto_optimization")),
        loop=loop,
        recipients=recipients(body),
        rules=rules(body),
    )


def _check(name: str, tasks: Sequence[Task]) -> None:
    keys = [task.key for task in tasks]
    if "" in keys:
        raise LakeflowError(f"{name}: a task has no task_key")
    for key, count in Counter(keys).items():
        if count > 1:
            raise LakeflowError(f"{name}: {count} tasks have the key {key!r}")
    outcomes = {task.key: task.is_condition for task in tasks}
    for task in tasks:
        for edge in task.parents:
            if edge.key not in outcomes:
                raise unknown(f"{name}: {task.key!r} depends on {edge.key!r}, which is no task of it", edge.key, keys)
            if edge.outcome and not outcomes[edge.key]:
                raise LakeflowError(f"{name}: {task.key!r} waits for an outcome of {edge.key!r}, which is no condition")
    try:
        TopologicalSorter({task.key: {edge.key for edge in task.parents} for task in tasks}).prepare()
    except CycleError as error:
        raise LakeflowError(f"{name}: its tasks wait for each other: {' → '.join(reversed(error.args[1]))}") from None


def _is_true(value: object) -> bool:
    return value is True or value == "true"


def _whole(body: Json, name: str, key: str, least: int = 0) -> int:
    value = body.get(name)
    if value is None:
        return 0
    try:
        number = int(value) if not isinstance(value, bool) else None
    except (TypeError, ValueError):
        number = None
    if number is None or number < least or number > 2**53:
        raise LakeflowError(f"{key}: {name} is {value!r}", fix=f"it is a number, {least} or more")
    return number


def _seconds(body: Json, key: str) -> timedelta | None:
    seconds = _whole(body, "timeout_seconds", key)
    return timedelta(seconds=min(seconds, 10**9)) if seconds else None
