"""Where everything stands in a drawing of a graph, from left to right: boxes, and the way of each edge between them.

A layered layout: levels are given, long edges get a bend in each layer they pass, `ordering` has few edges cross,
`placement` keeps straight what can be straight. An edge passes a layer only where a bend has room of its own, so no
edge runs through a box. Nothing here knows what a task is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lakeflow.graph.ordering import ordered
from lakeflow.graph.placement import placed
from lakeflow.graph.straighten import straightened

Point = tuple[float, float]
# Pixels between two boxes of a layer, a box and a passing edge, two passing edges; and between two layers.
BOX_GAP, PASSING_GAP, EDGE_GAP = 26.0, 18.0, 14.0
LAYER_GAP, WIDEST_GAP = 56.0, 150.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its left upper corner, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right side."""
        return self.x + self.width

    @property
    def middle(self) -> float:
        """The height at which edges come and go."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Link:
    """An edge to lay out: from box to box, and how wide its label is, 0 where it has none.

    Links that leave the same box with the same `trunk` may share their way until they part.
    """

    source: int
    target: int
    label: float = 0
    trunk: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The size of the drawing, its boxes, and the way of each link.

    A way is an even number of points: a curve from the first to the second, a level line to the third, and so on.
    """

    width: float
    height: float
    boxes: tuple[Box, ...]
    ways: tuple[tuple[Point, ...], ...]


def arranged(sizes: Sequence[tuple[float, float]], levels: Sequence[int], links: Sequence[Link]) -> Layout:
    """Return the layout of boxes of `sizes` (width, height); every link must lead to a higher level."""
    if not sizes:
        return Layout(0, 0, (), ())
    bends = _Bends(levels, links)
    layers = ordered(bends.layers, bends.above, bends.below)
    heights = [height for _, height in sizes] + bends.heights
    real = len(sizes)

    def distance(one: int, other: int) -> float:
        passing = (one >= real) + (other >= real)
        return (heights[one] + heights[other]) / 2 + (BOX_GAP, PASSING_GAP, EDGE_GAP)[passing]

    centres = placed(layers, bends.above, bends.below, real, distance)
    top = min(centre - height / 2 for centre, height in zip(centres, heights, strict=True))
    # Whole pixels are sharp; what is level stays level, and a gap loses less than one.
    centres = straightened(layers, bends.below, [float(round(centre - top)) for centre in centres], distance)
    top = min(centre - height / 2 for centre, height in zip(centres, heights, strict=True))
    centres = [centre - top for centre in centres]
    lefts, widths = _across(layers, sizes, links, bends, centres)
    boxes = tuple(
        Box(lefts[level], centres[node] - height / 2, width, height)
        for node, ((width, height), level) in enumerate(zip(sizes, levels, strict=True))
    )
    rights = [left + width for left, width in zip(lefts, widths, strict=True)]
    ways = []
    for link, passing in zip(links, bends.along, strict=True):
        start = levels[link.source]
        passed = [(lefts[level], rights[level], centres[bend]) for level, bend in enumerate(passing, start + 1)]
        ways.append(_way(boxes[link.source], boxes[link.target], rights[start], passed))
    bottom = max(centre + height / 2 for centre, height in zip(centres, heights, strict=True))
    return Layout(rights[-1], bottom, boxes, tuple(ways))


class _Bends:
    """The layers of a graph with a bend for each layer that a link passes; links of one trunk share theirs."""

    def __init__(self, levels: Sequence[int], links: Sequence[Link]) -> None:
        self.layers: list[list[int]] = [[] for _ in range(max(levels) + 1)]
        self.above: list[list[int]] = [[] for _ in levels]
        self.below: list[list[int]] = [[] for _ in levels]
        self.heights: list[float] = []
        self.along: list[list[int]] = []
        shared: dict[tuple[int, str, int], int] = {}
        for link in links:
            chain = [link.source]
            for level in range(levels[link.source] + 1, levels[link.target]):
                key = link.source, link.trunk, level
                if key not in shared:
                    shared[key] = len(self.above)
                    self.above.append([])
                    self.below.append([])
                    self.heights.append(12.0 if link.label else 2.0)
                    self._join(chain[-1], shared[key])
                chain.append(shared[key])
            self._join(chain[-1], link.target)
            self.along.append(chain[1:])
        for vertex, level in self._depth_first(levels, shared):
            self.layers[level].append(vertex)

    def _join(self, upper: int, lower: int) -> None:
        if lower not in self.below[upper]:
            self.below[upper].append(lower)
            self.above[lower].append(upper)

    def _depth_first(self, levels: Sequence[int], shared: dict[tuple[int, str, int], int]) -> list[tuple[int, int]]:
        """Return the vertices with their levels, what belongs together side by side, as a first order."""
        level_of = [*levels, *(level for _, _, level in shared)]
        seen: dict[int, None] = {}
        stack = [vertex for vertex in reversed(range(len(levels))) if not self.above[vertex]]
        while stack:
            vertex = stack.pop()
            if vertex not in seen:
                seen[vertex] = None
                stack.extend(reversed(self.below[vertex]))
        return [(vertex, level_of[vertex]) for vertex in seen]


def _across(
    layers: list[list[int]],
    sizes: Sequence[tuple[float, float]],
    links: Sequence[Link],
    bends: _Bends,
    centres: Sequence[float],
) -> tuple[list[float], list[float]]:
    """Return the left side and the width of each layer: a gap is wide where a label stands in it or edges are steep."""
    level_of = {vertex: level for level, layer in enumerate(layers) for vertex in layer}
    widths = [max((sizes[vertex][0] for vertex in layer if vertex < len(sizes)), default=0) for layer in layers]
    labels = [0.0] * len(layers)
    for link in links:
        level = level_of[link.source]
        labels[level] = max(labels[level], link.label)
    lefts = [0.0]
    for level, layer in enumerate(layers[:-1]):
        steepest = max((abs(centres[v] - centres[w]) for v in layer for w in bends.below[v]), default=0)
        gap = min(WIDEST_GAP, LAYER_GAP + steepest / 12) + (labels[level] + 12 if labels[level] else 0)
        lefts.append(round(lefts[-1] + widths[level] + gap))
    return lefts, widths


def _way(source: Box, target: Box, column: float, passed: Sequence[tuple[float, float, float]]) -> tuple[Point, ...]:
    """Return the way between two boxes; `column` is where the source's column ends, `passed` what lies between."""
    points: list[Point] = [(source.right, source.middle)]
    if source.right < column:
        points += [(source.right, source.middle), (column, source.middle)]
    for left, right, centre in passed:
        points += [(left, centre), (right, centre)]
    return (*points, (target.x, target.middle))
