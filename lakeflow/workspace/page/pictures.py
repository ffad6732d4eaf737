"""The graph of a run: the tasks of its job, each with how it ended."""

from dataclasses import replace

from lakeflow.graph.model import TaskGraph
from lakeflow.graph.svg import svg
from lakeflow.html.markup import Html, tag
from lakeflow.workspace.page.job import MOST_DRAWN
from lakeflow.workspace.page.looks import mark
from lakeflow.workspace.page.reading import Job
from lakeflow.workspace.page.runs import RunFacts
from lakeflow.workspace.page.shell import section
from lakeflow.workspace.page.words import text

_OF_RUN = ("task_key", "depends_on", "run_if")


def picture(found: RunFacts, job: Job | None) -> Html | None:
    """Return the graph; nothing for a run without tasks, or with more of them than a drawing shows."""
    if not 1 < len(found.tasks) <= MOST_DRAWN:
        return None
    known = {str(task.get("task_key")): task for task in job.tasks} if job else {}
    settings, marks = [], {}
    for key, attempts in found.tasks.items():
        entry = attempts[-1].entry
        # What a task is stands in its job; what it waited for is what the run says.
        settings.append({**known.get(key, entry), **{name: entry[name] for name in _OF_RUN if name in entry}})
        marks[key] = mark(attempts[-1].task.state, found.why(attempts[-1]))
    clusters = job.settings.get("job_clusters") if job else None
    graph = TaskGraph.of({"name": text(found.name, 120), "tasks": settings, "job_clusters": clusters or []})
    # A run of the past does not say of what type its tasks were: that is not odd.
    drawn = svg(replace(graph, oddities=()), marks=marks, heading=False, identity="run", styled=False)
    return section(
        "Graph", tag("div", Html(drawn), class_="graph", tabindex="0", role="region", aria_label="Graph of the run")
    )
