"""The order of the nodes in each layer of a drawing, so that few edges cross: barycentre sweeps, the best one kept.

After Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures" (1981).
"""

from bisect import bisect_right, insort
from collections.abc import Sequence
from itertools import pairwise

Layers = list[list[int]]
_MOST_SWEEPS = 24
# Work is about sweeps times vertices: large graphs get fewer sweeps, which is where sweeps help least.
_WORK = 120_000


def ordered(layers: Layers, above: Sequence[Sequence[int]], below: Sequence[Sequence[int]]) -> Layers:
    """Return the layers, each in an order that lets few edges cross; `above` and `below` are a vertex's neighbours."""
    best = [list(layer) for layer in layers]
    fewest = crossings(best, below)
    current = best
    idle = 0
    for sweep in range(max(4, min(_MOST_SWEEPS, _WORK // max(1, len(above))))):
        if not fewest or idle == 6:
            break
        current = _swept(current, above if sweep % 2 == 0 else below, downwards=sweep % 2 == 0, last_wins=sweep % 4 > 1)
        crossed = crossings(current, below)
        idle += 1
        if crossed < fewest:
            best, fewest, idle = current, crossed, 0
    return _transposed(best, above, below) if fewest else best


def crossings(layers: Layers, below: Sequence[Sequence[int]]) -> int:
    """Return how many pairs of edges between neighbouring layers cross."""
    total = 0
    for upper, lower in pairwise(layers):
        place = {vertex: index for index, vertex in enumerate(lower)}
        seen: list[int] = []
        for vertex in upper:
            ends = sorted(place[target] for target in below[vertex])
            total += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return total


def _swept(layers: Layers, near: Sequence[Sequence[int]], *, downwards: bool, last_wins: bool) -> Layers:
    """Return the layers, sorted one after the other by the mean place of their neighbours in the one before."""
    result = [list(layer) for layer in layers]
    places = range(1, len(layers)) if downwards else range(len(layers) - 2, -1, -1)
    for index in places:
        fixed = {vertex: place for place, vertex in enumerate(result[index - 1 if downwards else index + 1])}
        means = {
            vertex: sum(fixed[other] for other in near[vertex]) / len(near[vertex])
            for vertex in result[index]
            if near[vertex]
        }
        movable = [vertex for vertex in result[index] if vertex in means]
        if last_wins:  # vertices with equal means change places, which gets a sweep out of a rut
            movable.reverse()
        movable.sort(key=means.__getitem__)
        moved = iter(movable)
        # Who has no neighbour there stays where it is.
        result[index] = [next(moved) if vertex in means else vertex for vertex in result[index]]
    return result


def _transposed(layers: Layers, above: Sequence[Sequence[int]], below: Sequence[Sequence[int]]) -> Layers:
    """Return the layers with neighbours swapped as long as that removes crossings."""
    place = {vertex: index for layer in layers for index, vertex in enumerate(layer)}
    budget = _WORK
    improved = True
    while improved and budget > 0:
        improved = False
        for layer in layers:
            for index in range(len(layer) - 1):
                left, right = layer[index], layer[index + 1]
                budget -= 1 + len(above[left]) + len(below[left])
                gain = sum(
                    _crossed(near[left], near[right], place) - _crossed(near[right], near[left], place)
                    for near in (above, below)
                )
                if gain > 0:
                    layer[index], layer[index + 1] = right, left
                    place[left], place[right] = index + 1, index
                    improved = True
    return layers


def _crossed(left: Sequence[int], right: Sequence[int], place: dict[int, int]) -> int:
    """Return how often edges of a vertex cross those of its right neighbour."""
    ends = sorted(place[other] for other in right)
    return sum(bisect_right(ends, place[other] - 1) for other in left)
