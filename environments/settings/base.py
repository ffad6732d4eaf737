"""The base of every group of keys: frozen, strict, described by its own docstrings.

https://docs.pydantic.dev/latest/api/config/
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer
from pydantic.config import JsonDict

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

Named = Annotated[Mapping[_Key, _Value], AfterValidator(MappingProxyType), PlainSerializer(dict)]
"""Values under names of one's own choice, which nobody can change once they are loaded."""


class Settings(BaseModel):
    """A group of keys. A key that is not declared is an error, and `"3"` is no number."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True, defer_build=True)


def exactly_one(*names: str) -> JsonDict:
    """Return what makes the schema of a group require exactly one of some keys (`json_schema_extra`)."""
    return {"oneOf": [{"required": [name]} for name in names]}


def distinct(*names: str) -> JsonDict:
    """Return what forbids two items of a list to have the same value under one of some keys (`json_schema_extra`)."""
    return {"x-distinct": list(names)}
