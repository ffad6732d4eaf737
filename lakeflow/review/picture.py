"""The graph of a job before and after a plan in one picture, with a mark on what is new, gone or changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lakeflow.graph.marks import ADDED, CHANGED, REMOVED, Mark
from lakeflow.graph.model import TaskGraph
from lakeflow.review.jobs import JobChange

MOST_TASKS = 60
"""Larger graphs are told in a table."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A graph and its marks, by task key and by the keys of both ends of an edge."""

    graph: TaskGraph
    marks: Mapping[str, Mark]
    edge_marks: Mapping[tuple[str, str], Mark]
    after: TaskGraph
    """The graph after the plan only, without what is gone."""

    @property
    def is_small(self) -> bool:
        """Whether it can be taken in at a glance."""
        return len(self.graph.nodes) <= MOST_TASKS

    def around(self) -> "Picture":
        """Return what is marked, with its neighbours only."""
        nodes, edges = self.graph.nodes, self.graph.edges
        marked = {place for place, node in enumerate(nodes) if node.key in self.marks}
        ends = [(edge, {edge.source, edge.target}) for edge in edges]
        marked |= {
            place
            for edge, both in ends
            if (nodes[edge.source].key, nodes[edge.target].key) in self.edge_marks
            for place in both
        }
        kept = sorted(marked.union(*(both for _, both in ends if both & marked)))
        places = {old: new for new, old in enumerate(kept)}
        graph = TaskGraph(
            name=self.graph.name,
            nodes=tuple(nodes[place] for place in kept),
            edges=tuple(
                replace(edge, source=places[edge.source], target=places[edge.target])
                for edge, both in ends
                if both <= places.keys()
            ),
        )
        return Picture(graph, self.marks, self.edge_marks, self.after)


def picture(job: JobChange, changed: Iterable[str]) -> Picture | None:
    """Return the picture of a job with its changed tasks marked; None for one that has no tasks to draw."""
    before, after = job.graphs
    if before is None or after is None:
        only = after or before
        return Picture(only, {}, {}, only) if only and only.nodes else None
    merged = TaskGraph.merged(before, after)
    old, new = ({node.key for node in graph.nodes if not node.missing} for graph in (before, after))
    marks = {key: CHANGED for key in changed if key in old & new}
    marks.update(dict.fromkeys(new - old, ADDED) | dict.fromkeys(old - new, REMOVED))
    one, other = _edges(before), _edges(after)
    edge_marks = {ends: ADDED for ends in other if ends not in one} | dict.fromkeys(one - other, REMOVED)
    return Picture(merged, marks, edge_marks, after)


def _edges(graph: TaskGraph) -> set[tuple[str, str]]:
    return {(graph.nodes[edge.source].key, graph.nodes[edge.target].key) for edge in graph.edges}
