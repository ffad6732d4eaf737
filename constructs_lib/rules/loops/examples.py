"""Loops, for the examples of the rules."""

from typing import Any

from constructs_lib.rules.examples import NOTEBOOK


def loop_task(inputs: str = '["a", "b"]', inner: dict[str, Any] | None = None, **attributes: Any) -> dict[str, Any]:
    """Return a loop with its inputs and its inner task."""
    loop = {"inputs": inputs, "concurrency": 2, "task": inner or inner_task()}
    return {"task_key": "each", "for_each_task": loop, **attributes}


def inner_task(**attributes: Any) -> dict[str, Any]:
    """Return the task inside a loop, which uses the element."""
    runs = {**NOTEBOOK, "base_parameters": {"item": "{{input}}"}}
    return {"task_key": "one", "notebook_task": runs, "webhook_notifications": {}, **attributes}
