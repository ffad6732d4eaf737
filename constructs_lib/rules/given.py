"""What a block says, however it was written: one object, a list of one, or nothing at all."""

from collections.abc import Iterator

from constructs_lib.rules.finding import Path
from constructs_lib.rules.job import Body, mapping


def given(value: object) -> bool:
    """Return whether a value says something; an empty string says nothing, as on its way to the API."""
    return bool(value) or value is False or value == 0


def only(value: object) -> Body | None:
    """Return a block that may stand once; None where there is no such block, or not exactly one."""
    body = mapping(value)
    return body if body or value in ({}, [{}]) else None


def each(value: object) -> Iterator[tuple[Path, Body]]:
    """Yield the blocks of a list with the path of each below it; a single block may stand without the list."""
    if isinstance(value, dict):
        yield (), value
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            if isinstance(entry, dict):
                yield (index,), entry


def truth(value: object) -> bool:
    """Return whether a value is true, also as the string that Terraform takes for it."""
    return value is True or value == "true"


def unknown(value: object) -> bool:
    """Return whether a value is, or holds, something that is known only later: an expression or a reference."""
    return isinstance(value, str) and ("${" in value or "{{" in value)


def strings(value: object) -> Iterator[tuple[int, str]]:
    """Yield the strings of a list with their positions."""
    if isinstance(value, list):
        for index, entry in enumerate(value):
            if isinstance(entry, str):
                yield index, entry


def letters(value: object) -> int:
    """Return how many characters the strings of a list or a map have, names, quotes and commas included."""
    if isinstance(value, dict):
        return letters(list(value)) + letters(list(value.values()))
    return sum(len(entry) + 3 if isinstance(entry, str) else 3 for entry in value) if isinstance(value, list) else 0
