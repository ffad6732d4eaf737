"""The provider version that a body of Terraform JSON needs."""

from collections.abc import Iterator, Mapping

from constructs_lib.provider.schema import Shape, order, schema, versions

DYNAMIC = "dynamic"
"""Where Terraform makes blocks from a list: `{"dynamic": {"task": {"for_each": …, "content": {…}}}}`."""


def least_version(resource_type: str, body: Mapping[str, object]) -> str:
    """Return the first provider version that takes the body: knows all that is in it, requires nothing that is not.

    At least `versions().oldest`. What no version knows does not count: `problems` tells it. Raises LakeflowError for a
    type that the provider does not have.
    """
    resource = schema(resource_type)
    needed = {version for version in _needed(resource.body, body) if version}
    return max({versions().oldest, resource.since} | needed, key=order)


def _needed(shape: Shape, body: Mapping[str, object]) -> Iterator[str]:
    for name, value in body.items():
        attribute = shape.attributes.get(name)
        if attribute is not None and value is not None:
            yield attribute.since
            if attribute.shape is not None:
                for nested in blocks(value):
                    yield from _needed(attribute.shape, nested)
    for name, value in dynamic(body):
        attribute = shape.attributes.get(name)
        if attribute is not None and attribute.shape is not None:
            yield attribute.since
            yield from _needed(attribute.shape, value)
    yield from (shape.attributes[name].required_before for name in shape.once_required if body.get(name) is None)


def blocks(value: object) -> Iterator[Mapping[str, object]]:
    """Yield the objects that stand for blocks: the one, or those in a list."""
    for each in value if isinstance(value, list | tuple) else (value,):
        if isinstance(each, Mapping):
            yield each


def dynamic(body: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield the name and content of every block that is made from a list."""
    for named in blocks(body.get(DYNAMIC)):
        for name, value in named.items():
            for block in blocks(value):
                for content in blocks(block.get("content")):
                    yield name, content
