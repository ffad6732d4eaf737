"""The queries over Databricks' job history that alerts carry and reports are made of, one statement in each file.

Every query takes its values as bound parameters, which an alert and the statement API spell alike.
See https://docs.databricks.com/aws/en/admin/system-tables/jobs
"""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from importlib.resources import files

from constructs_lib.errors import LakeflowError, listed, nearest

ALLOWANCE = timedelta(hours=6)
"""How late the rows of the system tables may arrive before a query takes their absence for a fact.

Databricks promises no more than updates throughout the day; hours of delay are ordinary.
"""

MIN_RUNS = 5
"""With fewer runs than this in a window its percentiles say nothing."""

_TYPES = {
    "workspace_id": "STRING",
    "job_id": "STRING",
    "job_ids": "STRING",
    "window_hours": "INT",
    "delay_hours": "INT",
    "min_runs": "INT",
}
_DEFAULTS: Mapping[str, object] = {"delay_hours": ALLOWANCE, "min_runs": MIN_RUNS}
_INCLUDE = re.compile(r"^( *)-- include: (\w+)$", re.MULTILINE)
_COMMENT = re.compile(r"--.*$", re.MULTILINE)
_MARKER = re.compile(r":([a-z_]+)")
_HOUR = timedelta(hours=1)


def names() -> tuple[str, ...]:
    """Return the names of all queries, sorted."""
    packaged = (file.name for file in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".sql") for name in packaged if name.endswith(".sql")))


def query(name: str) -> str:
    """Return the SQL of a query, complete: what it builds on stands in it.

    An unknown name is a LakeflowError that says the nearest.
    """
    return _complete(_read(name))


def takes(name: str) -> tuple[str, ...]:
    """Return the names of a query's parameters, sorted."""
    return tuple(sorted(set(_MARKER.findall(_COMMENT.sub("", query(name))))))


def parameters(name: str, values: Mapping[str, object]) -> tuple[dict[str, object], ...]:
    """Return the values of a query's parameters as `databricks_alert_v2` and the statement API take them, sorted.

    A number of hours is a timedelta or an int; a text may be any object that becomes one later, such as the id of a job
    that is not deployed yet; None is NULL. `delay_hours` is ALLOWANCE and `min_runs` MIN_RUNS where they are not given.
    A value missing, unknown or of another type is a LakeflowError.
    """
    markers = takes(name)
    for given in sorted(values):
        if given not in markers:
            suggestion = nearest(given, markers)
            fix = f"did you mean {suggestion!r}?" if suggestion else f"it has {listed(markers)}"
            raise LakeflowError(f"the query {name!r} has no parameter {given!r}", fix=fix)
    bound = {**_DEFAULTS, **values}
    for missing in (marker for marker in markers if marker not in bound):
        raise LakeflowError(f"the query {name!r} needs a value for {missing!r}", fix=f"it takes {listed(markers)}")
    return tuple({"name": marker, "type": _TYPES[marker], **_value(marker, bound[marker])} for marker in markers)


def _read(name: str) -> str:
    if name not in names():
        suggestion = nearest(name, names())
        fix = f"did you mean {suggestion!r}?" if suggestion else f"there are {listed(names())}"
        raise LakeflowError(f"there is no query {name!r}", fix=fix)
    return files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def _complete(text: str) -> str:
    return _INCLUDE.sub(lambda found: _included(found[2], found[1]), text)


def _included(name: str, indent: str) -> str:
    return "\n".join(f"{indent}{line}" for line in _complete("\n".join(_statement(_read(name)))).splitlines())


def _statement(text: str) -> Iterator[str]:
    """Yield the lines of a file below the comment it begins with."""
    heading = True
    for line in text.splitlines():
        heading = heading and line.startswith("--")
        if not heading:
            yield line


def _value(marker: str, value: object) -> dict[str, object]:
    if value is None:
        return {}
    if _TYPES[marker] == "STRING":
        if value == "":
            raise LakeflowError(f"{marker} is empty", fix="give it a value, or None for NULL")
        return {"value": str(value) if isinstance(value, int) else value}
    number = value / _HOUR if isinstance(value, timedelta) else value
    if isinstance(number, bool) or not isinstance(number, int | float) or number < 1 or number % 1:
        unit = "a whole number of hours" if marker.endswith("_hours") else "a whole number"
        raise LakeflowError(f"{marker} must be {unit}, at least 1, not {value!r}", fix=f"write {unit} of 1 or more")
    return {"value": str(int(number))}
