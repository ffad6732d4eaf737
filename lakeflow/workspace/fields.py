"""What the fields of a body hold: values are brought to their kinds as the service's JSON reader does, or refused.

A number may be written as text and text as a number, a truth as "true"; an object may hold fields that nobody knows,
which stay as they are. https://protobuf.dev/programming-guides/json/
"""

import re
from collections.abc import Mapping
from typing import Any

from lakeflow.workspace.exchange import Json, Kind, RefusedError, invalid

_WHOLE = re.compile(r"[+-]?\d{1,19}")
_NUMBER = re.compile(r"[+-]?(\d{1,300}\.?\d{0,300}|\.\d{1,300})([eE][+-]?\d{1,2})?")
_INDEX = re.compile(r"\[\d+\]")
_SCALARS = (str, bool, int, float)
_MOST = 2**63


def refused(at: str, wanted: str) -> RefusedError:
    """Return the refusal of a value that is of another kind."""
    return RefusedError(400, "MALFORMED_REQUEST", f"Could not parse request object: Expected {wanted} for field '{at}'")


def text(value: Any, at: str) -> str:
    """Take text."""
    if isinstance(value, str):
        return value
    if isinstance(value, _SCALARS):
        return str(value).lower() if isinstance(value, bool) else str(value)
    raise refused(at, "a string")


def whole(value: Any, at: str) -> int:
    """Take a whole number of 64 bits."""
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not -_MOST <= value < _MOST:
        raise refused(at, "a whole number")
    return value


def number(value: Any, at: str) -> int | float:
    """Take a number."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = int(value) if _WHOLE.fullmatch(value) else float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_MOST <= value < _MOST:
        raise refused(at, "a number")
    return value


def truth(value: Any, at: str) -> bool:
    """Take true or false."""
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        value = value.lower() == "true"
    if not isinstance(value, bool):
        raise refused(at, "true or false")
    return value


def document(value: Any, at: str) -> Json:
    """Take an object of any fields."""
    if not isinstance(value, dict):
        raise refused(at, "an object")
    return value


def listed(kind: Kind) -> Kind:
    """Take a list."""

    def take(value: Any, at: str) -> list[Any]:
        if not isinstance(value, list):
            raise refused(at, "a list")
        return [kind(entry, f"{at}[{index}]") for index, entry in enumerate(value)]

    return take


def mapped(kind: Kind) -> Kind:
    """Take an object that maps names to values of one kind."""

    def take(value: Any, at: str) -> Json:
        return {name: kind(entry, f"{at}.{name}") for name, entry in document(value, at).items()}

    return take


texts = listed(text)
labels = mapped(text)


class Fields:
    """Takes an object with fields of these kinds, all of which may be missing but the required ones."""

    def __init__(self, kinds: Mapping[str, Kind], *, required: tuple[str, ...] = (), named: str = "") -> None:
        self.kinds = kinds
        self._required = required
        self._named = named
        """What messages call the object in front of its fields, such as `settings`."""

    def __call__(self, value: Any, at: str) -> Json:
        """Take an object."""
        at = at or self._named
        taken = document(value, at)
        front = f"{at}." if at else ""
        kinds = self.kinds
        kept = {name: kinds[name](entry, f"{front}{name}") if name in kinds else entry for name, entry in taken.items()}
        for name in self._required:
            if name not in kept:
                raise invalid(f"Missing required field: {_INDEX.sub('', front)}{name}")
        return kept


def fields(**kinds: Kind) -> Fields:
    """Take an object with fields of these kinds, all of which may be missing."""
    return Fields(kinds)
