"""A table for a terminal: as many of its columns as fit, the most important ones first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lakeflow.graph.letters import columns, shortened
from lakeflow.graph.text import Span, Spans

_GAP = 2


@dataclass(frozen=True)
class Column:
    """A column: its head, its cells, and how soon it is left out (the greatest first; 0 never)."""

    head: str
    cells: Sequence[Span]
    rank: int = 0
    right: bool = True

    @property
    def width(self) -> int:
        """The columns of a terminal that it takes."""
        return max(columns(self.head), *(columns(cell.text) for cell in self.cells), 0)

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        return not any(cell.text.strip() for cell in self.cells)


def grid(found: Sequence[Column], width: int, indent: int = 0) -> Iterator[Spans]:
    """Yield a line of heads and one for each row."""
    shown = [column for column in found if not column.rank or not column.is_empty]
    while shown and _width(shown) + indent > width and any(column.rank for column in shown):
        shown.remove(max(shown, key=lambda column: column.rank))
    heads = [Span(column.head, "dim") for column in shown]
    yield _line(heads, shown, indent)
    for row in range(max((len(column.cells) for column in shown), default=0)):
        yield _line([column.cells[row] for column in shown], shown, indent)


def _width(shown: Sequence[Column]) -> int:
    return sum(column.width for column in shown) + _GAP * (len(shown) - 1)


def _line(cells: Sequence[Span], shown: Sequence[Column], indent: int) -> Spans:
    said: list[Span] = [Span(" " * indent)] if indent else []
    for place, (cell, column) in enumerate(zip(cells, shown, strict=True)):
        room = " " * (column.width - columns(cell.text))
        gap = Span(" " * _GAP if place else "")
        said += [gap, Span(room), cell] if column.right else [gap, cell, Span(room)]
    return tuple(said)


def cut(text: str, most: int) -> str:
    """Return a name that fits."""
    return shortened(text, most)
