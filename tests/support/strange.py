"""Jobs as nobody means them: names of the schema with values that do not belong to them."""

from typing import Any

from hypothesis import strategies as st

from constructs_lib.provider import Shape

GARBAGE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.just(10**400)
    | st.text(max_size=8)
    | st.sampled_from(["${var.x}", "{{tasks.a.values.x}}", "{{", "1e999", "nan", "\ud800", "a", "0 0 9 * * ?"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def strange(draw: st.DrawFn, shape: Shape, depth: int = 4) -> Any:
    """Return an object with the names of a shape, and often with values that do not belong to them."""
    names = draw(st.lists(st.sampled_from(sorted(shape.attributes)), max_size=6))
    body: dict[str, Any] = {}
    for name in names:
        attribute = shape.attributes[name]
        body[name] = draw(GARBAGE)
        if attribute.shape and depth and draw(st.integers(0, 3)):
            inner = draw(strange(attribute.shape, depth - 1))
            body[name] = inner if draw(st.booleans()) else [inner, *([draw(GARBAGE)] if draw(st.booleans()) else [])]
    return body
