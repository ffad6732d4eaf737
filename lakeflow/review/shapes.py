"""Bodies as the provider's schema has them, whatever stands in a plan: what has another shape is left out, and said."""

from typing import Any

from constructs_lib.errors import LakeflowError
from constructs_lib.provider import Attribute, Shape, schema
from lakeflow.review.masking import Secret
from lakeflow.review.unknown import Later

Json = dict[str, Any]


def shaped(resource_type: str, body: Json) -> tuple[Json, bool]:
    """Return a body in the shape of its type, and whether that is all of it; one of an unknown type as it is."""
    try:
        shape = schema(resource_type).body
    except LakeflowError:
        return body, True
    conforming = _Conforming()
    return conforming.block(body, shape), conforming.whole


class _Conforming:
    def __init__(self) -> None:
        self.whole = True

    def block(self, body: Json, shape: Shape) -> Json:
        attributes = shape.attributes
        found: Json = {}
        for name, value in body.items():
            # Most of what stands there is "", 0 or false, which any attribute may be.
            attribute = attributes.get(name) if value else None
            if attribute is None or isinstance(value, Later | Secret):
                found[name] = value
                continue
            kept = self._value(value, attribute)
            if kept is not None:
                found[name] = kept
        return found

    def _value(self, value: Any, attribute: Attribute) -> Any:
        if attribute.shape is not None:
            return self._blocks(value, attribute.shape, several=attribute.type.element is not None)
        kind = attribute.type.kind
        if kind == "map":
            return value if isinstance(value, dict) and self._are_plain(value.values()) else self._lost()
        if kind in {"list", "set"}:
            return value if isinstance(value, list) and self._are_plain(value) else self._lost()
        return value if not isinstance(value, dict | list) else self._lost()

    def _blocks(self, value: Any, shape: Shape, *, several: bool) -> Any:
        if isinstance(value, dict) and not several:
            return self.block(value, shape)
        if not isinstance(value, list):
            return self._lost()
        found = [self.block(each, shape) for each in value if isinstance(each, dict)]
        self.whole = self.whole and len(found) == len(value)
        return found

    def _are_plain(self, values: Any) -> bool:
        return not any(isinstance(each, dict | list) for each in values)

    def _lost(self) -> None:
        self.whole = False
