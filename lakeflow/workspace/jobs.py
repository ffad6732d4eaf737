"""The Jobs API without runs: https://docs.databricks.com/api/workspace/jobs."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from lakeflow.workspace.access import may_see
from lakeflow.workspace.exchange import Json, Request, Route, Routes, invalid
from lakeflow.workspace.fields import Fields, document, listed, text, whole
from lakeflow.workspace.job_checks import check
from lakeflow.workspace.job_fields import job_settings
from lakeflow.workspace.job_settings import SINCE_QUEUES, as_kept
from lakeflow.workspace.permissions import grants_at_creation
from lakeflow.workspace.state import State

PAGED = ("tasks", "job_clusters", "environments", "parameters")
PAGE = 100
_KEYS = {"tasks": "task_key", "job_clusters": "job_cluster_key"}
_CHANGE = Fields({"job_id": whole, "new_settings": document, "fields_to_remove": listed(text)})
_ONE = Fields({"job_id": whole})

Told = Callable[[Json, int], None]
"""Somebody who is told of a job's row and when it changed, in milliseconds since 1970."""


class Jobs:
    """create, get, list, reset, update and delete.

    `changed` is told of each job that was created or changed, after it was; `deleted` of each that will be, before.
    """

    def __init__(self, state: State, *, changed: Told | None = None, deleted: Told | None = None) -> None:
        self._state = state
        self._jobs = state.tables["jobs"]
        self._changed = changed or _nobody
        self._deleted = deleted or _nobody

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /jobs/create": Route("create a job, refused where Databricks refuses its settings", self._create),
            "GET /jobs/get": Route("read a job, a hundred of its tasks at a time", self._get),
            "GET /jobs/list": Route("list jobs, the newest first, or find them by name", self._list),
            "POST /jobs/reset": Route("replace all settings of a job", self._reset, _CHANGE),
            "POST /jobs/update": Route("change and remove settings of a job", self._update, _CHANGE),
            "POST /jobs/delete": Route("delete a job", self._delete, _ONE),
        }

    def create(self, settings: Json, *, caller: str = "", at: int = 0, version: tuple[int, int] = SINCE_QUEUES) -> int:
        """Add a job and return its id."""
        kept = as_kept(settings, version=version)
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
        grants = grants_at_creation("jobs", request)
        job_id = self.create(request.body, caller=request.caller, at=request.at, version=request.version)
        if grants:
            self._state.tables["permissions"][f"jobs/{job_id}"] = grants
        self._changed(self._job(job_id), request.at)
        return {"job_id": job_id}

    def _get(self, request: Request) -> Json:
        job = self._job(request.number("job_id"))
        page = paged(job["settings"], PAGED, request.count("page_token", 0))
        token = page.pop("next_page_token", None)
        answer = {**_head(job), "settings": page}
        # Before 2.2 there was no further page: such a client sees the first hundred.
        return {**answer, "next_page_token": token} if token and request.version >= SINCE_QUEUES else answer

    def _list(self, request: Request) -> Json:
        name, limit = request.query.get("name"), request.count("limit", 20)
        if not 1 <= limit <= PAGE:
            raise invalid(f"Invalid limit: {limit}. The limit must be between 1 and {PAGE}")
        # `offset` is the way of before 2.2, and still understood.
        offset = request.count("page_token", request.count("offset", 0))
        found = list(islice(self._matching(name, request), offset, offset + limit + 1))
        answer: Json = {"has_more": len(found) > limit}
        if found:
            expand = request.flag("expand_tasks")
            answer["jobs"] = [_listed(job, expand) for job in found[:limit]]
        if answer["has_more"]:
            answer["next_page_token"] = str(offset + limit)
        if offset:
            answer["prev_page_token"] = str(max(0, offset - limit))
        return answer

    def _matching(self, name: str | None, request: Request) -> Iterator[Json]:
        wanted = None if name is None else name.casefold()
        for job in reversed(self._jobs.values()):  # type: ignore[call-overload]  # of a dict, which can be reversed
            fits = wanted is None or job["settings"]["name"].casefold() == wanted
            if fits and may_see(self._state, job, request.user):
                yield job

    def _reset(self, request: Request) -> Json:
        job = self._job(request.number("job_id"))
        self._replace(job, request.block("new_settings"), request)
        return {}

    def _replace(self, job: Json, settings: Json, request: Request) -> None:
        kept = as_kept(settings, version=request.version)
        check(kept)
        # Whom a job runs as is not read back, and outlives a reset that does not say it.
        job["run_as"] = kept.pop("run_as", None) or job["run_as"]
        job["settings"] = kept
        self._changed(job, request.at)

    def _update(self, request: Request) -> Json:
        job = self._job(request.number("job_id"))
        settings = dict(job["settings"])
        for name, value in _partly(request.block("new_settings")).items():
            settings[name] = _merged(settings.get(name, []), value, _KEYS[name]) if name in _KEYS else value
        for path in request.body.get("fields_to_remove", []):
            name, _, key = path.partition("/")
            if key and name in _KEYS:
                settings[name] = [entry for entry in settings.get(name, []) if entry[_KEYS[name]] != key]
            else:
                settings.pop(name, None)
        self._replace(job, settings, request)
        return {}

    def _delete(self, request: Request) -> Json:
        job = self._job(request.number("job_id"))
        self._deleted(job, request.at)
        del self._jobs[str(job["job_id"])]
        self._state.tables["permissions"].pop(f"jobs/{job['job_id']}", None)
        return {}


def paged(document: Json, arrays: tuple[str, ...], offset: int) -> Json:
    """Return the page of a document whose long arrays come in pieces of 100, with the token of the next page."""
    page = {**document, **{key: document[key][offset : offset + PAGE] for key in arrays if key in document}}
    if any(len(document.get(key, [])) > offset + PAGE for key in arrays):
        page["next_page_token"] = str(offset + PAGE)
    return page


def _nobody(job: Json, at: int) -> None:
    """Tell nobody."""


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


def _partly(settings: Json) -> Json:
    """Return settings of an update by their kinds; none of them has to be there."""
    return job_settings()(settings, "new_settings")


def _merged(old: list[Json], new: list[Any], key: str) -> list[Json]:
    by_key = {entry[key]: entry for entry in old} | {entry.get(key): entry for entry in new}
    return list(by_key.values())
