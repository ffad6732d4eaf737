"""The run history of the Jobs API: https://docs.databricks.com/api/workspace/jobs/listruns.

The runs are those that the workspace keeps; nothing here starts one. As in the service, a run is forgotten after 60
days, lists have pages of at most 24 runs, and long arrays pages of 100.
"""

from collections.abc import Iterator

from lakeflow.workspace.exchange import Json, Request, Routes, invalid
from lakeflow.workspace.jobs import paged
from lakeflow.workspace.state import State

MOST = 24
"""Runs on a page."""
KEPT = 60 * 24 * 3600 * 1000
"""How long a run is kept, in milliseconds."""
_ARRAYS = ("tasks", "job_clusters", "job_parameters", "repair_history")
_ONLY_ASKED = ("tasks", "job_clusters")


class Runs:
    """list and get."""

    def __init__(self, state: State) -> None:
        self._jobs = state.tables["jobs"]
        self._runs = state.tables["runs"]

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {"GET /jobs/runs/list": self._list, "GET /jobs/runs/get": self._get}

    def _kept(self, request: Request) -> Iterator[Json]:
        return (run for run in self._runs.values() if run["start_time"] >= request.at - KEPT)

    def _list(self, request: Request) -> Json:
        limit = request.count("limit", 20) or MOST
        if limit > MOST:
            raise invalid(f"Invalid limit: {limit}. The limit must be greater than 0 and less than {MOST + 1}")
        offset = request.count("page_token", 0)
        matching = sorted(
            (run for run in self._kept(request) if self._asked_for(run, request)),
            key=lambda run: (-run["start_time"], run["run_id"]),
        )
        shown = matching[offset : offset + limit]
        expand = request.query.get("expand_tasks") == "true"
        answer: Json = {"has_more": len(matching) > offset + limit}
        if shown:
            answer["runs"] = [_listed(run, expand) for run in shown]
        if answer["has_more"]:
            answer["next_page_token"] = str(offset + limit)
        if offset:
            answer["prev_page_token"] = str(max(0, offset - limit))
        return answer

    def _asked_for(self, run: Json, request: Request) -> bool:
        query = request.query
        active, completed = query.get("active_only") == "true", query.get("completed_only") == "true"
        if active and completed:
            raise invalid("active_only and completed_only cannot both be true.")
        job_id = self._job_id(request)
        since, until = request.count("start_time_from", 0), request.count("start_time_to", 0)
        goes_on = run["status"]["state"] != "TERMINATED"
        return (
            job_id in {None, run["job_id"]}
            and (goes_on or not active)
            and not (goes_on and completed)
            and query.get("run_type") in {None, run["run_type"]}
            and run["start_time"] >= since
            and (not until or run["start_time"] <= until)
        )

    def _job_id(self, request: Request) -> int | None:
        return request.number("job_id") if "job_id" in request.query else None

    def _get(self, request: Request) -> Json:
        run_id, offset = request.number("run_id"), request.count("page_token", 0)
        for run in self._kept(request):
            if run["run_id"] == run_id:
                with_history = request.query.get("include_history") == "true"
                shown = {name: value for name, value in run.items() if with_history or name != "repair_history"}
                return paged(shown, _ARRAYS, offset)
            for task in run["tasks"]:
                if task["run_id"] == run_id:
                    return {**task, "job_id": run["job_id"], "job_run_id": run["run_id"], "tasks": [task]}
        raise invalid(f"Run {run_id} does not exist.")


def _listed(run: Json, expand: bool) -> Json:
    hidden = {"repair_history"} if expand else {"repair_history", *_ONLY_ASKED}
    page = paged({name: value for name, value in run.items() if name not in hidden}, _ONLY_ASKED, 0)
    has_more = page.pop("next_page_token", None) is not None
    return {**page, "has_more": True} if has_more else page
