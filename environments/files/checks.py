"""Checks the content of a file, or of a merged environment, against the schema."""

import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from environments.files.findings import Finding, findings
from environments.files.formats import FORMATS
from environments.files.schema import document_schema, file_schema
from environments.files.tree import Table
from environments.words import meant, quoted


def check_file(content: Table) -> list[Finding]:
    """Return what is wrong with one file, whatever it extends."""
    return _check(_Strict(file_schema(), format_checker=FORMATS), content.plain())


def check_document(content: Table) -> list[Finding]:
    """Return what is wrong with an environment after merging: what is missing, and what does not go together."""
    document = content.plain()

    def refers_to(_: Validator, path: str, name: Any, __: Any) -> Iterator[ValidationError]:
        known = document
        for step in path.split("."):
            known = known.get(step, {}) if isinstance(known, dict) else None
        if isinstance(name, str) and isinstance(known, dict):
            names = [key for key, value in known.items() if value is not None]
            if name not in names:
                yield ValidationError(f"{quoted(name)} is not defined under {path}{meant(name, names)}")

    referring = extend(_Strict, {"x-refers-to": refers_to})  # type: ignore[no-untyped-call]
    return _check(referring(document_schema(), format_checker=FORMATS), document)


def _check(validator: Validator, document: Any) -> list[Finding]:
    found = (finding for error in validator.iter_errors(document) for finding in findings(error))
    return list(dict.fromkeys(found))


def _whole_text(_: Validator, pattern: str, text: Any, __: Any) -> Iterator[ValidationError]:
    """Match a pattern like ECMAScript: Python's `$` also matches before a final newline."""
    if isinstance(text, str) and not re.fullmatch(pattern, text):
        yield ValidationError("does not match")


def _distinct(_: Validator, names: list[str], items: Any, __: Any) -> Iterator[ValidationError]:
    """Refuse an item that has the same value under one of these keys as an item before it."""
    first: dict[tuple[str, str], int] = {}
    for index, item in enumerate(items if isinstance(items, list) else ()):
        for name in names:
            value = item.get(name) if isinstance(item, dict) else None
            if isinstance(value, str) and first.setdefault((name, value), index) != index:
                message = f"{name} {quoted(value)} is listed already, as [{first[name, value]}]; keep one"
                yield ValidationError(message, path=[index])


def _is_whole_number(_: Any, value: object) -> bool:
    """Tell 3 from 3.0, which JSON Schema takes for a whole number too."""
    return isinstance(value, int) and not isinstance(value, bool)


_Strict = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {"pattern": _whole_text, "x-distinct": _distinct},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole_number),
)
