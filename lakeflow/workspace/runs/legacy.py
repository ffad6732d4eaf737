"""The older parameters of run-now, each for all tasks of one kind: https://docs.databricks.com/api/workspace/jobs/runnow.

`notebook_params` is laid over the parameters of notebooks; lists stand instead of those of the tasks.
"""

import copy
import json
from collections.abc import Mapping
from typing import Any

from lakeflow.workspace.exchange import Json, Kind, Request, invalid
from lakeflow.workspace.fields import document, labels, texts
from lakeflow.workspace.job_settings import every_task

MOST_BYTES = 10_000
_MAPS: Mapping[str, tuple[str, str]] = {
    "notebook_params": ("notebook_task", "base_parameters"),
    "python_named_params": ("python_wheel_task", "named_parameters"),
    "sql_params": ("sql_task", "parameters"),
}
_LISTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "python_params": (("spark_python_task", "parameters"), ("python_wheel_task", "parameters")),
    "jar_params": (("spark_jar_task", "parameters"),),
    "spark_submit_params": (("spark_submit_task", "parameters"),),
    "dbt_commands": (("dbt_task", "commands"),),
}
_PIPELINE = "pipeline_params"
LEGACY: Mapping[str, Kind] = {
    **dict.fromkeys(_MAPS, labels),
    **dict.fromkeys(_LISTS, texts),
    _PIPELINE: document,
}
"""The fields of a request that hold them, by their kinds."""
_ASCII = frozenset({"python_params", "spark_submit_params"})


def legacy_parameters(request: Request, settings: Json) -> Json:
    """Return the older parameters of a request; refuse what does not go together."""
    given = {name: request.body[name] for name in LEGACY if request.body.get(name)}
    for name, value in given.items():
        _check(name, value)
    if "notebook_params" in given and "jar_params" in given:
        raise invalid("notebook_params cannot be specified in conjunction with jar_params.")
    old = [name for name in given if name != _PIPELINE]
    if old and (settings.get("parameters") or request.body.get("job_parameters")):
        raise invalid(f"{old[0]} cannot be used with a job that has job parameters; use job_parameters.")
    return given


def overridden(settings: Json, given: Json) -> Json:
    """Return settings in which the tasks have these parameters."""
    if not given:
        return settings
    settings = copy.deepcopy(settings)
    for task in every_task(settings):
        for name, value in given.items():
            if name in _MAPS and _MAPS[name][0] in task:
                kind, field = _MAPS[name]
                task[kind][field] = {**(task[kind].get(field) or {}), **value}
            for kind, field in _LISTS.get(name, ()):
                if kind in task:
                    task[kind][field] = value
            if name == _PIPELINE and "pipeline_task" in task:
                task["pipeline_task"] |= value
    return settings


def _check(name: str, value: Any) -> None:
    if name in _ASCII and not all(each.isascii() for each in value):
        raise invalid(f"{name} has characters beyond ASCII.")
    if len(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")) > MOST_BYTES:
        raise invalid(f"The JSON representation of {name} cannot exceed {MOST_BYTES} bytes.")
