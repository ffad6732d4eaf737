"""Plain values as the provider's schema has them: what Terraform and the API would make of them anyway."""

import json
import re
from collections.abc import Mapping
from typing import Any

from constructs_lib.provider import Attribute, Shape
from constructs_lib.provider.schema import Type
from constructs_lib.references import DynamicValue, Reference, read_text

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_DYNAMIC = re.compile(r"\{\{[^{}]+\}\}")


def typed(body: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    """Return a block whose plain values are of the schema's types: `"60"` is a number where a number belongs."""
    return {name: _typed(value, shape.attributes.get(name)) for name, value in body.items()}


def _typed(value: Any, attribute: Attribute | None) -> Any:
    if attribute is None:
        return value
    if attribute.shape is None:
        return _plain(value, attribute.type)
    if isinstance(value, list):
        return [typed(entry, attribute.shape) if isinstance(entry, Mapping) else entry for entry in value]
    return typed(value, attribute.shape) if isinstance(value, Mapping) else value


def _plain(value: Any, type_: Type) -> Any:
    if type_.element is not None:
        if isinstance(value, Mapping):
            return {name: _plain(entry, type_.element) for name, entry in value.items()}
        return [_plain(entry, type_.element) for entry in value] if isinstance(value, list) else value
    if type_.kind == "string" and isinstance(value, bool | int | float):
        return json.dumps(value)
    if not isinstance(value, str):
        return value
    if type_.kind == "number" and _NUMBER.fullmatch(value):
        return json.loads(value)
    return value == "true" if type_.kind == "bool" and value in {"true", "false"} else value


def meant(value: Any, *, written: bool) -> Any:
    """Return what texts mean: what Databricks fills in is a dynamic value.

    `written` is for Terraform, where an expression is a reference, and an escape stands for something else.
    """
    if isinstance(value, Mapping):
        names = {name: read_text(name) if written else name for name in value}
        return {
            name if isinstance(names[name], Reference) else names[name]: meant(entry, written=written)
            for name, entry in value.items()
        }
    if isinstance(value, list):
        return [meant(entry, written=written) for entry in value]
    if not isinstance(value, str):
        return value
    if _DYNAMIC.fullmatch(value):
        return DynamicValue(value)
    return read_text(value) if written else value
