"""What looks like a job, where nothing around it says that it is one."""

from collections.abc import Mapping
from typing import Any

from constructs_lib.forms.rest import RENAMED, beside, rest_shape
from constructs_lib.provider import schema
from constructs_lib.rules.given import each
from constructs_lib.rules.job import TASK_TYPES

Json = Mapping[str, Any]

_TYPES = frozenset(TASK_TYPES)
_COMMON = frozenset(
    {
        "continuous",
        "deployment",
        "description",
        "environments",
        "format",
        "health",
        "name",
        "parameters",
        "queue",
        "run_as",
        "schedule",
        "tags",
        "tasks",
        "timeout_seconds",
        "trigger",
        "triggers",
    }
)
"""What other documents say too."""
_RENAMED = frozenset(name for name in RENAMED[""] if name != "task")


def is_settings(value: Json, *, named: bool) -> bool:
    """Return whether an object looks like the settings of a job."""
    if any(_tasks(entry) for entry in value.values()) or (_TYPES & value.keys()):
        return True
    known = [name for name in value if name in rest_shape(single_task=True).attributes]
    special = [name for name in known if name not in _COMMON]
    if not named:
        return len(special) > 1 or bool(special and "tasks" in value)
    return bool(special) or "tasks" in value or bool(known and all(name in known or beside(name) for name in value))


def _tasks(value: object) -> bool:
    return isinstance(value, list) and any(
        isinstance(entry, Mapping) and ("task_key" in entry or _TYPES & entry.keys()) for entry in value
    )


def is_terraform(value: Json) -> bool:
    """Return whether an object is the values of a `databricks_job`, and not a request with a misspelled `tasks`."""
    if "tasks" in value or not _tasks(value.get("task")):
        return False
    job = schema("databricks_job").body
    task = job.attributes["task"].shape
    blocks = [(value, job), *((block, task) for _, block in each(value["task"]) if task)]
    return bool(_RENAMED & value.keys()) or any(
        attribute.type.is_block and attribute.type.element is None and isinstance(block.get(name), list)
        for block, shape in blocks
        for name, attribute in shape.attributes.items()
    )
