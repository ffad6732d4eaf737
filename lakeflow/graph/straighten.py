"""The last touch on a layout: edges that are almost level become level, where there is room for it."""

from collections.abc import Callable, Sequence

# A step of this many pixels or fewer looks like a mistake, a larger one like an edge that goes somewhere.
_ALMOST = 10.0


def straightened(
    layers: list[list[int]],
    below: Sequence[Sequence[int]],
    centres: Sequence[float],
    distance: Callable[[int, int], float],
) -> list[float]:
    """Return the centres with level edges kept level, almost level ones made so, and every distance kept."""
    moved = list(centres)
    block = {vertex: [vertex] for layer in layers for vertex in layer}
    beside = {
        vertex: (layer[index - 1] if index else None, layer[index + 1] if index + 1 < len(layer) else None)
        for layer in layers
        for index, vertex in enumerate(layer)
    }

    def join(one: list[int], other: list[int]) -> None:
        if one is not other:
            one += other
            block.update(dict.fromkeys(other, one))

    def fits(members: list[int], by: float) -> bool:
        together = set(members)
        for vertex in members:
            left, right = beside[vertex]
            place = moved[vertex] + by
            if left is not None and left not in together and place - moved[left] < distance(left, vertex):
                return False
            if right is not None and right not in together and moved[right] - place < distance(vertex, right):
                return False
        return True

    steps = [(abs(moved[w] - moved[v]), v, w) for v, others in enumerate(below) for w in others]
    for step, upper, lower in sorted(steps):
        if step > _ALMOST:
            break
        one, other = block[upper], block[lower]
        by = moved[lower] - moved[upper]
        # The smaller part moves, so that as little as possible changes.
        choices = [(one, by), (other, -by)] if len(one) <= len(other) else [(other, -by), (one, by)]
        for members, shift in choices:
            if not by or fits(members, shift):
                for vertex in members if by else ():
                    moved[vertex] += shift
                join(one, other)
                break
    return moved
