"""Facts as a file: written the same for the same facts, and read with an error for whatever is not of their form."""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from constructs_lib.errors import LakeflowError
from lakeflow.history.facts import FORMAT, Facts

_AGAIN = "record it anew, with lakeflow monitor record"


def write(facts: Facts) -> str:
    """Return facts as JSON, which `read` takes."""
    return f"{_form().dump_json(facts, indent=2).decode()}\n"


def read(path: Path) -> Facts:
    """Return the facts of a file; a LakeflowError says what is wrong with it, and where."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LakeflowError(f"cannot be read: {error.strerror}", place=str(path)) from None
    except UnicodeDecodeError:
        raise LakeflowError("is not UTF-8", place=str(path), fix=_AGAIN) from None
    return _parsed(text, str(path))


def _parsed(text: str, place: str) -> Facts:
    from pydantic import ValidationError

    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LakeflowError(f"is not JSON: {error}", place=place, fix=_AGAIN) from None
    if not isinstance(document, dict) or "format" not in document:
        raise LakeflowError("holds no facts", place=place, fix=_AGAIN)
    if document["format"] != FORMAT:
        raise LakeflowError(
            f"is of format {document['format']!r}, and this version reads {FORMAT}", place=place, fix=_AGAIN
        )
    try:
        facts: Facts = _form().validate_json(text, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        raise LakeflowError(f"{_where(first['loc'])}: {first['msg']}", place=place, fix=_AGAIN) from None
    for where in _naive(facts, ()):
        raise LakeflowError(f"{_where(where)}: the time has no offset", place=place, fix="write it with +00:00")
    return facts


@cache
def _form() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Facts)


def _where(steps: tuple[int | str, ...]) -> str:
    """Return a place within the document: `jobs[3].current.outcomes`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")


def _naive(value: Any, at: tuple[int | str, ...]) -> Iterator[tuple[int | str, ...]]:
    """Yield the places of instants without an offset, which cannot be compared with the others."""
    if isinstance(value, datetime) and value.tzinfo is None:
        yield at
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from _naive(each, (*at, index))
    elif is_dataclass(value):
        for field in fields(value):
            yield from _naive(getattr(value, field.name), (*at, field.name))
