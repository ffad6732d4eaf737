"""A job's Terraform attributes as the Jobs API takes them, as the provider sends them."""

from collections.abc import Mapping
from typing import Any

from constructs_lib.forms.rest import names, rest_shape
from constructs_lib.provider import Shape, schema


def rest_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a request to create a job."""
    return _object(body, schema("databricks_job").body, rest_shape(single_task="task" not in body), "")


def _object(body: Mapping[str, Any], shape: Shape, rest: Shape, named: str) -> dict[str, Any]:
    written = names(named, shape.attributes, single_task=True)
    found: dict[str, Any] = {}
    for name, value in body.items():
        attribute = shape.attributes[name]
        if name not in written or value == [] or (value == "" and name != "default"):
            continue  # the provider sends nothing that is empty, but for a parameter's default
        inner = rest.attributes[written[name]].shape
        nested = attribute.type.nested
        if inner is None or attribute.shape is None or nested is None:
            found[written[name]] = value
        elif attribute.type.element:
            many = value if isinstance(value, list) else [value]
            found[written[name]] = [_object(each, attribute.shape, inner, nested.shape) for each in many]
        else:
            one = value[0] if isinstance(value, list) else value
            found[written[name]] = _object(one, attribute.shape, inner, nested.shape)
    return found
