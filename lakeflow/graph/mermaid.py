"""A graph as Mermaid, the diagram language that GitHub shows in Markdown (https://mermaid.js.org/syntax/flowchart.html).

Every name is somebody else's text: only letters, digits and a few signs stand for themselves, all else is a
character code.
"""

import re
from collections.abc import Iterator, Mapping

from constructs_lib.errors import LakeflowError
from lakeflow.graph.letters import printable, shortened
from lakeflow.graph.marks import Mark, Tone
from lakeflow.graph.model import Edge, TaskGraph
from lakeflow.graph.node import TaskNode

# Above either of these Mermaid draws an error and nothing else (`maxEdges`, `maxTextSize`).
MOST_EDGES, MOST_CHARACTERS = 500, 50_000
_LONGEST = 72
_PLAIN = frozenset(" ,./()=+-_:…→\N{EN DASH}\N{MULTIPLICATION SIGN}")
# What Markdown takes for a list, for emphasis or for a link, and a colon that Mermaid takes for that of a `style`.
_MARKUP = re.compile(r"^[-+](?= )|(?<=\d)[.)](?= )|(?<![^\W_])_|_(?![^\W_])|(?<=[wW])\.|/(?=/)|:(?! )")
# What Mermaid reads only after it has put the characters back: formulas, icons, its own codes. A joiner parts them.
_LATE = re.compile(r"(?<=\$)(?=\$)|(?<=:)(?=fa-)|(?<=ﬂ)(?=°)")
_TONES = {
    Tone.GOOD: "fill:#d2f5da,stroke:#2da44e,color:#116329",
    Tone.BAD: "fill:#ffe2e0,stroke:#cf222e,color:#a40e26",
    Tone.WARN: "fill:#fff1c2,stroke:#bf8700,color:#7d4e00",
    Tone.INFO: "fill:#ddf4ff,stroke:#0969da,color:#0550ae",
    Tone.MUTED: "fill:#eaeef2,stroke:#8b949e,color:#59636e",
}
_DASHED = "stroke-dasharray:4 4"


def mermaid(
    graph: TaskGraph,
    *,
    marks: Mapping[str, Mark] | None = None,
    edge_marks: Mapping[tuple[str, str], Mark] | None = None,
) -> str:
    """Return the flowchart of a graph; `marks` are by task key, `edge_marks` by the keys of both ends.

    Raises `LakeflowError` where the graph is larger than Mermaid draws.
    """
    text = "".join(f"{line}\n" for line in _lines(graph, marks or {}, edge_marks or {}))
    if len(graph.edges) > MOST_EDGES or len(text) > MOST_CHARACTERS:
        raise LakeflowError(
            f"the graph of {printable(graph.name) or 'the job'} has {len(graph.edges)} edges and {len(text)} characters"
            f" of Mermaid, which draws at most {MOST_EDGES} and {MOST_CHARACTERS}",
            fix="use the format svg or text",
        )
    return text


def escaped(text: str, most: int = _LONGEST) -> str:
    """Return text that Mermaid shows as exactly `text`, on one line of at most `most` columns."""
    shown = _LATE.sub("\N{ZERO WIDTH NON-JOINER}", shortened(printable(text), most))
    marked = {match.start() for match in _MARKUP.finditer(shown)}
    return "".join(
        letter if (letter.isalnum() or letter in _PLAIN) and place not in marked else f"#{ord(letter)};"
        for place, letter in enumerate(shown)
    )


def _lines(graph: TaskGraph, marks: Mapping[str, Mark], edge_marks: Mapping[tuple[str, str], Mark]) -> Iterator[str]:
    yield "flowchart LR"
    for oddity in graph.oddities:
        yield f"  %% {escaped(oddity, 200)}"
    classes: dict[str, list[str]] = {}
    for place, node in enumerate(graph.nodes):
        yield _node(node, f"n{place}", marks, classes)
    for edge in graph.edges:
        yield _edge(edge)
    for look, names in classes.items():
        rule = _TONES[Tone(look)] if look in set(Tone) else _DASHED
        yield f"  classDef {look} {rule}"
        yield f"  class {','.join(names)} {look}"
    for number, edge in enumerate(graph.edges):
        mark = edge_marks.get((graph.nodes[edge.source].key, graph.nodes[edge.target].key))
        if mark:
            stroke = _TONES[mark.tone].split(",")[1]
            yield f"  linkStyle {number} {stroke}"


def _node(node: TaskNode, name: str, marks: Mapping[str, Mark], classes: dict[str, list[str]]) -> str:
    mark = marks.get(node.key)
    looks = [mark.tone.value] if mark else []
    looks += ["dashed"] if node.missing or node.disabled else []
    for look in looks:
        classes.setdefault(look, []).append(name)
    lines = list(_said(node, mark))
    if node.loop and node.loop.task:
        # One box with two walls: Mermaid lays a subgraph's title of several lines over what is inside it.
        lines += _said(node.loop.task, marks.get(node.loop.task.key))
    before, after = ("[[", "]]") if node.loop else ("{", "}") if node.is_condition else ("(", ")")
    return f'  {name}{before}"{"<br/>".join(lines)}"{after}'


def _said(node: TaskNode, mark: Mark | None) -> Iterator[str]:
    yield f"<b>{escaped(node.label)}</b>"
    # A diamond says `if` by itself.
    yield escaped(node.title if node.is_condition else f"{node.kind.label} {node.title}".strip())
    facts = [
        node.loop.pace if node.loop else "",
        node.compute.label if node.compute else "",
        f"run_if {node.run_if}" if node.waits_specially else "",
        "disabled" if node.disabled else "",
    ]
    if any(facts):
        yield " · ".join(escaped(fact) for fact in facts if fact)
    if mark:
        yield f"<i>{escaped(f'{mark.sign} {mark.label}'.strip())}</i>"


def _edge(edge: Edge) -> str:
    arrow = "-.->" if edge.closes_cycle else "-->"
    label = "cycle" if edge.closes_cycle else edge.label
    return f"  n{edge.source} {arrow}" + (f'|"{escaped(label)}"|' if label else "") + f" n{edge.target}"
