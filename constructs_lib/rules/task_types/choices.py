"""Values out of a fixed choice, and what to write instead of others."""

from collections.abc import Collection

from constructs_lib.errors import listed, nearest
from constructs_lib.rules.job import text

ACCELERATORS = ("GPU_1xA10", "GPU_1xH100", "GPU_8xH100", "GPU_8xB300")


def not_one_of(value: object, choices: Collection[str]) -> str | None:
    """Return a string that is known, given and none of the choices."""
    string = text(value)
    return string if string and string not in choices and "{{" not in string else None


def choose(value: str, choices: Collection[str]) -> str:
    """Return what to write instead of a value that is none of the choices."""
    meant = nearest(value.upper(), choices) or nearest(value, choices)
    return f"write {meant!r}" if meant else f"write {listed(choices)}"
