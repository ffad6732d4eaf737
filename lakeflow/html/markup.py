"""HTML that is put together of elements: text is always escaped, and only what is `Html` is markup.

https://html.spec.whatwg.org/multipage/syntax.html
"""

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


Child = str | None
"""`Html` as it is, other text escaped, None nothing."""
Value = str | int | bool | None
"""True is an attribute without a value; False and None are none."""


def tag(name: str, /, *children: Child, **attributes: Value) -> Html:
    """Return an element: `tag("a", "x", href="/", class_="y", aria_label="z")`."""
    said = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{said}>")
    return Html(f"<{name}{said}>{joined(children)}</{name}>")


def joined(children: Iterable[Child], between: str = "") -> Html:
    """Return children one after the other; `between` is text, and stands between those that are there."""
    return Html(escape(between).join(_markup(child) for child in children if child))


def _markup(child: str) -> str:
    return child if isinstance(child, Html) else escape(child)


def _attribute(key: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
