"""How values, names and paths are written in a message: on one line, never too long, and no secret readable."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

Path = tuple[str | int, ...]
"""The keys and list positions that lead to a value, from the top of a file."""

KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "keys and values",
    "null": "nothing",
}
"""JSON Schema's names of types, as people say them."""

_SECRET = re.compile(
    r"://[^/@\s]*@|dapi[0-9a-f]{8}|dose[0-9a-f]{8}|gh[pousr]_\w|github_pat_|xox[abeprs]-|AKIA[0-9A-Z]{8}|[?&]sig="
    r"|hooks\.slack\.com/|webhook\.office\.com/|-----BEGIN"
)
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST = 60


def quoted(text: str) -> str:
    """Return a text in quotes, control characters escaped, its end cut off where it is long."""
    return repr(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")


def printable(text: str) -> str:
    """Return a text as it can stand in a line, without quotes."""
    return quoted(text)[1:-1]


def shown(value: object) -> str:
    """Return what was given, with its type, as in `the text 'two'`; what looks like a secret is not shown."""
    match value:
        case None:
            return "nothing (null)"
        case bool():
            return "true" if value else "false"
        case str():
            return "a text that looks like a secret" if _SECRET.search(value) else f"the text {quoted(value)}"
        case int() | float():
            return f"the number {value}"
        case Mapping():
            return "keys and values"
        case _:
            return "a list"


def dotted(path: Path) -> str:
    """Return a path as in `permissions[1].level`; a key that is no plain name stands in quotes."""
    text = "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" if _NAME.fullmatch(step) else f"[{quoted(step)}]"
        for step in path
    )
    return text.removeprefix(".")


def nearest(text: str, names: Iterable[str]) -> str | None:
    """Return the name that a text was probably meant to be, or None where none is close."""
    matches = get_close_matches(text[:_LONGEST], list(names), n=1, cutoff=0.6)
    return matches[0] if matches else None


def meant(text: str, names: Iterable[str]) -> str:
    """Return `; did you mean …?` with the nearest of the names, or all of them where none is close."""
    known = list(names)
    match nearest(text, known), known:
        case str(name), _:
            return f"; did you mean {name}?"
        case None, []:
            return ""
        case _:
            return f"; there {'is' if len(known) == 1 else 'are'} {both(known)}"


def both(names: Iterable[str], last: str = "and") -> str:
    """Return names as a sentence holds them: `a`, `a and b`, `a, b and c`."""
    *first, final = names
    return f"{', '.join(first)} {last} {final}" if first else final
