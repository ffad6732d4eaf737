"""The JSON Schema of our files, made from the typed settings, so that a key is declared once.

There are two forms of it. A *document* is what an environment says once all that it inherits is merged into it: there,
required keys are required. A *file* may leave everything to what it extends, so there nothing is required but inside
the items of a list, which are never merged. In both, an optional key may be null, which takes an inherited value away.

https://json-schema.org/draft/2020-12
"""

import json
from functools import cache
from typing import Any

from environments.environment import Environment
from environments.settings import Header, Settings

Schema = dict[str, Any]

_NONE_GIVEN = "not"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def document_schema() -> Schema:
    """Return the schema of a merged environment."""
    return _inheriting(_of(Environment), whole=True)


@cache
def file_schema() -> Schema:
    """Return the schema of one file, which is published for editors."""
    header, body = _of(Header), _of(Environment)
    schema = {**body, "properties": {**header["properties"], **body["properties"]}}
    return {
        "$schema": DIALECT,
        "title": "An environment",
        **_inheriting(schema, whole=False),
        "description": "What differs in one environment, or what several environments have in common.",
    }


def published() -> str:
    """Return the text of environment.schema.json."""
    return json.dumps(file_schema(), indent=2, ensure_ascii=False) + "\n"


def _of(model: type[Settings]) -> Schema:
    schema = model.model_json_schema()
    return _written(schema, schema.get("$defs", {}))


def _written(schema: Schema, known: Schema) -> Schema:
    """Return pydantic's schema as one would write it: no references, no titles; null is left to `_inheriting`."""
    rest = {key: value for key, value in _resolved(schema, known).items() if key not in {"$defs", "title"}}
    if rest.get("default", ...) in (None, [], {}):
        del rest["default"]
    if "description" in rest:
        rest["description"] = " ".join(rest["description"].split())
    if "patternProperties" in rest:  # how pydantic writes a mapping whose keys have a pattern
        [(pattern, value)] = rest.pop("patternProperties").items()
        rest["propertyNames"] = {**rest.pop("propertyNames", {}), "pattern": pattern}
        rest["additionalProperties"] = value
    if "properties" in rest:
        rest["properties"] = {name: _written(value, known) for name, value in rest["properties"].items()}
    for keyword in ("items", "additionalProperties"):
        if isinstance(rest.get(keyword), dict):
            rest[keyword] = _written(rest[keyword], known)
    return rest


def _resolved(schema: Schema, known: Schema) -> Schema:
    """Return a schema with what it refers to, or with the one thing that it may be besides null, written into it."""
    while "$ref" in schema or "anyOf" in schema:
        below = [known[schema["$ref"].rpartition("/")[2]]] if "$ref" in schema else schema["anyOf"]
        [one] = [choice for choice in below if choice != {"type": "null"}]
        schema = {**one, **{key: value for key, value in schema.items() if key not in {"$ref", "anyOf"}}}
    return schema


def _inheriting(schema: Schema, *, whole: bool) -> Schema:
    """Return the schema of what can be inherited: optional keys may be null, and all keys absent unless it is whole."""
    result = dict(schema)
    required = schema.get("required", ())
    if "properties" in schema:
        result["properties"] = {
            name: value if name in required else _or_null(value)
            for name, value in ((name, _inheriting(value, whole=whole)) for name, value in schema["properties"].items())
        }
    if isinstance(schema.get("additionalProperties"), dict):
        result["additionalProperties"] = _or_null(_inheriting(schema["additionalProperties"], whole=whole))
    if "oneOf" in schema:
        given = [_given(choice["required"][0]) for choice in schema["oneOf"]]
        result["oneOf"] = given if whole else [*given, {_NONE_GIVEN: {"anyOf": given}}]
    if not whole:
        result.pop("required", None)
    return result


def _given(name: str) -> Schema:
    """Return the schema of keys and values that have a key, with something in it."""
    return {"type": "object", "required": [name], "properties": {name: {"not": {"type": "null"}}}}


def _or_null(schema: Schema) -> Schema:
    nullable = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], None]
    if "oneOf" in schema and _NONE_GIVEN not in schema["oneOf"][-1]:
        nullable["oneOf"] = [*schema["oneOf"], {"type": "null"}]
    return nullable
