"""A trend in a page: what a figure was, and how much that is."""

from collections.abc import Callable
from html import escape

from lakeflow.history.wording import Trend


def trend(found: Trend, said: Callable[[float | None], str]) -> str:
    """Return a trend as HTML: what it was, and the change; nothing where the period before is not known."""
    if found.before is None:
        return ""
    look = ' class="bad-ink"' if found.is_worse else ' class="good-ink"' if found.is_better else ""
    change = f" <span{look}>{escape(found.words)}</span>" if found.words and found.is_noticed else ""
    return f"was {escape(said(found.before))}{change}"
