"""The schema of the Databricks provider, read from `schema.jsonl` beside this module.

One line per resource type, and per data source (`data.databricks_job`); `tools/provider_schema.py` makes them:

    {"type": "databricks_job",
     "attributes": {"name": "string", "queue": "block(queue)", "task": "list(block(task))", "url": "string read-only"},
     "shapes": {"queue": {"enabled": "bool required"}, "task": {"task_key": "string required"}}}

An attribute's words: its type; `required`, `computed` (the provider fills it where it is not given) or `read-only`;
`since` the provider version that brought it, where that is later than what it stands in; `required-before` the version
that made it optional. A type is `string`, `number`, `bool`, a `list`, `set` or `map` of one, a `block` (one object, or
a list of one) or an `object` (an object only), both with the name of their shape: its shortest path in the resource.

https://registry.terraform.io/providers/databricks/databricks/latest/docs
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from constructs_lib.errors import LakeflowError, listed, nearest

_DATA = Path(__file__).with_name("schema.jsonl")
_TYPE = re.compile(r"(\w+)(?:\((.+)\))?")


class Versions(NamedTuple):
    """The provider versions that the schema knows."""

    oldest: str
    """What has no `since` is in this version, and in every later one."""
    newest: str
    """The version whose attributes these are."""


@dataclass(frozen=True, slots=True)
class Type:
    """A type of Terraform: `string`, `number`, `bool`, `list`, `set`, `map`, or the provider's `block` and `object`."""

    kind: str
    element: "Type | None" = None
    shape: str = ""

    def __str__(self) -> str:
        return f"{self.kind}({self.element or self.shape})" if self.element or self.shape else self.kind

    @property
    def nested(self) -> "Type | None":
        """The block or object in it, None where it holds only plain values."""
        if self.kind in {"block", "object"}:
            return self
        return self.element.nested if self.element else None

    @property
    def is_block(self) -> bool:
        """Whether Terraform reads it as blocks: no expression may stand for it, and one object is a list of one."""
        return self.nested is not None and self.nested.kind == "block"


@dataclass(frozen=True)
class Attribute:
    """One attribute or block of a resource."""

    name: str
    type: Type
    required: bool
    computed: bool
    """Whether the provider fills it where it is not given; not told inside what is itself computed."""
    read_only: bool
    """Whether it can only be read, as `${databricks_job.daily_sales.url}`."""
    since: str
    """The provider version that brought it, empty where that is no later than what it stands in."""
    required_before: str
    """The provider version that made it optional, empty where it always or never is."""
    shape: "Shape | None"
    """What it holds, where its type is of blocks or objects."""


class Shape:
    """What a resource, a block or an object holds."""

    def __init__(self, words: Mapping[str, str], shapes: Mapping[str, "Shape"]) -> None:
        self._words = words
        self._shapes = shapes

    @cached_property
    def attributes(self) -> Mapping[str, Attribute]:
        """Its attributes and blocks by name, sorted."""
        return {name: self._attribute(name, words) for name, words in self._words.items()}

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The names of those that have to be given."""
        return tuple(name for name, attribute in self.attributes.items() if attribute.required)

    @cached_property
    def once_required(self) -> tuple[str, ...]:
        """The names of those that older versions of the provider require."""
        return tuple(name for name, attribute in self.attributes.items() if attribute.required_before)

    def _attribute(self, name: str, words: str) -> Attribute:
        kind, *rest = words.split(" ")
        said = dict(pairwise(rest))
        type_ = _type(kind)
        return Attribute(
            name,
            type_,
            required="required" in rest,
            computed="computed" in rest,
            read_only="read-only" in rest,
            since=said.get("since", ""),
            required_before=said.get("required-before", ""),
            shape=self._shapes[type_.nested.shape] if type_.nested else None,
        )

    def __repr__(self) -> str:
        return f"<Shape {listed(self._words)}>"


@dataclass(frozen=True)
class ResourceSchema:
    """A resource type or data source of the provider."""

    type: str
    since: str
    """The provider version that brought it, at least `versions().oldest`."""
    body: Shape


class Known(NamedTuple):
    """A path of a resource, as `task.notebook_task.notebook_path`, and the first provider version that knows it."""

    path: str
    attribute: Attribute
    since: str


@cache
def _type(words: str) -> Type:
    match = _TYPE.fullmatch(words)
    kind, inner = (match[1], match[2]) if match else (words, None)
    if kind in {"block", "object"}:
        return Type(kind, shape=inner or "")
    return Type(kind, _type(inner) if inner else None)


@cache
def _lines() -> dict[str, str]:
    """Return the text of every line by its type; none is parsed before it is asked for."""
    head, *lines = _DATA.read_text(encoding="utf-8").splitlines()
    return {"": head} | {line.split('"', 4)[3]: line for line in lines}


@cache
def versions() -> Versions:
    """Return the oldest and the newest provider version that the schema knows."""
    head = json.loads(_lines()[""])
    return Versions(head["baseline"], head["provider"])


def resource_types() -> tuple[str, ...]:
    """Return every resource type and data source (`data.databricks_job`), sorted."""
    return tuple(name for name in _lines() if name)


@cache
def schema(resource_type: str) -> ResourceSchema:
    """Return the schema of a resource type, or of a data source (`data.databricks_job`).

    Raises LakeflowError with the nearest name for a type that the provider does not have.
    """
    line = _lines().get(resource_type) if resource_type else None
    if line is None:
        near = nearest(resource_type, resource_types())
        raise LakeflowError(
            f"provider {versions().newest} has no resource type {resource_type!r}",
            fix=f"did you mean {near!r}?" if near else "see the provider's documentation for those it has",
        )
    data = json.loads(line)
    shapes: dict[str, Shape] = {}
    shapes.update({name: Shape(words, shapes) for name, words in data.get("shapes", {}).items()})
    return ResourceSchema(resource_type, data.get("since", versions().oldest), Shape(data["attributes"], shapes))


def order(version: str) -> tuple[int, ...]:
    """Return what a version sorts by."""
    return tuple(int(part) for part in version.split("."))


def paths(resource_type: str) -> Iterator[Known]:
    """Yield every path of a resource type, sorted within what it stands in, read-only ones too."""
    resource = schema(resource_type)
    yield from _below(resource.body, "", resource.since)


def _below(shape: Shape, prefix: str, parent: str) -> Iterator[Known]:
    for name, attribute in shape.attributes.items():
        since = attribute.since or parent
        yield Known(prefix + name, attribute, since)
        if attribute.shape is not None:
            yield from _below(attribute.shape, f"{prefix}{name}.", since)
