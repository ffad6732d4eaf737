"""Jobs with value references, for the examples of the rules."""

from typing import Any

from constructs_lib.rules.examples import job, notebook


def reading(value: str, **attributes: Any) -> dict[str, Any]:
    """Return a job of one notebook with one parameter."""
    return job(reader("a", value), **attributes)


def reader(key: str, value: str, **attributes: Any) -> dict[str, Any]:
    """Return a notebook task with one parameter."""
    body = notebook(key, **attributes)
    body["notebook_task"]["base_parameters"] = {"value": value}
    return body


PARAMETER = [{"name": "day", "default": "2026-01-01"}]
