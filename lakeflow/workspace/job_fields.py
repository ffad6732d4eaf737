"""The fields of a job's settings and of clusters by their kinds, from the provider's schema by the API's names.

What is newer than that schema is kept as it is. https://docs.databricks.com/api/workspace/jobs/create
"""

from functools import cache
from typing import TYPE_CHECKING

from lakeflow.workspace.exchange import Kind
from lakeflow.workspace.fields import Fields, listed, mapped, number, text, truth

if TYPE_CHECKING:
    from constructs_lib.provider import Shape
    from constructs_lib.provider.schema import Type

_PLAIN: dict[str, Kind] = {"string": text, "number": number, "bool": truth}


@cache
def job_settings() -> Fields:
    """Take the settings of a job, with one task or with many."""
    from constructs_lib.forms.rest import rest_shape

    one, many = (_fields(rest_shape(single_task=single), "settings") for single in (True, False))
    return Fields({**one.kinds, **many.kinds}, named="settings")


@cache
def cluster() -> Fields:
    """Take a cluster, as it is created by itself."""
    from constructs_lib.forms.rest import rest_shape

    inside = rest_shape(single_task=False).attributes["job_clusters"].shape
    holder = inside.attributes["new_cluster"].shape if inside else None
    return Fields(_fields(holder, "").kinds if holder else {})


def _fields(shape: "Shape", named: str = "") -> Fields:
    return Fields(
        {name: _kind(attribute.type, attribute.shape) for name, attribute in shape.attributes.items()},
        required=shape.required,
        named=named,
    )


def _kind(type_: "Type", shape: "Shape | None") -> Kind:
    if type_.kind in _PLAIN:
        return _PLAIN[type_.kind]
    if type_.kind == "map" and type_.element:
        return mapped(_kind(type_.element, shape))
    if type_.element:
        return listed(_kind(type_.element, shape))
    return _fields(shape) if shape else Fields({})
