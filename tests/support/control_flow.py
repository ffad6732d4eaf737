"""Jobs in a line each: `b(a)` waits for a, `b(a):ALL_DONE` with another run_if, `t(i=true)` for an outcome of i."""

import re
from typing import Any

from lakeflow.simulate import Run

_TASK = re.compile(r"(?P<key>[\w-]+)(?:\((?P<parents>[^)]*)\))?(?::(?P<run_if>\w+))?")


def job(*tasks: str, more: dict[str, dict[str, Any]] | None = None, **settings: Any) -> dict[str, Any]:
    """Return the attributes of a job of notebooks; `more` is what tasks say besides, by their keys."""
    return {"name": "flow", "task": [task(each, (more or {})) for each in tasks], **settings}


def task(text: str, more: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return one task."""
    match = _TASK.fullmatch(text)
    assert match, text
    key = match["key"]
    body: dict[str, Any] = {"task_key": key}
    if match["parents"]:
        body["depends_on"] = [edge(parent) for parent in match["parents"].split(",")]
    if match["run_if"]:
        body["run_if"] = match["run_if"]
    body |= more.get(key, {})
    if not any(name.endswith("_task") for name in body):
        body["notebook_task"] = {"notebook_path": f"/{key}"}
    return body


def edge(text: str) -> dict[str, str]:
    """Return an entry of `depends_on`."""
    key, _, outcome = text.strip().partition("=")
    return {"task_key": key, "outcome": outcome} if outcome else {"task_key": key}


def condition(operator: str, left: str, right: str) -> dict[str, Any]:
    """Return what a condition says."""
    return {"condition_task": {"op": operator, "left": left, "right": right}}


def loop(inputs: str, concurrency: int | None = None, **inner: Any) -> dict[str, Any]:
    """Return what a for-each task says, whose inner task is `each`."""
    body = {"inputs": inputs, "task": {"task_key": "each", "notebook_task": {"notebook_path": "/each"}, **inner}}
    return {"for_each_task": body | ({"concurrency": concurrency} if concurrency else {})}


def states(run: Run) -> str:
    """Return how every task ended: `a SUCCESS, b FAILED`."""
    return ", ".join(f"{key} {state}" for key, state in sorted(run.states.items()))
