"""Dynamic value references, parsed: `{{job.parameters.day}}`, ``{{tasks.`my-task`.values.rows}}``.

https://docs.databricks.com/aws/en/jobs/dynamic-value-references
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PLAIN = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Dynamic:
    """What stands between two braces, or where they are broken."""

    text: str
    """As written, braces included."""
    parts: tuple[str, ...]
    """The names between the dots, backticks taken away; empty where it cannot be read."""
    problem: str | None = None
    """Why it cannot be read; Databricks then takes the text as it stands."""
    needs_backticks: str | None = None
    """A name with letters that Databricks takes only in backticks, and that has none."""


def dynamics(string: str) -> Iterator[Dynamic]:
    """Yield every reference of a string, also those that are broken; the braces of other things are left alone."""
    position = 0
    while (start := string.find("{{", position)) >= 0:
        end = string.find("}}", start + 2)
        following = string.find("{{", start + 2)
        if end < 0 or (0 <= following < end):
            stop = following if following >= 0 else len(string)
            yield Dynamic(string[start:stop], (), "it has no closing braces")
            position = stop
            continue
        yield _read(string[start : end + 2], string[start + 2 : end])
        position = end + 2


def _read(whole: str, inner: str) -> Dynamic:
    stripped = inner.strip()
    if not stripped:
        return Dynamic(whole, (), "it is empty")
    parts: list[str] = []
    unquoted: str | None = None
    rest = stripped
    while True:
        if rest.startswith("`"):
            end = rest.find("`", 1)
            if end < 0:
                return Dynamic(whole, (), "a backtick is not closed")
            parts.append(rest[1:end])
            rest = rest[end + 1 :]
        else:
            name, _, _ = rest.partition(".")
            parts.append(name)
            if not _PLAIN.fullmatch(name) and unquoted is None:
                unquoted = name
            rest = rest[len(name) :]
        if not rest:
            return Dynamic(whole, tuple(parts), None, unquoted)
        if not rest.startswith("."):
            return Dynamic(whole, (), f"{rest!r} follows a name")
        rest = rest[1:]
