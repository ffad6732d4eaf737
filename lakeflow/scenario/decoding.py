"""Plain data to frozen values, by their annotations; what does not fit is one line that says where."""

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from constructs_lib.errors import LakeflowError, listed, nearest, shortened
from lakeflow.run.words import duration_of

T = TypeVar("T")


def decoded(kind: type[T], value: Any, place: str) -> T:
    """Return a value of a frozen dataclass from keys and values; raise LakeflowError at `place` and below."""
    return _object(kind, value, place)  # type: ignore[no-any-return]


def _object(kind: Any, value: Any, place: str) -> Any:
    if not isinstance(value, Mapping):
        raise _unfit(value, "keys and values", place)
    hints, known = get_type_hints(kind), {each.name: each for each in fields(kind)}
    for name in value:
        if name not in known:
            hint = nearest(str(name), known)
            fix = f"did you mean {hint!r}?" if hint else f"there are {listed(known, most=30)}"
            raise LakeflowError(f"there is no key {str(name)!r}", place=place, fix=fix)
    for name, each in known.items():
        if name not in value and each.default is MISSING and each.default_factory is MISSING:
            raise LakeflowError(f"{name!r} is missing", place=place, fix="give it a value")
    return kind(**{name: _decoded(hints[name], given, f"{place}.{name}") for name, given in value.items()})


def _decoded(kind: Any, value: Any, place: str) -> Any:
    if kind is Any:
        return _plain(value, place)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is UnionType:
        [some] = [each for each in arguments if each is not NoneType]
        return None if value is None else _decoded(some, value, place)
    if origin is tuple:
        entries = value if isinstance(value, list | tuple) else [value]
        return tuple(_decoded(arguments[0], entry, f"{place}[{n}]") for n, entry in enumerate(entries))
    if origin is Mapping:
        if not isinstance(value, Mapping):
            raise _unfit(value, "keys and values", place)
        return {str(key): _decoded(arguments[1], entry, f"{place}.{key}") for key, entry in value.items()}
    if is_dataclass(kind):
        return _object(kind, value, place)
    return _SCALARS[kind](value, place) if kind in _SCALARS else _member(kind, value, place)


def _member(kind: type[StrEnum], value: Any, place: str) -> StrEnum:
    try:
        return kind(value)
    except ValueError:
        raise _unfit(value, f"one of {listed(each.value for each in kind)}", place) from None


def _plain(value: Any, place: str) -> Any:
    try:
        return json.loads(json.dumps(value))
    except (TypeError, ValueError):
        raise LakeflowError(f"JSON has no word for {value!r}", place=place, fix="write a text") from None


def _duration(value: Any, place: str) -> timedelta:
    if isinstance(value, timedelta):
        return value
    return duration_of(str(value), place=place)


def _moment(value: Any, place: str) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise _unfit(value, "an instant such as 2026-11-22T06:00:00Z", place) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


def _date(value: Any, place: str) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise _unfit(value, "a date such as 2026-11-22", place) from None


def _text(value: Any, place: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _unfit(value, "a text", place)
    return str(value)


def _truth(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise _unfit(value, "true or false", place)
    return value


def _whole(value: Any, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _unfit(value, "a whole number", place)
    return value


def _number(value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unfit(value, "a number", place)
    return float(value)


def _unfit(value: Any, wanted: str, place: str) -> LakeflowError:
    return LakeflowError(f"{shortened(value)} is not {wanted}", place=place)


_SCALARS = {
    str: _text,
    bool: _truth,
    int: _whole,
    float: _number,
    date: _date,
    datetime: _moment,
    timedelta: _duration,
}
