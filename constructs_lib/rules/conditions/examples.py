"""Tasks with conditions, for the examples of the rules."""

from typing import Any

from constructs_lib.rules.examples import after, job, notebook


def condition_named(key: str = "check", **attributes: Any) -> dict[str, Any]:
    """Return a condition task."""
    body = {"op": "GREATER_THAN", "left": "{{tasks.load.values.rows}}", "right": "0"}
    return {"task_key": key, "condition_task": body, **attributes}


def branch_on(key: str, outcome: str | None = "true", **attributes: Any) -> dict[str, Any]:
    """Return a task that waits for an outcome of the condition."""
    said_as = {} if outcome is None else {"outcome": outcome}
    return notebook(key, depends_on=[{"task_key": "check", **said_as}], **attributes)


def checked(condition: dict[str, Any], *tasks: dict[str, Any]) -> dict[str, Any]:
    """Return a job that loads, checks, and goes on."""
    return job({"depends_on": after("load"), **condition}, notebook("load"), *(tasks or (branch_on("then"),)))
