"""Facts about a directed graph whose nodes are 0 … n-1: where it goes in circles, its levels, its longest path."""

from collections.abc import Sequence

Ends = tuple[int, int]
_END = -1


def closing(count: int, edges: Sequence[Ends]) -> tuple[set[Ends], list[list[int]]]:
    """Return a set of edges without which nothing goes in circles, and for each of them the circle that it closes."""
    after: list[list[int]] = [[] for _ in range(count)]
    waits = [0] * count
    for source, target in edges:
        after[source].append(target)
        waits[target] += 1
    back: set[Ends] = set()
    circles: list[list[int]] = []
    done = [False] * count
    # From where nothing is waited for, so that the edge called wrong is the one that leads back.
    for start in sorted(range(count), key=lambda node: waits[node] > 0):
        if done[start]:
            continue
        path, open_, trail = [start], {start}, [iter(after[start])]
        while path:
            target = next(trail[-1], _END)
            if target == _END:
                done[path[-1]] = True
                open_.discard(path.pop())
                trail.pop()
            elif target in open_:
                back.add((path[-1], target))
                circles.append([*path[path.index(target) :], target])
            elif not done[target]:
                path.append(target)
                open_.add(target)
                trail.append(iter(after[target]))
    return back, circles


def waves(count: int, edges: Sequence[Ends]) -> tuple[int, ...]:
    """Return per node the length of the longest path that ends there, in a graph without circles."""
    after: list[list[int]] = [[] for _ in range(count)]
    waits = [0] * count
    for source, target in edges:
        after[source].append(target)
        waits[target] += 1
    levels = [0] * count
    ready = [node for node in range(count) if not waits[node]]
    for node in ready:  # grows while it is read
        for target in after[node]:
            levels[target] = max(levels[target], levels[node] + 1)
            waits[target] -= 1
            if not waits[target]:
                ready.append(target)
    return tuple(levels)


def longest_path(levels: Sequence[int], edges: Sequence[Ends]) -> tuple[int, ...]:
    """Return the nodes of a longest path, the first one in the order of the nodes where there are several."""
    if not levels:
        return ()
    before: list[list[int]] = [[] for _ in levels]
    for source, target in edges:
        before[target].append(source)
    node = levels.index(max(levels))
    path = [node]
    while levels[node]:
        node = min(source for source in before[node] if levels[source] == levels[node] - 1)
        path.append(node)
    return tuple(reversed(path))
