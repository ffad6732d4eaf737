"""What the engine knows of runs as JSON data, and back: its values by the names of their classes, defaults left out.

    {"": "Failed", "times": 2, "duration": {"~": 60000000}}

A duration is its microseconds, an instant its ISO form, a tuple says that it is none of JSON's lists.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from lakeflow.simulate import compute, outcomes, runs, starting, telling

_KINDS: Mapping[str, Any] = {
    kind.__name__: kind
    for kind in (
        compute.Compute,
        outcomes.Outcome,
        outcomes.Succeeded,
        outcomes.Failed,
        outcomes.Cancelled,
        outcomes.TimedOut,
        outcomes.Skipped,
        outcomes.Disabled,
        outcomes.Iterations,
        runs.Attempt,
        runs.TaskRun,
        runs.Repair,
        runs.Run,
        starting.Start,
        telling.Notice,
    )
}
_CLASSES = frozenset(_KINDS.values())
_KIND, _DURATION, _INSTANT, _TUPLE, _PAIRS = "", "~", "@", "()", "{}"
_MARKS = frozenset({_KIND, _DURATION, _INSTANT, _TUPLE, _PAIRS})
_AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})
_NOT_KEPT = frozenset({"origin"})


def plain(value: Any) -> Any:
    """Return a value as JSON data."""
    if value.__class__ in _AS_THEY_ARE:
        return value
    if isinstance(value, timedelta):
        return {_DURATION: value // timedelta(microseconds=1)}
    if isinstance(value, datetime):
        return {_INSTANT: value.isoformat()}
    if value.__class__ in _CLASSES:
        said = {name: plain(each) for name, each in _said(value)}
        return {_KIND: type(value).__name__, **said}
    if isinstance(value, Mapping):
        if not _MARKS.isdisjoint(value) or not all(isinstance(key, str) for key in value):
            return {_PAIRS: [[key, plain(each)] for key, each in value.items()]}
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return {_TUPLE: [plain(each) for each in value]}
    return [plain(each) for each in value]


def read(data: Any) -> Any:
    """Return the value of JSON data."""
    if isinstance(data, list):
        return [read(each) for each in data]
    if not isinstance(data, dict):
        return data
    if _KIND in data:
        return _KINDS[data[_KIND]](**{name: read(each) for name, each in data.items() if name})
    if _DURATION in data:
        return timedelta(microseconds=data[_DURATION])
    if _INSTANT in data:
        return datetime.fromisoformat(data[_INSTANT])
    if _TUPLE in data:
        return tuple(read(each) for each in data[_TUPLE])
    if _PAIRS in data:
        return {key: read(each) for key, each in data[_PAIRS]}
    return {name: read(each) for name, each in data.items()}


def _said(value: Any) -> list[tuple[str, Any]]:
    """Return the fields of a value that are not what they are where nobody says them."""
    said = value.__dict__
    return [(name, said[name]) for name, usual in _usual(value.__class__) if usual is MISSING or said[name] != usual]


@cache
def _usual(kind: type) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (each.name, each.default if each.default_factory is MISSING else each.default_factory())
        for each in fields(kind)
        if each.name not in _NOT_KEPT
    )
