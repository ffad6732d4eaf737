"""The look of the workspace's pages: that of every page, and the cells, bars and timelines of runs."""

import re
from functools import cache
from importlib.resources import files

from lakeflow.graph.style import sheet as graph_sheet
from lakeflow.html import style

_LIGHT = {
    "good-cell": "#c6ead1",
    "good-cell-ink": "#12562a",
    "part-cell": "#f6dd9a",
    "part-cell-ink": "#5c3d00",
    "bad-cell": "#cf222e",
    "bad-cell-ink": "#ffffff",
    "late-cell": "#e08600",
    "late-cell-ink": "#241500",
    "above-cell": "#fbd5d2",
    "above-cell-ink": "#8f1420",
    "off-cell": "#c5ccd4",
    "off-cell-ink": "#2b3138",
    "go-cell": "#b6dcff",
    "go-cell-ink": "#0a3d77",
    "none-ink": "#6b7480",
    "brand": "#0f766e",
    "hover": "#f3f6f9",
}
_DARK = {
    "good-cell": "#1b4a2c",
    "good-cell-ink": "#a4ebb7",
    "part-cell": "#5a430d",
    "part-cell-ink": "#f6d98a",
    "bad-cell": "#f0524a",
    "bad-cell-ink": "#1d0302",
    "late-cell": "#e3a03a",
    "late-cell-ink": "#201300",
    "above-cell": "#4b1d20",
    "above-cell-ink": "#ffaaa3",
    "off-cell": "#4a525c",
    "off-cell-ink": "#e3e8ee",
    "go-cell": "#174a80",
    "go-cell-ink": "#c3e2ff",
    "none-ink": "#8b949e",
    "brand": "#14968b",
    "hover": "#141a22",
}
_COLOURS = ("good", "part", "bad", "late", "above", "off", "go")
_COMMENT = re.compile(r"/\*.*?\*/|\n", re.DOTALL)


@cache
def sheet(*, graphs: bool = False) -> str:
    """Return the rules of CSS; with those of drawn graphs where there are some."""
    light, dark = (";".join(f"--{name}:{value}" for name, value in each.items()) for each in (_LIGHT, _DARK))
    cells = "".join(
        f".cell.{name},.state.{name}{{background:var(--{name}-cell);color:var(--{name}-cell-ink)}}" for name in _COLOURS
    )
    rules = _COMMENT.sub("", files(__package__).joinpath("page.css").read_text(encoding="utf-8"))
    colours = f":root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return f"{style.sheet()}{colours}{cells}{rules}{graph_sheet() if graphs else ''}"
