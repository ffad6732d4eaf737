"""Small whole jobs, for the documentation of rules."""

from typing import Any

NOTEBOOK = {"notebook_path": "/Shared/a", "source": "WORKSPACE"}


def job(*tasks: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    """Return a job of these tasks, or of one notebook."""
    return {"name": "example", "task": list(tasks or [notebook("a")]), **attributes}


def notebook(key: str, **attributes: Any) -> dict[str, Any]:
    """Return a task that runs a notebook on serverless compute."""
    return {"task_key": key, "notebook_task": dict(NOTEBOOK), **attributes}


def after(*keys: str) -> list[dict[str, Any]]:
    """Return a `depends_on` list."""
    return [{"task_key": key} for key in keys]
