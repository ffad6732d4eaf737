"""The graph of a job: its tasks, what waits for what, and what is odd about it.

Any settings make a graph, right or wrong ones: what can be drawn is drawn, and the rest is said in `oddities`
(https://docs.databricks.com/aws/en/jobs/control-flow).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lakeflow.graph.compute import Compute, clusters_of
from lakeflow.graph.node import NAMELESS, TaskNode
from lakeflow.graph.reading import entries, raw, said
from lakeflow.graph.walk import closing, longest_path, waves


@dataclass(frozen=True, slots=True)
class Edge:
    """Task `target` waits for task `source`: both are places in `TaskGraph.nodes`.

    Where `outcomes` are given it waits for one of them. `closes_cycle` is a dependency that makes the job impossible:
    levels and layouts leave it aside.
    """

    source: int
    target: int
    outcomes: tuple[str, ...] = ()
    closes_cycle: bool = False

    @property
    def label(self) -> str:
        """The outcomes as a reader says them."""
        return " or ".join(self.outcomes)


@dataclass(frozen=True)
class TaskGraph:
    """The tasks of a job in the order of its settings, and the edges between them."""

    name: str
    nodes: tuple[TaskNode, ...]
    edges: tuple[Edge, ...]
    clusters: tuple[Compute, ...] = ()
    oddities: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "TaskGraph":
        """Return the graph of a job's settings: Terraform JSON (`task`) or the Jobs API's (`tasks`)."""
        odd: list[str] = []
        clusters = clusters_of(settings)
        tasks = [task for place, task in entries(settings, "task", "tasks") if _is_task(task, place, odd)]
        nodes = [TaskNode.of(task, clusters, odd.append) for task in tasks]
        counted = Counter(node.key for node in nodes)
        odd.extend(f"{count} tasks have the key {key or NAMELESS}" for key, count in counted.items() if count > 1)
        places = {node.key: place for place, node in reversed(list(enumerate(nodes)))}
        outcomes: dict[tuple[int, int], set[str]] = {}
        for target, task in enumerate(tasks):
            for key, outcome in _dependencies(task, nodes[target], odd):
                if key not in places:
                    places[key] = len(nodes)
                    nodes.append(TaskNode.absent(key))
                if nodes[places[key]].missing:
                    odd.append(f"{nodes[target].label} depends on {key or NAMELESS}, which is not in this job")
                if places[key] == target:
                    odd.append(f"{nodes[target].label} depends on itself")
                    continue
                wanted = outcomes.setdefault((places[key], target), set())
                if outcome:
                    wanted.add(outcome)
        for (source, target), wanted in outcomes.items():
            if wanted and not nodes[source].is_condition and not nodes[source].missing:
                odd.append(
                    f"{nodes[target].label} waits for an outcome of {nodes[source].label}, which is no condition"
                )
        if not tasks:
            odd.append("the job has no tasks")
        return cls._made(said(settings.get("name")), nodes, outcomes, tuple(clusters.values()), odd)

    @classmethod
    def merged(cls, before: "TaskGraph", after: "TaskGraph") -> "TaskGraph":
        """Return `after` with the tasks and edges that only `before` has, to show a change in one picture."""
        both = after.nodes + before.nodes
        # A task that is missing after the change and was there before it is drawn as what it was.
        real = {node.key: node for node in reversed(both) if not node.missing}
        repeated = [node for node in after.nodes if not node.missing and node is not real[node.key]]
        nodes = [*dict.fromkeys(real.get(node.key, node) for node in both), *repeated]
        places = {node.key: place for place, node in reversed(list(enumerate(nodes)))}
        outcomes: dict[tuple[int, int], set[str]] = {}
        for graph in (after, before):
            for edge in graph.edges:
                ends = places[graph.nodes[edge.source].key], places[graph.nodes[edge.target].key]
                outcomes.setdefault(ends, set(edge.outcomes))
        names = {cluster.name for cluster in after.clusters}
        clusters = after.clusters + tuple(cluster for cluster in before.clusters if cluster.name not in names)
        return cls._made(after.name or before.name, nodes, outcomes, clusters, after.oddities)

    @classmethod
    def _made(
        cls,
        name: str,
        nodes: Iterable[TaskNode],
        outcomes: Mapping[tuple[int, int], set[str]],
        clusters: tuple[Compute, ...],
        odd: Iterable[str],
    ) -> "TaskGraph":
        nodes = tuple(nodes)
        # True stands before false everywhere: it is the way that is usually taken.
        ranked = sorted(outcomes.items(), key=lambda item: (item[0][0], item[1] == {"false"}, item[0][1]))
        ordered = {ends: tuple(sorted(wanted, reverse=True)) for ends, wanted in ranked}
        back, cycles = closing(len(nodes), list(ordered))
        edges = tuple(Edge(*ends, wanted, ends in back) for ends, wanted in ordered.items())
        rings = (" → ".join(nodes[place].label for place in cycle) for cycle in cycles)
        oddities = dict.fromkeys([*odd, *(f"a cycle: {ring}" for ring in rings)])
        return cls(name, nodes, edges, clusters, tuple(oddities))

    @cached_property
    def levels(self) -> tuple[int, ...]:
        """Per node, how many tasks must end one after the other before it can start."""
        return waves(len(self.nodes), self._forward)

    @cached_property
    def longest(self) -> tuple[int, ...]:
        """The places of a longest chain of tasks that wait for each other."""
        return longest_path(self.levels, self._forward)

    @cached_property
    def after(self) -> tuple[tuple[Edge, ...], ...]:
        """Per node, the edges to the tasks that wait for it."""
        return self._grouped([edge.source for edge in self.edges])

    @cached_property
    def before(self) -> tuple[tuple[Edge, ...], ...]:
        """Per node, the edges from the tasks that it waits for."""
        return self._grouped([edge.target for edge in self.edges])

    @property
    def every(self) -> Iterator[TaskNode]:
        """Every task, those that loops repeat included."""
        for node in self.nodes:
            yield node
            if node.loop and node.loop.task:
                yield node.loop.task

    @property
    def counted(self) -> str:
        """How many tasks there are, in how many steps one after the other."""
        tasks, steps = sum(not node.missing for node in self.nodes), len(self.longest)
        return f"{tasks} task{'' if tasks == 1 else 's'}" + (f" in {steps} steps" if steps > 1 else "")

    @property
    def _forward(self) -> list[tuple[int, int]]:
        return [(edge.source, edge.target) for edge in self.edges if not edge.closes_cycle]

    def _grouped(self, ends: list[int]) -> tuple[tuple[Edge, ...], ...]:
        groups: list[list[Edge]] = [[] for _ in self.nodes]
        for edge, end in zip(self.edges, ends, strict=True):
            groups[end].append(edge)
        return tuple(map(tuple, groups))


def _is_task(task: object, place: int, odd: list[str]) -> bool:
    if not isinstance(task, Mapping):
        odd.append(f"task {place + 1} is not an object")
    return isinstance(task, Mapping)


def _dependencies(task: Mapping[str, Any], node: TaskNode, odd: list[str]) -> list[tuple[str, str]]:
    found = []
    for _, dependency in entries(task, "depends_on"):
        if isinstance(dependency, Mapping):
            found.append((raw(dependency.get("task_key")), raw(dependency.get("outcome"))))
        else:
            odd.append(f"{node.label} has a dependency that is not an object")
    odd.extend(f"{node.label} depends on {key} twice" for (key, _), count in Counter(found).items() if count > 1)
    return found
