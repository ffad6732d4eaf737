"""What the Databricks provider takes: its schema as data, and bodies of Terraform JSON held against it."""

from constructs_lib.provider.check import META_ARGUMENTS, problems, shape_problems
from constructs_lib.provider.problem import Problem
from constructs_lib.provider.schema import (
    Attribute,
    Known,
    ResourceSchema,
    Shape,
    Type,
    Versions,
    paths,
    resource_types,
    schema,
    versions,
)
from constructs_lib.provider.version import least_version

__all__ = [
    "META_ARGUMENTS",
    "Attribute",
    "Known",
    "Problem",
    "ResourceSchema",
    "Shape",
    "Type",
    "Versions",
    "least_version",
    "paths",
    "problems",
    "resource_types",
    "schema",
    "shape_problems",
    "versions",
]
