"""Small parts of a page: figures in a row, a plot with its caption."""

from collections.abc import Iterable, Iterator
from html import escape

Figure = tuple[str, str, str]
"""What it is, its value, and what is said below it; the last may be HTML."""


def figures(found: Iterable[Figure], look: str = "") -> Iterator[str]:
    """Yield figures with their names."""
    yield f'<dl class="figures{f" {look}" if look else ""}">'
    for name, value, below in found:
        more = f"<small>{below}</small>" if below else ""
        yield f"<div><dt>{escape(name)}</dt><dd>{escape(value)}{more}</dd></div>"
    yield "</dl>"


def figure(caption: str, plot: str, legend: str = "", *, axis: bool = False) -> str:
    """Return a plot with its caption and what its colours mean; `axis` leaves room for numbers at its left."""
    if not plot:
        return ""
    body = f'<div class="axis">{plot}</div>' if axis else plot
    return f"<figure><figcaption>{escape(caption)}{legend}</figcaption>{body}</figure>"
