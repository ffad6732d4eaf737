"""The Jobs API without runs: https://docs.databricks.com/api/workspace/jobs."""

from typing import Any

from lakeflow.workspace.exchange import Json, Request, Routes, invalid
from lakeflow.workspace.job_checks import check
from lakeflow.workspace.job_settings import as_kept
from lakeflow.workspace.permissions import given_at_creation
from lakeflow.workspace.state import State

PAGED = ("tasks", "job_clusters", "environments", "parameters")
PAGE = 100
_KEYS = {"tasks": "task_key", "job_clusters": "job_cluster_key"}


class Jobs:
    """create, get, list, reset, update and delete."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._jobs = state.tables["jobs"]

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /jobs/create": self._create,
            "GET /jobs/get": self._get,
            "GET /jobs/list": self._list,
            "POST /jobs/reset": self._reset,
            "POST /jobs/update": self._update,
            "POST /jobs/delete": self._delete,
        }

    def create(self, settings: Json, *, caller: str = "", at: int = 0) -> int:
        """Add a job and return its id."""
        kept = as_kept(settings)
        check(kept)
        run_as = kept.pop("run_as", None)
        job_id = self._state.next_number()
        self._jobs[str(job_id)] = {
            "job_id": job_id,
            "creator_user_name": caller,
            "created_time": at,
            "run_as": run_as or {"user_name": caller},
            "settings": kept,
        }
        return job_id

    def settings(self, job_id: int) -> Json:
        """Return the settings of a job, or refuse as the service does."""
        settings: Json = self._job(job_id)["settings"]
        return settings

    def _job(self, job_id: int) -> Json:
        if str(job_id) not in self._jobs:
            raise invalid(f"Job {job_id} does not exist.")
        job: Json = self._jobs[str(job_id)]
        return job

    def _create(self, request: Request) -> Json:
        job_id = self.create(request.body, caller=request.caller, at=request.at)
        given_at_creation(self._state, "jobs", str(job_id), request)
        return {"job_id": job_id}

    def _get(self, request: Request) -> Json:
        job = self._job(request.number("job_id"))
        page = paged(job["settings"], PAGED, request.count("page_token", 0))
        token = page.pop("next_page_token", None)
        answer = {**_head(job), "settings": page}
        return {**answer, "next_page_token": token} if token else answer

    def _list(self, request: Request) -> Json:
        name, limit = request.query.get("name"), request.count("limit", 20)
        if not 1 <= limit <= PAGE:
            raise invalid(f"Invalid limit: {limit}. The limit must be between 1 and {PAGE}")
        offset = request.count("page_token", 0)
        matching = [
            job
            for job in reversed(list(self._jobs.values()))
            if name is None or job["settings"]["name"].casefold() == name.casefold()
        ]
        shown = matching[offset : offset + limit]
        has_more = len(matching) > offset + limit
        answer: Json = {"has_more": has_more}
        if shown:
            answer["jobs"] = [_listed(job, request.query.get("expand_tasks") == "true") for job in shown]
        return {**answer, "next_page_token": str(offset + limit)} if has_more else answer

    def _reset(self, request: Request) -> Json:
        job = self._job(request.number("job_id"))
        self._replace(job, request.block("new_settings"))
        return {}

    def _replace(self, job: Json, settings: Json) -> None:
        kept = as_kept(settings)
        check(kept)
        # Whom a job runs as is not read back, and outlives a reset that does not say it.
        job["run_as"] = kept.pop("run_as", None) or job["run_as"]
        job["settings"] = kept

    def _update(self, request: Request) -> Json:
        job = self._job(request.number("job_id"))
        settings = dict(job["settings"])
        for name, value in request.block("new_settings").items():
            settings[name] = _merged(settings.get(name, []), value, _KEYS[name]) if name in _KEYS else value
        for path in request.body.get("fields_to_remove") or []:
            name, _, key = str(path).partition("/")
            if key and name in _KEYS:
                settings[name] = [entry for entry in settings.get(name, []) if entry[_KEYS[name]] != key]
            else:
                settings.pop(name, None)
        self._replace(job, settings)
        return {}

    def _delete(self, request: Request) -> Json:
        job = self._job(request.number("job_id"))
        del self._jobs[str(job["job_id"])]
        self._state.tables["permissions"].pop(f"jobs/{job['job_id']}", None)
        return {}


def paged(document: Json, arrays: tuple[str, ...], offset: int) -> Json:
    """Return the page of a document whose long arrays come in pieces of 100, with the token of the next page."""
    page = {**document, **{key: document[key][offset : offset + PAGE] for key in arrays if key in document}}
    if any(len(document.get(key, [])) > offset + PAGE for key in arrays):
        page["next_page_token"] = str(offset + PAGE)
    return page


def _head(job: Json) -> Json:
    run_as = job["run_as"]
    return {
        "job_id": job["job_id"],
        "creator_user_name": job["creator_user_name"],
        "run_as_user_name": run_as.get("user_name") or run_as.get("service_principal_name"),
        "created_time": job["created_time"],
    }


def _listed(job: Json, with_tasks: bool) -> Json:
    settings = job["settings"] if with_tasks else {k: v for k, v in job["settings"].items() if k not in PAGED}
    page = paged(settings, PAGED, 0)
    has_more = page.pop("next_page_token", None) is not None
    return {**_head(job), "settings": page, **({"has_more": True} if has_more else {})}


def _merged(old: list[Json], new: Any, key: str) -> list[Json]:
    if not isinstance(new, list):
        raise invalid(f"{key}: expected a list")
    by_key = {entry[key]: entry for entry in old} | {entry.get(key): entry for entry in new}
    return list(by_key.values())
