"""Draw the graph of a job: a tree for the terminal, Mermaid for GitHub, SVG for everything else, JSON for programs.

It reads the map that `lakeflow synth` left, and draws what is there: what is odd about a job is said beside its
graph, and never an error. Exit status: 0 drawn, 2 nothing could be drawn.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from constructs_lib.errors import LakeflowError
from lakeflow.graph.document import document
from lakeflow.graph.mermaid import mermaid
from lakeflow.graph.model import TaskGraph
from lakeflow.graph.svg import svg
from lakeflow.graph.text import plain, spans
from lakeflow.stack_map import OUTPUT, JobEntry, StackMap

_FORMATS: dict[str, Callable[[TaskGraph, str], str]] = {
    "text": lambda graph, goal: plain(graph, subtitle=goal),
    "mermaid": lambda graph, _: mermaid(graph),
    "svg": lambda graph, goal: svg(graph, subtitle=goal),
    "json": lambda graph, _: json.dumps(document(graph), indent=2) + "\n",
}
_BY_SUFFIX = {".txt": "text", ".mmd": "mermaid", ".mermaid": "mermaid", ".svg": "svg", ".json": "json"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `lakeflow graph`."""
    parser.add_argument("job", metavar="JOB", help="key of the job, such as daily-sales")
    parser.add_argument("--env", required=True, metavar="ENV", help="stack that has the job, such as dev")
    parser.add_argument("--format", choices=tuple(_FORMATS), help="default: what the name of --output says, or text")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the graph there and not to the terminal")
    parser.add_argument("--folder", type=Path, default=OUTPUT, help="output of synth; default: cdktf.out")


def run(arguments: argparse.Namespace) -> int:
    """Draw the graph; raise LakeflowError where there is no such job, or the file cannot be written."""
    entry = StackMap.read(arguments.env, arguments.folder).job(arguments.job)
    graph = _graph(entry)
    output: Path | None = arguments.output
    form = arguments.format or _BY_SUFFIX.get(output.suffix.lower() if output else "", "text")
    if output is None and form == "text":
        _show(graph, entry.goal)
        return 0
    drawn = _FORMATS[form](graph, entry.goal)
    if output is None:
        sys.stdout.write(_encodable(drawn))
        return 0
    try:
        output.write_text(drawn, encoding="utf-8", newline="\n")
    except OSError as error:
        raise LakeflowError(f"cannot be written: {error.strerror}", place=str(output)) from None
    for oddity in graph.oddities:
        sys.stderr.write(f"note: {entry.key}: {_encodable(oddity)}\n")
    return 0


def _graph(entry: JobEntry) -> TaskGraph:
    return TaskGraph.of({"name": entry.name, **entry.resolved})


def _show(graph: TaskGraph, goal: str) -> None:
    """Print the tree: in colour and as wide as the terminal is, or plain into a file or pipe."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    if not console.is_terminal:
        sys.stdout.write(_encodable(plain(graph, subtitle=goal)))
        return
    for line in spans(graph, subtitle=goal, width=console.width):
        text = Text.assemble(*((_encodable(span.text), span.style) for span in line))
        console.print(text, no_wrap=True, overflow="ellipsis" if _encodable("…") == "…" else "crop")


def _encodable(text: str) -> str:
    """Return text with `?` for what standard output has no bytes for."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
