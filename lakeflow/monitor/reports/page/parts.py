"""Small parts of the page: figures in a row, a figure with its caption, a trend."""

from collections.abc import Callable, Iterable, Iterator
from html import escape

from lakeflow.history.wording import Trend

Figure = tuple[str, str, str]
"""What it is, its value, and what is said below it; the last may be HTML."""


def figures(found: Iterable[Figure], look: str = "") -> Iterator[str]:
    """Yield figures with their names."""
    yield f'<dl class="figures{f" {look}" if look else ""}">'
    for name, value, below in found:
        more = f"<small>{below}</small>" if below else ""
        yield f"<div><dt>{escape(name)}</dt><dd>{escape(value)}{more}</dd></div>"
    yield "</dl>"


def trend(found: Trend, said: Callable[[float | None], str]) -> str:
    """Return a trend as HTML: what it was, and the change; nothing where the period before is not known."""
    if found.before is None:
        return ""
    look = ' class="bad-ink"' if found.is_worse else ' class="good-ink"' if found.is_better else ""
    change = f" <span{look}>{escape(found.words)}</span>" if found.words and found.is_noticed else ""
    return f"was {escape(said(found.before))}{change}"


def figure(caption: str, plot: str, legend: str = "", *, axis: bool = False) -> str:
    """Return a plot with its caption and what its colours mean; `axis` leaves room for numbers at its left."""
    if not plot:
        return ""
    body = f'<div class="axis">{plot}</div>' if axis else plot
    return f"<figure><figcaption>{escape(caption)}{legend}</figcaption>{body}</figure>"
