"""What is wrong with a value, said for people who do not know JSON Schema: one function per keyword of the schema."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import ValidationError

from environments.files.tree import UNREADABLE
from environments.words import KINDS, Path, both, meant, nearest, shown


@dataclass(frozen=True)
class Finding:
    """One mistake, by the path of the value."""

    path: Path
    message: str = ""
    at_key: bool = False
    """Whether the key is wrong, and not its value."""
    instead: Path | None = None
    """The path that an unknown key was probably meant to be."""
    given: tuple[str, ...] = ()
    """Keys below the path that cannot stand together."""
    lacking: tuple[str, ...] = ()
    """Keys of which the value at the path needs one and has none."""


@dataclass(frozen=True)
class _Complaint:
    """What the validator says about a value."""

    path: Path
    value: Any
    keyword: str
    wanted: Any
    """What the keyword says in the schema."""
    schema: Mapping[str, Any]
    text: str
    """What a check of our own said."""


def findings(error: ValidationError) -> Iterator[Finding]:
    """Yield what a complaint of the validator means."""
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    path, value, keyword = tuple(error.absolute_path), error.instance, str(error.validator)
    complaint = _Complaint(path, value, keyword, error.validator_value, schema, str(error.cause or error.message))
    if value is UNREADABLE:
        return
    if "propertyNames" in error.absolute_schema_path:
        yield Finding((*path, str(value)), _pattern(complaint), at_key=True)
    elif keyword in _GROUPS:
        yield from _GROUPS[keyword](complaint)
    elif "errorMessage" in schema:
        yield Finding(path, schema["errorMessage"])
    elif message := _VALUES.get(keyword, _other)(complaint):
        yield Finding(path, message)


def _unknown(this: _Complaint) -> Iterator[Finding]:
    known = this.schema["properties"]
    for name in this.value:
        if name not in known:
            close = nearest(name, known)
            message = f"unknown key{meant(name, known)}"
            yield Finding((*this.path, name), message, at_key=True, instead=(*this.path, close) if close else None)


def _required(this: _Complaint) -> Iterator[Finding]:
    for name in this.wanted:
        if name not in this.value:
            yield Finding(this.path, lacking=(name,))


def _exactly_one(this: _Complaint) -> Iterator[Finding]:
    if isinstance(this.value, dict):
        names = tuple(choice["required"][0] for choice in this.wanted if "required" in choice)
        given = tuple(name for name in names if this.value.get(name) is not None)
        if len(given) > 1:
            count = "both" if len(given) == 2 else "all"
            message = f"{both(given)} are {count} given; give exactly one of {both(names)}"
            yield Finding(this.path, message, given=given)
        elif not given:
            yield Finding(this.path, lacking=names)


def _twice(this: _Complaint) -> Iterator[Finding]:
    for index, item in enumerate(this.value):
        if item in this.value[:index] and item is not UNREADABLE:
            yield Finding((*this.path, index), "listed twice; keep one")


def _type(this: _Complaint) -> str | None:
    if "enum" in this.schema:  # which says more
        return None
    allowed = this.wanted if isinstance(this.wanted, list) else [this.wanted]
    kinds = [KINDS[kind] for kind in allowed if kind != "null"]
    fix = "; put it in quotes" if kinds == ["text"] and isinstance(this.value, bool | int | float) else ""
    return f"expected {both(kinds, 'or')}, got {shown(this.value)}{fix}"


def _enum(this: _Complaint) -> str:
    allowed = [value for value in this.wanted if value is not None]
    close = nearest(this.value, allowed) if isinstance(this.value, str) else None
    fix = f"; did you mean {close}?" if close else ""
    return f"expected {both(allowed, 'or')}, got {shown(this.value)}{fix}"


def _pattern(this: _Complaint) -> str:
    return f"{this.schema['patternErrorMessage']}, got {shown(this.value)}"


def _other(this: _Complaint) -> str:
    return f"{shown(this.value)} cannot stand here"


_GROUPS: Mapping[str, Callable[[_Complaint], Iterator[Finding]]] = {
    "additionalProperties": _unknown,
    "required": _required,
    "oneOf": _exactly_one,
    "uniqueItems": _twice,
}

_VALUES: Mapping[str, Callable[[_Complaint], str | None]] = {
    "type": _type,
    "enum": _enum,
    "pattern": _pattern,
    "format": lambda this: this.text,
    "minimum": lambda this: f"expected at least {this.wanted}, got {shown(this.value)}",
    "maximum": lambda this: f"expected at most {this.wanted}, got {shown(this.value)}",
    "minItems": lambda this: f"expected at least {this.wanted} in the list, got {len(this.value)}",
    "maxItems": lambda this: f"expected at most {this.wanted} in the list, got {len(this.value)}",
    "minProperties": lambda this: f"expected at least {this.wanted} keys, got {len(this.value)}",
    "maxProperties": lambda this: f"expected at most {this.wanted} keys, got {len(this.value)}",
    "x-distinct": lambda this: this.text,
    "x-refers-to": lambda this: this.text,
}
