"""Job settings as somebody wrote them, right or wrong, read without ever failing."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

# Terraform's escapes stand first, or `$${x}`, which is plain text, would be read as an expression.
_TEMPLATE = re.compile(r"\$\$\{|%%\{|\$\{([^{}]*)\}")
_LITERAL = re.compile(r'"([^"]*)"')
# Of a reference such as ${databricks_pipeline.clean.id} people know the name of the thing.
_REFERENCE = re.compile(r"\bdatabricks_\w+\.([\w-]+)")
_DYNAMIC = re.compile(r"\{\{([^{}]*)\}\}")


def block(settings: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a block that may stand once, written as an object or as a list of one; empty where there is none."""
    found = settings.get(name)
    if isinstance(found, list) and found:
        found = found[0]
    return found if isinstance(found, Mapping) else {}


def entries(settings: Mapping[str, Any], *names: str) -> Iterator[tuple[int, Any]]:
    """Yield the entries of the first list there is under one of `names`, with their places; one object is a list."""
    for name in names:
        found = settings.get(name)
        if found:
            yield from enumerate(found if isinstance(found, list | tuple) else [found])
            return


def raw(value: object) -> str:
    """Return a value as text: a string as it is, nothing as empty, everything else as JSON."""
    if isinstance(value, str):
        return value
    try:
        return "" if value is None else json.dumps(value, default=str, ensure_ascii=False)
    except (ValueError, TypeError, RecursionError):  # what is not JSON at all was not read from JSON
        return type(value).__name__


def said(value: object) -> str:
    """Return a value as people say it: Terraform's escapes undone, and a reference to a resource by its name."""
    return _TEMPLATE.sub(_meant, raw(value))


def _meant(match: re.Match[str]) -> str:
    expression = match[1]
    if expression is None:
        return match[0][1:]
    literal, reference = _LITERAL.fullmatch(expression), _REFERENCE.search(expression)
    return literal[1] if literal else reference[1] if reference else match[0]


def dynamic(text: str) -> str:
    """Return text with `{{tasks.a.values.rows}}` as `a.rows`, and other dynamic value references without braces."""
    return _DYNAMIC.sub(_short, text)


def _short(match: re.Match[str]) -> str:
    first, *rest = match[1].replace("`", "").strip().split(".")
    if first != "tasks" or len(rest) < 2:
        return ".".join([first, *rest])
    return ".".join([rest[0], *(rest[2:] if rest[1] == "values" else rest[1:])])


def is_dynamic(text: str) -> bool:
    """Return whether text is one dynamic value reference and nothing else."""
    return _DYNAMIC.fullmatch(text.strip()) is not None


def last_part(path: str) -> str:
    """Return the last part of a path, which is the name that people know a notebook or file by."""
    return path.rstrip("/").rpartition("/")[2] or path
