"""A graph as a tree for a terminal: each task stands once, under the first task that it waits for.

Where a task is met again, a line `↳ see …` refers to it; where the tree would grow too deep, a branch goes on below.
"""

import sys
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lakeflow.graph.compute import Compute
from lakeflow.graph.letters import columns, printable, shortened
from lakeflow.graph.marks import Mark, Tone
from lakeflow.graph.model import Edge, TaskGraph
from lakeflow.graph.node import TaskNode

_DEEPEST, _WIDEST_NAME, _MOST_WAITS = 12, 60, 3
# Facts stand in one column, unless a few long names would push it off the screen.
_WIDEST_TREE = 44
# How each kind of text looks, in the words of rich; a terminal without colour loses nothing but colour.
_TONES = {Tone.GOOD: "green", Tone.BAD: "red", Tone.WARN: "yellow", Tone.INFO: "cyan", Tone.MUTED: "dim"}
_FAINT, _KEY, _OUTCOME, _COMPUTE, _WAIT, _ODD = "dim", "bold", "magenta", "cyan", "yellow", "yellow"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line and how it looks."""

    text: str
    style: str = ""


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A task in the tree: its branch and name, what is said of it, and the branch that goes on below its name."""

    branch: Spans
    facts: Spans = ()
    under: str = ""

    @property
    def reach(self) -> int:
        return sum(columns(span.text) for span in self.branch)


def plain(graph: TaskGraph, *, marks: Mapping[str, Mark] | None = None, subtitle: str = "") -> str:
    """Return the tree as text without colour; `marks` are by task key."""
    lines = ("".join(span.text for span in line) for line in spans(graph, marks=marks, subtitle=subtitle))
    return "".join(f"{line.rstrip()}\n" for line in lines)


def spans(
    graph: TaskGraph, *, marks: Mapping[str, Mark] | None = None, subtitle: str = "", width: int | None = None
) -> Iterator[Spans]:
    """Yield the lines of the tree in pieces, each with its style in the words of rich.

    `width` is how many columns there are: what is said of a task goes on in the next line where they do not suffice.
    """
    yield Span(printable(graph.name) or "job", _KEY), Span(f"  {graph.counted}", _FAINT)
    if subtitle:
        yield (Span(printable(subtitle)),)
    lines = list(_Tree(graph, marks or {}).lines())
    if lines:
        yield ()
    margin = 2 + max((line.reach for line in lines if line.facts and line.reach <= _WIDEST_TREE), default=0)
    for line in lines:
        yield from _folded(line, margin, width or sys.maxsize)
    yield from _clusters(graph)
    if graph.oddities:
        yield ()
    for oddity in graph.oddities:
        yield (Span(f"! {shortened(printable(oddity), 200)}", _ODD),)


def _folded(line: _Line, margin: int, width: int) -> Iterator[Spans]:
    row, used, empty = list(line.branch), line.reach, True
    for fact in line.facts:
        if not empty and used + 3 + columns(fact.text) > width:
            yield tuple(row)
            row, used, empty = [Span(line.under, _FAINT)], columns(line.under), True
        lead = Span(" " * max(2, margin - used)) if empty else Span(" · ", _FAINT)
        row += [lead, fact]
        used += len(lead.text) + columns(fact.text)
        empty = False
    yield tuple(row)


def _clusters(graph: TaskGraph) -> Iterator[Spans]:
    """Yield a line for each job cluster that tasks share: its size, and how many tasks run on it."""
    used = Counter(node.compute for node in graph.every if node.compute)
    shown = [(cluster, used[cluster]) for cluster in graph.clusters if cluster.size and used[cluster]]
    if shown:
        yield ()
    for cluster, count in shown:
        size = Span(f"  {printable(cluster.size)}")
        yield Span(printable(cluster.name), _COMPUTE), size, Span(f" · {count} task{'' if count == 1 else 's'}", _FAINT)


@dataclass(frozen=True, slots=True)
class _Twig:
    """What hangs on a task, to be drawn: the task that a loop repeats, or an edge to another one."""

    hangs: TaskNode | Edge
    indent: str
    last: bool
    depth: int

    @property
    def guide(self) -> Span:
        return Span(self.indent + ("└─ " if self.last else "├─ "), _FAINT)

    @property
    def below(self) -> str:
        return self.indent + ("   " if self.last else "│  ")


@dataclass(slots=True)
class _Tree:
    graph: TaskGraph
    marks: Mapping[str, Mark]
    seen: set[int] = field(default_factory=set)
    later: deque[int] = field(default_factory=deque)

    def lines(self) -> Iterator[_Line]:
        for place, level in enumerate(self.graph.levels):
            if not level:
                self.later.append(place)
            while self.later:
                yield from self._from(self.later.popleft())

    def _from(self, root: int) -> Iterator[_Line]:
        # Over a stack of its own: a chain of tasks may be longer than Python is deep.
        self.seen.add(root)
        nodes = self.graph.nodes
        stack = self._twigs(root, "", 1)
        yield _Line(self._named(nodes[root]), self._facts(root, always_waits=True), "│" if stack else "")
        while stack:
            twig = stack.pop()
            edge = twig.hangs
            if isinstance(edge, TaskNode):
                yield _Line((twig.guide, Span("each → ", _OUTCOME), *self._named(edge)), self._said(edge), twig.below)
                continue
            node, seen = nodes[edge.target], edge.target in self.seen
            branch = (twig.guide, *((Span(f"{printable(edge.label)} → ", _OUTCOME),) if edge.label else ()))
            self.seen.add(edge.target)
            if edge.closes_cycle:
                yield _Line((*branch, Span(f"↻ back to {_name(node)}", _ODD)))
            elif seen:
                yield _Line((*branch, Span(f"↳ see {_name(node)}", _FAINT)))
            elif twig.depth > _DEEPEST and self.graph.after[edge.target]:
                self.later.append(edge.target)
                yield _Line((*branch, Span(f"↳ see {_name(node)} below", _FAINT)))
            else:
                twigs = self._twigs(edge.target, twig.below, twig.depth + 1)
                under = twig.below + ("│" if twigs else "")
                yield _Line((*branch, *self._named(node)), self._facts(edge.target), under)
                stack += twigs

    def _twigs(self, place: int, indent: str, depth: int) -> list[_Twig]:
        """Return what hangs on a task, the first at the end."""
        loop = self.graph.nodes[place].loop
        hangs: list[TaskNode | Edge] = [*([loop.task] if loop and loop.task else []), *self.graph.after[place]]
        return [_Twig(hung, indent, hung is hangs[-1], depth) for hung in reversed(hangs)]

    def _named(self, node: TaskNode) -> Spans:
        mark = self.marks.get(node.key)
        if not mark:
            return (Span(_name(node), _KEY),)
        return Span(f"{printable(mark.sign)} ", _TONES[mark.tone]), Span(_name(node), f"{_KEY} {_TONES[mark.tone]}")

    def _facts(self, place: int, *, always_waits: bool = False) -> Spans:
        before = self.graph.before[place]
        if not before or (len(before) == 1 and not always_waits):
            return self._said(self.graph.nodes[place])
        names = [_name(self.graph.nodes[edge.source]) for edge in before]
        waits = ", ".join(names) if len(names) <= _MOST_WAITS else f"{len(names)} tasks"
        return self._said(self.graph.nodes[place], Span(f"after {waits}", _FAINT))

    def _said(self, node: TaskNode, *waits: Span) -> Spans:
        mark = self.marks.get(node.key)
        title = shortened(printable(node.title), _WIDEST_NAME)
        facts = (
            Span(printable(f"{mark.label}: {mark.note}" if mark.note else mark.label), _TONES[mark.tone])
            if mark
            else None,
            Span(f"{node.kind.label} {title}".strip(), _ODD if node.missing else ""),
            Span(printable(node.loop.pace)) if node.loop and node.loop.pace else None,
            Span(printable(_compute(node.compute)), _COMPUTE) if node.compute else None,
            Span("disabled", _WAIT) if node.disabled else None,
            Span(f"run_if {shortened(printable(node.run_if), _WIDEST_NAME)}", _WAIT) if node.waits_specially else None,
            *waits,
        )
        return tuple(fact for fact in facts if fact)


def _compute(compute: Compute) -> str:
    # The sizes of clusters that tasks share stand below the tree.
    return compute.label if compute.is_shared else compute.described


def _name(node: TaskNode) -> str:
    return shortened(printable(node.label), _WIDEST_NAME)
