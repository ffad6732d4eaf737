"""A graph as JSON, for programs: the shape below is stable, and grows only by new fields.

    {"format": 1, "name": "[dev] daily-sales",
     "tasks": [{"id": "n0", "task_key": "ingest", "type": "notebook_task", "label": "notebook",
                "runs": "/jobs/ingest.py", "compute": {"kind": "job_cluster", "name": "etl"},
                "run_if": "ALL_SUCCESS", "disabled": false, "missing": false, "level": 0}],
     "edges": [{"source": "n0", "target": "n1", "outcomes": ["true"], "closes_cycle": false}],
     "levels": [["n0"], ["n1"]], "longest_path": ["n0", "n1"], "oddities": []}

A for-each task has `loop` with `concurrency` (a string; null where Databricks chooses) and `task`, of the same shape
without `id` and `level`. `compute` is null for a task that needs none; `missing` is a task that is depended on and not
there. A level holds the tasks that can start once all levels before it have ended.
"""

from typing import Any

from lakeflow.graph.model import TaskGraph
from lakeflow.graph.node import TaskNode


def document(graph: TaskGraph) -> dict[str, Any]:
    """Return a graph as plain data."""
    levels: list[list[str]] = [[] for _ in range(max(graph.levels, default=-1) + 1)]
    for place, level in enumerate(graph.levels):
        levels[level].append(f"n{place}")
    return {
        "format": 1,
        "name": graph.name,
        "tasks": [
            {"id": f"n{place}", **_task(node), "level": level}
            for place, (node, level) in enumerate(zip(graph.nodes, graph.levels, strict=True))
        ],
        "edges": [
            {
                "source": f"n{edge.source}",
                "target": f"n{edge.target}",
                "outcomes": list(edge.outcomes),
                "closes_cycle": edge.closes_cycle,
            }
            for edge in graph.edges
        ],
        "levels": levels,
        "longest_path": [f"n{place}" for place in graph.longest],
        "oddities": list(graph.oddities),
    }


def _task(node: TaskNode) -> dict[str, Any]:
    compute = {"kind": node.compute.kind.value, "name": node.compute.name} if node.compute else None
    task: dict[str, Any] = {
        "task_key": node.key,
        "type": node.kind.block or None,
        "label": node.kind.label,
        "runs": node.runs,
        "compute": compute,
        "run_if": node.run_if,
        "disabled": node.disabled,
        "missing": node.missing,
    }
    if node.loop:
        inner = _task(node.loop.task) if node.loop.task else None
        task["loop"] = {"concurrency": node.loop.concurrency or None, "task": inner}
    return task
