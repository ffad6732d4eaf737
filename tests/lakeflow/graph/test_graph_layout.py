"""Where boxes and edges stand in a drawing."""

from itertools import combinations, pairwise

import pytest
from hypothesis import example, given, strategies as st

from lakeflow.graph.layout import BOX_GAP, LAYER_GAP, Box, Layout, Link, Point, arranged
from lakeflow.graph.ordering import crossings, ordered
from lakeflow.graph.straighten import straightened
from lakeflow.graph.walk import closing, waves
from tests.lakeflow.graph.samples import few

Pairs = list[tuple[int, int]]


def laid(count: int, pairs: Pairs, *, label: float = 0, height: float = 60) -> Layout:
    links = [Link(source, target, label) for source, target in pairs]
    return arranged([(160, height)] * count, waves(count, pairs), links)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[tuple[float, float]], Pairs]:
    count = draw(st.integers(1, 24))
    places = st.integers(0, count - 1)
    pairs = draw(st.sets(st.tuples(places, places), max_size=40))
    sizes = draw(
        st.lists(st.sampled_from([(150.0, 48.0), (200.0, 70.0), (240.0, 130.0)]), min_size=count, max_size=count)
    )
    return sizes, sorted((a, b) for a, b in pairs if a < b)


def curve(start: Point, end: Point, steps: int = 12) -> list[Point]:
    """Return points of the S-shaped curve that joins two points of a way."""
    (x0, y0), (x1, y1) = start, end
    middle = (x0 + x1) / 2
    points = []
    for step in range(steps + 1):
        t = step / steps
        x = x0 * (1 - t) ** 3 + 3 * middle * t * (1 - t) ** 2 + 3 * middle * t**2 * (1 - t) + x1 * t**3
        points.append((x, y0 + (y1 - y0) * (3 * t**2 - 2 * t**3)))
    return points


def passes(way: tuple[Point, ...]) -> list[Point]:
    points = []
    for index in range(0, len(way), 2):
        points += curve(way[index], way[index + 1])
        if index + 2 < len(way):
            (x0, y), (x1, _) = way[index + 1], way[index + 2]
            points += [(x0 + (x1 - x0) * step / 8, y) for step in range(9)]
    return points


def inside(point: Point, box: Box) -> bool:
    return box.x + 0.1 < point[0] < box.right - 0.1 and box.y + 0.1 < point[1] < box.y + box.height - 0.1


def test_a_chain_is_one_straight_line() -> None:
    layout = laid(4, [(0, 1), (1, 2), (2, 3)])
    assert {box.y for box in layout.boxes} == {0}
    assert [box.x for box in layout.boxes] == [0, 160 + LAYER_GAP, 2 * (160 + LAYER_GAP), 3 * (160 + LAYER_GAP)]
    assert (layout.width, layout.height) == (4 * 160 + 3 * LAYER_GAP, 60)


def test_a_diamond_is_symmetric() -> None:
    start, upper, lower, end = laid(4, [(0, 1), (0, 2), (1, 3), (2, 3)]).boxes
    assert start.middle == end.middle == (upper.middle + lower.middle) / 2
    assert lower.y - upper.y == 60 + BOX_GAP


def test_a_long_edge_goes_straight_past_what_is_between() -> None:
    layout = laid(5, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)])
    way = layout.ways[4]
    assert len(way) == 8
    assert len({y for _, y in way[1:-1]}) == 1


def test_a_short_edge_gives_way_to_a_long_one() -> None:
    layout = laid(10, [(1, 5), (1, 7), (2, 4), (5, 6), (5, 9), (6, 7), (7, 9)])
    assert all(len({y for _, y in way[1:-1]}) <= 1 for way in layout.ways)


def test_long_edges_of_one_task_share_their_way_until_they_part() -> None:
    one, other = laid(5, [(0, 1), (1, 2), (2, 3), (0, 3), (3, 4), (0, 4)]).ways[3::2]
    assert one[:5] == other[:5]


def test_a_label_gets_room_between_the_columns() -> None:
    near, far = laid(2, [(0, 1)]).boxes[1].x, laid(2, [(0, 1)], label=40).boxes[1].x
    assert far >= near + 40


def test_edges_do_not_cross_where_they_need_not() -> None:
    # 0 → 4, 1 → 3, 2 → 5: crossed as numbered, straight once ordered.
    above: list[list[int]] = [[], [], [], [1], [0], [2]]
    below: list[list[int]] = [[4], [3], [5], [], [], []]
    layers = [[0, 1, 2], [3, 4, 5]]
    assert crossings(layers, below) == 1
    assert crossings(ordered(layers, above, below), below) == 0


def test_an_almost_level_edge_is_made_level_where_there_is_room() -> None:
    def distance(one: int, other: int) -> float:
        return 20

    assert straightened([[0], [1]], [[1], []], [0, 6], distance) == [6, 6]
    assert straightened([[0], [1]], [[1], []], [0, 30], distance) == [0, 30]
    # Task 3 is in the way of task 0, so task 2 comes to it, unless task 1 is in the way of that.
    layers, below = [[0, 3], [1, 2]], [[2], [], [], []]
    assert straightened(layers, below, [20, 0, 26, 40], distance) == [20, 0, 20, 40]
    assert straightened(layers, below, [20, 5, 26, 40], distance) == [20, 5, 26, 40]


def test_nothing_is_laid_out_as_nothing() -> None:
    assert arranged([], [], []) == Layout(0, 0, (), ())


@pytest.mark.parametrize(
    ("pairs", "back"),
    [
        ([(0, 1), (1, 2)], set()),
        ([(0, 1), (1, 0)], {(1, 0)}),
        ([(0, 1), (1, 2), (2, 1)], {(2, 1)}),
        ([(0, 1), (1, 0), (2, 1)], {(0, 1)}),
    ],
)
def test_what_closes_a_circle_is_the_edge_that_leads_back(pairs: Pairs, back: set[tuple[int, int]]) -> None:
    assert closing(3, pairs)[0] == back


def test_a_chain_of_thousands_needs_no_depth() -> None:
    chain = [(place, place + 1) for place in range(4_999)]
    assert closing(5_000, chain) == (set(), [])
    assert waves(5_000, chain)[-1] == 4_999


@few
@given(graphs())
@example(([(150.0, 48.0)] * 6, [(0, 5), (1, 5), (2, 5), (3, 5), (4, 5)]))
def test_boxes_keep_their_distance_and_edges_go_around_them(graph: tuple[list[tuple[float, float]], Pairs]) -> None:
    sizes, pairs = graph
    levels = waves(len(sizes), pairs)
    layout = arranged(sizes, levels, [Link(*pair) for pair in pairs])
    boxes = layout.boxes
    assert [(box.width, box.height) for box in boxes] == sizes
    for one, other in combinations(boxes, 2):
        apart = max(
            one.x - other.right, other.x - one.right, one.y - other.y - other.height, other.y - one.y - one.height
        )
        assert apart >= BOX_GAP - 1
    for (source, target), way in zip(pairs, layout.ways, strict=True):
        assert boxes[target].x >= boxes[source].right + LAYER_GAP - 1
        assert way[0] == (boxes[source].right, boxes[source].middle)
        assert way[-1] == (boxes[target].x, boxes[target].middle)
        assert not any(inside(point, box) for point in passes(way) for box in boxes)
    assert all(0 <= box.x <= box.right <= layout.width and box.y >= 0 for box in boxes)
    assert all(box.y + box.height <= layout.height for box in boxes)
    assert all(0 <= y <= layout.height for way in layout.ways for _, y in way)


@few
@given(graphs())
def test_an_order_never_crosses_more_than_the_one_before(graph: tuple[list[tuple[float, float]], Pairs]) -> None:
    count, levels = len(graph[0]), waves(len(graph[0]), graph[1])
    near = [pair for pair in graph[1] if levels[pair[1]] == levels[pair[0]] + 1]
    above = [[a for a, b in near if b == node] for node in range(count)]
    below = [[b for a, b in near if a == node] for node in range(count)]
    layers = [[node for node in range(count) if levels[node] == level] for level in range(max(levels) + 1)]
    found = ordered(layers, above, below)
    assert list(map(sorted, found)) == layers
    assert crossings(found, below) <= crossings(layers, below)


@few
@given(graphs())
def test_the_same_graph_is_laid_out_the_same(graph: tuple[list[tuple[float, float]], Pairs]) -> None:
    sizes, pairs = graph
    levels = waves(len(sizes), pairs)
    assert len({repr(arranged(sizes, levels, [Link(*pair) for pair in pairs])) for _ in range(2)}) == 1


@few
@given(st.integers(1, 12), st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40))
def test_without_the_closing_edges_nothing_goes_in_circles(count: int, drawn: set[tuple[int, int]]) -> None:
    pairs = sorted((a, b) for a, b in drawn if a < count and b < count and a != b)
    back, circles = closing(count, pairs)
    assert len(back) == len(circles)
    assert all(circle[0] == circle[-1] and set(pairwise(circle)) <= set(pairs) for circle in circles)
    levels = waves(count, [pair for pair in pairs if pair not in back])
    assert all(levels[a] < levels[b] for a, b in pairs if (a, b) not in back)
