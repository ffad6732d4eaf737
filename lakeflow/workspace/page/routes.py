"""Which page is at which path."""

from collections.abc import Mapping

from lakeflow.workspace.page.every_run import every_run
from lakeflow.workspace.page.home import home
from lakeflow.workspace.page.job import job
from lakeflow.workspace.page.reading import Workspace
from lakeflow.workspace.page.run import run
from lakeflow.workspace.page.shell import missing
from lakeflow.workspace.page.things import listing
from lakeflow.workspace.page.words import text
from lakeflow.workspace.state import State


def answered(state: State, path: str, query: Mapping[str, str], now: int) -> tuple[int, str]:
    """Return the status and the page."""
    workspace = Workspace(state, now)
    found = _found(workspace, path.strip("/").split("/"), query)
    if found is None:
        return 404, missing(f"No page is at {text(path, 200)} in this workspace.", now)
    return 200, found


def _found(workspace: Workspace, parts: list[str], query: Mapping[str, str]) -> str | None:
    match parts:
        case [""] | ["jobs"]:
            return home(workspace, query)
        case ["runs"]:
            return every_run(workspace, query)
        case ["things", of]:
            return listing(workspace, of, query)
        case ["jobs", job_id] if (its := workspace.jobs.get(_number(job_id))) is not None:
            return job(workspace, its, query)
        case ["jobs", job_id, "runs", run_id]:
            its_run = workspace.run(_number(job_id), _number(run_id))
            return None if its_run is None else run(workspace, its_run, query)
    return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else -1
