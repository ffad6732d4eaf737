"""Where each node stands in its layer: long edges straight, parents amid their children, nothing overlapping.

After Brandes and Köpf, "Fast and simple horizontal coordinate assignment" (2001): four extreme placements, then the
mean of the middle two. Each keeps the distances, so their order statistics do.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

Near = Sequence[Sequence[int]]
Distance = Callable[[int, int], float]
Conflicts = set[tuple[int, int]]


def placed(layers: list[list[int]], above: Near, below: Near, real: int, distance: Distance) -> list[float]:
    """Return the centre of each vertex; vertices from `real` on are the bends of long edges.

    `distance` is how far the centres of two neighbours in a layer must be apart.
    """
    count = len(above)
    conflicts = _conflicts(layers, above, real)
    # A bend follows its edge and not what branches off from it.
    up, down = _along(above, real), _along(below, real)
    placements = []
    for near, downwards in ((up, True), (down, False)):
        for leftwards in (True, False):
            turned = [layer if leftwards else layer[::-1] for layer in (layers if downwards else layers[::-1])]
            root = _blocks(turned, near, conflicts, count)
            centres = _compacted(turned, root, distance if leftwards else (lambda left, right: distance(right, left)))
            placements.append(centres if leftwards else [-centre for centre in centres])
    return _balanced(placements)


def _along(near: Near, real: int) -> Near:
    return [
        [o for o in others if o >= real] or others if vertex >= real else others for vertex, others in enumerate(near)
    ]


def _conflicts(layers: list[list[int]], above: Near, real: int) -> Conflicts:
    """Return the edges that cross a long edge between two of its bends: they give way to it."""
    conflicts: Conflicts = set()
    for upper, lower in pairwise(layers):
        place = {vertex: index for index, vertex in enumerate(upper)}
        first, done = 0, 0
        for index, vertex in enumerate(lower):
            bend = next((other for other in above[vertex] if other >= real), None) if vertex >= real else None
            if bend is None and index < len(lower) - 1:
                continue
            last = len(upper) - 1 if bend is None else place[bend]
            for other in lower[done : index + 1]:
                conflicts.update(
                    (source, other)
                    for source in above[other]
                    if not first <= place[source] <= last and not (source >= real and other >= real)
                )
            first, done = last, index + 1
    return conflicts


def _blocks(layers: list[list[int]], near: Near, conflicts: Conflicts, count: int) -> list[int]:
    """Return for each vertex the first one of the block that stands in one line with it."""
    place = {vertex: index for layer in layers for index, vertex in enumerate(layer)}
    root, taken = list(range(count)), [False] * count
    for layer in layers:
        reached = -1
        for vertex in layer:
            others = sorted(near[vertex], key=place.__getitem__)
            middle = len(others) // 2
            for other in others[middle - 1 + len(others) % 2 : middle + 1] if others else ():
                free = root[vertex] == vertex and not taken[other] and place[other] > reached
                if free and (other, vertex) not in conflicts and (vertex, other) not in conflicts:
                    root[vertex] = root[other]
                    taken[other] = True
                    reached = place[other]
    return root


def _compacted(layers: list[list[int]], root: list[int], distance: Distance) -> list[float]:
    """Return the centres with every block as far left as it can be, then pulled right to what follows it."""
    after: dict[int, dict[int, float]] = {vertex: {} for vertex in root}
    waits = dict.fromkeys(after, 0)
    for layer in layers:
        for left, right in pairwise(layer):
            ends = after[root[left]]
            if root[right] not in ends:
                waits[root[right]] += 1
            ends[root[right]] = max(ends.get(root[right], 0), distance(left, right))
    queue = [block for block, waiting in waits.items() if not waiting]
    left_most = dict.fromkeys(after, 0.0)
    for block in queue:  # grows while it is read
        for other, apart in after[block].items():
            left_most[other] = max(left_most[other], left_most[block] + apart)
            waits[other] -= 1
            if not waits[other]:
                queue.append(other)
    for block in reversed(queue):
        if after[block]:
            left_most[block] = max(left_most[block], min(left_most[o] - apart for o, apart in after[block].items()))
    return [left_most[block] for block in root]


def _balanced(placements: list[list[float]]) -> list[float]:
    """Return the mean of the middle two, once all four stand flush with the narrowest."""
    if not placements[0]:
        return []
    narrowest = min(placements, key=lambda centres: max(centres) - min(centres))
    flush = []
    for index, centres in enumerate(placements):
        edge = min if index % 2 == 0 else max
        shift = edge(narrowest) - edge(centres)
        flush.append([centre + shift for centre in centres])
    middle = (sorted(four)[1:3] for four in zip(*flush, strict=True))
    return [sum(two) / 2 for two in middle]
