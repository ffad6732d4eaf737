"""What every page of the workspace has: its bar, the way back, the time it shows, and lists that come in pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lakeflow.html.document import document
from lakeflow.html.markup import Child, Html, joined, tag
from lakeflow.words import counted
from lakeflow.workspace.page import links
from lakeflow.workspace.page.style import sheet
from lakeflow.workspace.page.words import moment, text

Crumb = tuple[str, str | None]
"""What a page on the way is called, and where it is; the last one is this page."""
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' "
    "rx='4' fill='%230f766e'/%3E%3Cpath d='M3 6c2-2 3-2 5 0s3 2 5 0M3 10c2-2 3-2 5 0s3 2 5 0' fill='none' "
    "stroke='%23fff' stroke-width='1.6' stroke-linecap='round'/%3E%3C/svg%3E"
)
_LOGO = Html(
    '<svg class="logo" width="20" height="20" viewBox="0 0 16 16" aria-hidden="true"><rect width="16" height="16" '
    'rx="4"/><path d="M3 6c2-2 3-2 5 0s3 2 5 0M3 10c2-2 3-2 5 0s3 2 5 0"/></svg>'
)


def page(
    title: str,
    body: Iterable[Child],
    *,
    now: int,
    crumbs: Iterable[Crumb] = (),
    refresh: int | None = None,
    graphs: bool = False,
) -> str:
    """Return a page; `refresh` is after how many seconds it is asked for again, `graphs` whether some are drawn."""
    head = tag("link", rel="icon", href=Html(_ICON))
    if refresh:
        head = joined([head, tag("meta", http_equiv="refresh", content=refresh)])
    whole = [_bar(now, refresh), tag("main", _way(list(crumbs)), *body, id="content")]
    said = f"{text(title, 120)} · workspace" if title else "Workspace"
    return document(said, whole, style=sheet(graphs=graphs), head=head, served=True)


def _bar(now: int, refresh: int | None) -> Html:
    # To refresh is an addition: the link takes it away for who reads slowly.
    renewed = joined([f"renewed every {refresh} s · ", tag("a", "hold", href="?refresh=no")]) if refresh else None
    return tag(
        "div",
        tag("a", "Skip to the content", href="#content", class_="skip"),
        tag("a", _LOGO, tag("b", "Workspace"), href=links.HOME, class_="home"),
        tag("nav", tag("a", "Jobs", href=links.HOME), tag("a", "Runs", href=links.RUNS), aria_label="Pages"),
        tag("p", renewed, tag("span", "now ", moment(now), class_="clock"), class_="when"),
        class_="top",
    )


def _way(crumbs: list[Crumb]) -> Html | None:
    if not crumbs:
        return None
    entries = [
        tag("li", tag("a", tag("bdi", said), href=path) if path else tag("bdi", said, aria_current="page"))
        for said, path in crumbs
    ]
    return tag("nav", tag("ol", *entries), class_="way", aria_label="Where this is")


def header(title: Child, *below: Child, look: str = "") -> Html:
    """Return what a page begins with."""
    return tag("header", tag("h1", title), *(tag("p", each) for each in below if each), class_=look or None)


def section(title: str, *body: Child, aside: Child = None, id_: str | None = None) -> Html:
    """Return a section with its heading; nothing where it would be empty."""
    return tag("section", tag("h2", title, tag("span", aside) if aside else None), *body, id=id_)


def facts(found: Iterable[tuple[str, Child]]) -> Html:
    """Return names with what is said of them, without those of which nothing is."""
    pairs = [tag("div", tag("dt", name), tag("dd", said)) for name, said in found if said]
    return tag("dl", *pairs, class_="facts")


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, and the class of its cells."""

    head: Child
    look: str = ""


def table(
    caption: str,
    columns: Iterable[Column],
    rows: Iterable[Iterable[Child]],
    *,
    look: str = "stacked",
    ids: Iterable[str] = (),
) -> Html:
    """Return a table whose first column names its rows; the caption is for who does not see it."""
    heads = list(columns)
    names = iter(ids)
    body = [
        tag(
            "tr",
            *(
                tag("th", cell, scope="row", class_=column.look or None)
                if not place
                else tag("td", cell, class_=column.look or None, data_head=column.head if column.head else None)
                for place, (cell, column) in enumerate(zip(row, heads, strict=True))
            ),
            id=next(names, None),
        )
        for row in rows
    ]
    return tag(
        "div",
        tag(
            "table",
            tag("caption", caption),
            tag("thead", tag("tr", *(tag("th", each.head, scope="col", class_=each.look or None) for each in heads))),
            tag("tbody", *body),
            class_=look,
        ),
        class_="scroll",
    )


@dataclass(frozen=True)
class Paged:
    """One page of a list: `shown` of `total`, from `first`."""

    shown: list[Any]
    first: int
    total: int
    page: int
    pages: int

    @classmethod
    def of(cls, found: list[Any], asked: str | None, size: int) -> "Paged":
        """Return the page that is asked for; the nearest one where there is no such page."""
        pages = max(1, -(-len(found) // size))
        number = int(asked) if asked and asked.isdecimal() and len(asked) < 9 else 1
        number = min(max(number, 1), pages)
        first = (number - 1) * size
        return cls(found[first : first + size], first, len(found), number, pages)

    def turning(self, path: str, noun: str, **query: str | None) -> Html | None:
        """Return links to the pages before and after; nothing where there is one page only."""
        if self.pages == 1:
            return None
        there = f"{self.first + 1:,}–{self.first + len(self.shown):,} of {counted(self.total, noun)}"
        back = links.asked(path, page=self.page - 1, **query) if self.page > 1 else None
        on = links.asked(path, page=self.page + 1, **query) if self.page < self.pages else None
        return tag(
            "nav",
            tag("a", "← before", href=back, rel="prev") if back else tag("span", "← before"),
            tag("span", there, class_="there"),
            tag("a", "after →", href=on, rel="next") if on else tag("span", "after →"),
            class_="turning",
            aria_label=f"Pages of {noun}s",
        )


def searching(asked: str, what: str, path: str) -> Html:
    """Return the form that filters a list by name."""
    return tag(
        "form",
        tag("label", f"Filter {what} by name", for_="q", class_="hidden"),
        tag("input", type="search", id="q", name="q", value=asked, placeholder=f"Filter {what} by name", maxlength=200),
        tag("button", "Filter"),
        tag("a", "clear", href=path) if asked else None,
        action=path,
        class_="search",
        role="search",
    )


def missing(what: str, now: int) -> str:
    """Return the page that says that there is no such page."""
    return page(
        "Not found",
        [
            header("There is nothing here", what, look="bad"),
            tag("p", tag("a", "To the jobs of this workspace", href=links.HOME)),
        ],
        now=now,
    )
