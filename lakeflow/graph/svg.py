"""A graph as a drawing: SVG that stands alone, in light and dark, without scripts and with nothing from elsewhere."""

from collections.abc import Mapping
from html import escape

from lakeflow.graph.cards import CHIP_HEIGHT, Card, number, outcome, words
from lakeflow.graph.layout import Layout, Link, Point, arranged
from lakeflow.graph.letters import fitted, printable, width
from lakeflow.graph.marks import Mark
from lakeflow.graph.model import Edge, TaskGraph
from lakeflow.graph.style import SHARED_COLOURS, sheet

_MARGIN, _HEADING, _ODD_LINE = 28.0, 46.0, 18.0
_MOST_ODD, _MOST_SAID = 6, 60
_ARROW = 7.0
_NARROWEST, _WIDEST_LINE = 240.0, 520.0

EdgeMarks = Mapping[tuple[str, str], Mark]


def svg(
    graph: TaskGraph,
    *,
    marks: Mapping[str, Mark] | None = None,
    edge_marks: EdgeMarks | None = None,
    heading: bool = True,
    subtitle: str = "",
    identity: str = "graph",
    styled: bool = True,
) -> str:
    """Return the drawing of a graph.

    `marks` are by task key, `edge_marks` by the keys of both ends. `subtitle` stands under the job's name; `identity`
    begins the ids in the drawing and must differ between two drawings on one page; `styled=False` leaves out the style
    sheet (`style.sheet()`), which such a page has once.
    """
    cards = [Card.of(node, _colours(graph), marks or {}) for node in graph.nodes]
    layout = _layout(graph, cards)
    title, below = printable(graph.name) or "job", printable(subtitle) or graph.counted
    odd = [printable(oddity) for oddity in graph.oddities[:_MOST_ODD]]
    if len(graph.oddities) > _MOST_ODD:
        odd.append(f"and {len(graph.oddities) - _MOST_ODD} more")
    top = _MARGIN + (_HEADING if heading else 0)
    lines = [width(f"! {oddity}", 12) for oddity in odd]
    lines += [width(title, 16, bold=True), width(below, 12)] if heading else []
    across = max(layout.width, min(_WIDEST_LINE, max(lines, default=0)), _NARROWEST)
    bottom = top + layout.height
    # The flags of marks stand on the upper edges of cards, a loop's shadow below them: both are inside the margin.
    total = round(across + 2 * _MARGIN), round(bottom + _MARGIN + len(odd) * _ODD_LINE)
    body = [
        f'<rect class="canvas" width="{total[0]}" height="{total[1]}" rx="12"/>',
        words(fitted(title, 16, across, bold=True), _MARGIN, _MARGIN + 8, "heading") if heading else "",
        words(fitted(below, 12, across), _MARGIN, _MARGIN + 27, "sub") if heading else "",
        f'<g transform="translate({number(_MARGIN)} {number(top)})">',
        *_edges(graph, layout, edge_marks or {}),
        *(card.drawn(box.x, box.y, box.width) for card, box in zip(cards, layout.boxes, strict=True)),
        *_outcomes(graph, layout),
        "</g>",
        *(
            words(fitted(f"⚠ {oddity}", 12, across), _MARGIN, bottom + 20 + _ODD_LINE * line, "odd")
            for line, oddity in enumerate(odd)
        ),
    ]
    name = escape(identity)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="lakeflow-graph" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" width="{total[0]}" height="{total[1]}" '
        f'viewBox="0 0 {total[0]} {total[1]}">\n'
        f'<title id="{name}-title">{escape(title)}</title>\n<desc id="{name}-desc">{escape(_told(graph))}</desc>\n'
        + (f"<style>{sheet()}</style>\n" if styled else "")
        + "\n".join(filter(None, body))
        + "\n</svg>\n"
    )


def _colours(graph: TaskGraph) -> dict[tuple[str, str], int]:
    """Return a number below `SHARED_COLOURS` for each compute that tasks can share, in order of appearance."""
    shared = [node.compute for node in graph.every if node.compute and node.compute.is_shared]
    keys = dict.fromkeys((compute.kind.value, compute.name) for compute in shared)
    return {key: place % SHARED_COLOURS for place, key in enumerate(keys)}


def _layout(graph: TaskGraph, cards: list[Card]) -> Layout:
    # One width per column: columns read as steps in time.
    widest: dict[int, float] = {}
    for card, level in zip(cards, graph.levels, strict=True):
        widest[level] = max(widest.get(level, 0), card.width)
    sizes = [(widest[level], card.height) for card, level in zip(cards, graph.levels, strict=True)]
    return arranged(sizes, graph.levels, [_link(edge) for edge in graph.edges])


def _link(edge: Edge) -> Link:
    label = outcome(edge.label).width if edge.label else 0
    if edge.closes_cycle:
        return Link(edge.target, edge.source, label, "cycle")
    return Link(edge.source, edge.target, label, edge.label)


def _edges(graph: TaskGraph, layout: Layout, marks: EdgeMarks) -> list[str]:
    drawn = []
    for edge, way in zip(graph.edges, layout.ways, strict=True):
        source, target = graph.nodes[edge.source], graph.nodes[edge.target]
        mark = marks.get((source.key, target.key))
        looks = [mark.tone.value] if mark else ["bad", "off"] if edge.closes_cycle or source.missing else []
        looks += ["faint"] if source.disabled or target.disabled else []
        note = f"<title>{escape(printable(mark.note or mark.label))}</title>" if mark else ""
        drawn.append(
            (mark is not None, f'<g class="{" ".join(["link", *looks])}">{note}{_path(way, edge.closes_cycle)}</g>')
        )
    # What is marked lies on top of what is not.
    return [text for _, text in sorted(drawn, key=lambda pair: pair[0])]


def _path(way: tuple[Point, ...], backwards: bool) -> str:
    (x, y), (tip_x, tip_y) = way[0], way[-1]
    ends = list(way)
    # The line ends inside its arrow head, so that its square end does not show at the tip.
    if backwards:
        ends[0] = (x + _ARROW - 1, y)
        head = f"M{number(x)} {number(y)}l{number(_ARROW)} -4v8z"
    else:
        ends[-1] = (tip_x - _ARROW + 1, tip_y)
        head = f"M{number(tip_x)} {number(tip_y)}l{number(-_ARROW)} -4v8z"
    line = f"M{number(ends[0][0])} {number(ends[0][1])}"
    for index in range(0, len(ends), 2):
        (x0, y0), (x1, y1) = ends[index], ends[index + 1]
        line += "" if not index else f"H{number(x0)}"
        half = number((x0 + x1) / 2)
        line += f"H{number(x1)}" if y0 == y1 else f"C{half} {number(y0)} {half} {number(y1)} {number(x1)} {number(y1)}"
    return f'<path class="edge" d="{line}"/><path class="head" d="{head}"/>'


def _outcomes(graph: TaskGraph, layout: Layout) -> list[str]:
    chips: dict[str, None] = {}
    for edge, way in zip(graph.edges, layout.ways, strict=True):
        if edge.label:
            (x0, y0), (x1, y1) = way[:2]
            chip = outcome(edge.label)
            # A little past the middle, where edges that leave one task have parted: a point of the curve at t = 0.6.
            x, y = x0 + 0.576 * (x1 - x0), y0 + 0.648 * (y1 - y0)
            chips[chip.drawn(x - chip.width / 2, y - CHIP_HEIGHT / 2)] = None
    return list(chips)


def _told(graph: TaskGraph) -> str:
    """Return the graph in words, for who does not see it."""
    told = []
    for node, before in list(zip(graph.nodes, graph.before, strict=True))[:_MOST_SAID]:
        waits = [graph.nodes[edge.source].label + (f" is {edge.label}" if edge.label else "") for edge in before]
        told.append(node.label + (f" after {', '.join(waits)}" if waits else ""))
    more = f"; and {len(graph.nodes) - _MOST_SAID} more" if len(graph.nodes) > _MOST_SAID else ""
    return printable(f"{graph.counted}: {'; '.join(told)}{more}" if told else graph.counted)
