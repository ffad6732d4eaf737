"""The runs of all jobs, the newest first, those that belong to no job too."""

from collections.abc import Mapping

from lakeflow.html.markup import Child, tag
from lakeflow.workspace.page import links
from lakeflow.workspace.page.looks import badge
from lakeflow.workspace.page.reading import Workspace
from lakeflow.workspace.page.runs import RunFacts
from lakeflow.workspace.page.shell import Column, Paged, header, page, section, table
from lakeflow.workspace.page.words import NOTHING, lasting, moment, name, sentence, started

SIZE = 60


def every_run(workspace: Workspace, query: Mapping[str, str]) -> str:
    """Return the page."""
    paged = Paged.of(workspace.every_run, query.get("page"), SIZE)
    columns = [Column("job"), Column("state"), Column("started"), Column("took", "n"), Column("by"), Column("why")]
    rows = [_row(workspace, run) for run in paged.shown]
    nothing = tag("p", "Nothing has run yet.", class_="faint")
    body = [
        header("Runs"),
        section(
            "All jobs",
            table("Runs of all jobs", columns, rows) if rows else nothing,
            paged.turning(links.RUNS, "run"),
            aside="the newest first",
        ),
    ]
    return page("Runs", body, now=workspace.now, crumbs=[("Workspace", links.HOME), ("Runs", None)])


def _row(workspace: Workspace, run: RunFacts) -> list[Child]:
    job = workspace.jobs.get(run.job_id)
    return [
        tag("a", name(job.name if job else run.name), href=links.run(run.job_id, run.run_id)),
        badge(run.state),
        moment(run.start),
        lasting(run.took(workspace.now)),
        started(run.trigger) or NOTHING,
        None if run.state.result == "SUCCESS" else sentence(run.reason),
    ]
