"""The runs of the Jobs API, read: https://docs.databricks.com/api/workspace/jobs/listruns.

As in the service, lists have pages of at most 24 runs, and long arrays pages of 100.
"""

from collections.abc import Callable
from html import escape

from lakeflow.workspace.access import may_see
from lakeflow.workspace.exchange import Json, Request, Route, Routes, invalid
from lakeflow.workspace.jobs import paged
from lakeflow.workspace.runs.finding import Found, Kept, goes_on
from lakeflow.workspace.runs.tasks import BESIDE
from lakeflow.workspace.state import State

MOST = 24
"""Runs on a page."""
_ARRAYS = ("tasks", "job_clusters", "job_parameters", "repair_history", "iterations")
_ONLY_ASKED = ("tasks", "job_clusters")
_SEVERAL = (
    "Retrieving the output of runs with multiple tasks is not supported. "
    "Please retrieve the output of each individual task run instead."
)


class Listing:
    """list, get, get-output and export."""

    def __init__(self, state: State, kept: Kept) -> None:
        self._state, self._kept = state, kept

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "GET /jobs/runs/list": Route("list runs of the last 60 days, the newest first", self._list),
            "GET /jobs/runs/get": Route("read a run, or the run of one task with its iterations", self._get),
            "GET /jobs/runs/get-output": Route("tell what a task left behind, and why it failed", self._output),
            "GET /jobs/runs/export": Route("export the notebooks of a run, without their code", self._export),
        }

    def _list(self, request: Request) -> Json:
        limit = request.count("limit", 20) or MOST
        if limit > MOST:
            raise invalid(f"Invalid limit: {limit}. The limit must be greater than 0 and less than {MOST + 1}")
        offset = request.count("page_token", 0)
        asked_for = self._asked_for(request)
        matching = sorted(
            (run for run in self._kept.runs(request.at) if asked_for(run) and self._sees(run, request)),
            key=lambda run: (-run["start_time"], run["run_id"]),
        )
        shown = matching[offset : offset + limit]
        expand = request.flag("expand_tasks")
        answer: Json = {"has_more": len(matching) > offset + limit}
        if shown:
            answer["runs"] = [_listed(run, expand, request) for run in shown]
        if answer["has_more"]:
            answer["next_page_token"] = str(offset + limit)
        if offset:
            answer["prev_page_token"] = str(max(0, offset - limit))
        return answer

    def _asked_for(self, request: Request) -> Callable[[Json], bool]:
        """Return what says whether a run is asked for."""
        kind = request.query.get("run_type")
        active, completed = request.flag("active_only"), request.flag("completed_only")
        if active and completed:
            raise invalid("active_only and completed_only cannot both be true.")
        job_id = self._job_id(request)
        since, until = request.count("start_time_from", 0), request.count("start_time_to", 0)
        return lambda run: (
            (job_id is None or run["job_id"] == job_id)
            and (kind is None or run["run_type"] == kind)
            and run["start_time"] >= since
            and (not until or run["start_time"] <= until)
            and (not active or goes_on(run))
            and not (completed and goes_on(run))
        )

    def _sees(self, run: Json, request: Request) -> bool:
        mine = request.user.admin or run["creator_user_name"] == request.caller
        return mine or may_see(self._state, run, request.user)

    def _job_id(self, request: Request) -> int | None:
        return request.number("job_id") if "job_id" in request.query else None

    def _get(self, request: Request) -> Json:
        found, offset = self._kept.found(request), request.count("page_token", 0)
        resolved = request.flag("include_resolved_values")
        if found.task is not None:
            return paged(_of_task(found, found.task, request, resolved=resolved), _ARRAYS, offset)
        hidden = frozenset() if request.flag("include_history") else frozenset({"repair_history"})
        return paged(_shown(found.run, request, hidden=hidden, resolved=resolved), _ARRAYS, offset)

    def _output(self, request: Request) -> Json:
        found = self._kept.found(request)
        if found.task is None and len({task["task_key"] for task in found.run["tasks"]}) != 1:
            raise invalid(_SEVERAL)
        # Of several attempts at the only task the last one counts.
        task = found.task or found.run["tasks"][-1]
        return {**task.get("output", {}), "metadata": _of_task(found, task, request)}

    def _export(self, request: Request) -> Json:
        found = self._kept.found(request)
        views = request.query.get("views_to_export") or "CODE"
        if views not in {"CODE", "DASHBOARDS", "ALL"}:
            raise invalid(f"Invalid views_to_export: {views}")
        tasks = [found.task] if found.task else found.run["tasks"]
        notebooks = [task["notebook_task"]["notebook_path"] for task in tasks if "notebook_task" in task]
        if not notebooks:
            raise invalid("Only runs of notebooks can be exported.")
        shown = notebooks if views != "DASHBOARDS" else []
        return {
            "views": [
                {"type": "NOTEBOOK", "name": path, "content": f"<!DOCTYPE html><title>{escape(path)}</title>"}
                for path in dict.fromkeys(shown)
            ]
        }


def _of_task(found: Found, task: Json, request: Request, *, resolved: bool = False) -> Json:
    """Return the run of a task as a run of its own; of a loop, with its iterations."""
    run = found.run
    shown = _task(task, request, resolved=resolved)
    said: Json = {
        **shown,
        "job_id": run["job_id"],
        "job_run_id": run["run_id"],
        "run_name": run["run_name"],
        "run_type": run["run_type"],
        "creator_user_name": run["creator_user_name"],
        "number_in_job": task["run_id"],
        "original_attempt_run_id": _first_attempt(run, task),
        "tasks": [shown],
    }
    if "iterations" in task:
        said["iterations"] = [_task(each, request, resolved=resolved) for each in task["iterations"]]
    return said


def _first_attempt(run: Json, task: Json) -> int:
    """Return the first of the attempts that led to one: those of the same task before it, back to number 0."""
    first: int = task["run_id"]
    for each in run["tasks"]:
        if each["task_key"] == task["task_key"]:
            first = each["run_id"] if not each.get("attempt_number") else first
            if each["run_id"] == task["run_id"]:
                break
    return first


def _shown(run: Json, request: Request, *, hidden: frozenset[str], resolved: bool = False) -> Json:
    shown = {name: value for name, value in run.items() if name not in hidden}
    if "tasks" in shown:
        shown["tasks"] = [_task(task, request, resolved=resolved) for task in run["tasks"]]
    return _located(shown, request)


def _task(task: Json, request: Request, *, resolved: bool = False) -> Json:
    beside = set(BESIDE) - ({"resolved_values"} if resolved else set())
    return _located({name: value for name, value in task.items() if name not in beside}, request)


def _located(shown: Json, request: Request) -> Json:
    """Put the address under which the workspace was asked before that of a page."""
    page = shown.get("run_page_url", "")
    if page.startswith("/"):
        shown["run_page_url"] = f"http://{request.headers.get('host', 'localhost')}{page}"
    return shown


def _listed(run: Json, expand: bool, request: Request) -> Json:
    hidden = frozenset({"repair_history"} if expand else {"repair_history", *_ONLY_ASKED})
    page = paged(_shown(run, request, hidden=hidden), _ONLY_ASKED, 0)
    has_more = page.pop("next_page_token", None) is not None
    return {**page, "has_more": True} if has_more else page
